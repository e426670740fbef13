/** Canaries: the whole product works with them, an agent takes what it can find, and afterwards they are nowhere. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { until } from '../../engine/until.ts';
import { agentImage, installedAgents } from '../support/agents/container.ts';
import { docker } from '../support/docker.ts';
import { readEvents } from '../support/event-reader.ts';
import { endpointsAt } from '../support/gateway.ts';
import { passwordOf } from '../support/git-guards.ts';
import { startGitServer, type GitServer } from '../support/git-server.ts';
import { openInstallation, type Installation } from '../support/installation.ts';
import { startModelEndpoint, type ModelEndpoint } from '../support/model-endpoint/index.ts';
import { sendJson, startModelUpstream, type ModelUpstream } from '../support/model-upstream.ts';
import { endOfRun, eventsOfRun, startRun } from '../support/runs/owned-runs.ts';
import { startReceiver, type Receiver } from '../support/receiver.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { RunEvents } from '../../workflows/contract/run-events.ts';
import { base64, canaries, renewed, storeCanaries, type CanaryName } from './canaries.ts';
import { repositoryObjects } from './git-objects.ts';
import { readHistories } from './histories.ts';
import { answerContents, containerContents, homeContents, textContents } from './places.ts';
import { watchProcesses, type ProcessWatch, type Role } from './processes.ts';
import { findIn, whereIs, type Contents } from './search.ts';

const looter = path.join(import.meta.dirname, 'looter.ts');

/** Harmless, and found wherever something of a run is; so a place in which it is not was not searched. */
const marker = `marker-${Math.random().toString(36).slice(2, 12)}`;
const sessionId = `session-${marker}`;

describe('a credential that Pawl was given', () => {
  const cleanup = new AsyncDisposableStack();
  const seen: Record<string, { contents: Contents; control: string }> = {};
  const runIds: string[] = [];
  let git: GitServer;
  let model: ModelEndpoint;
  let tokens: ModelUpstream;
  let receiver: Receiver;
  let pawl: Installation;
  let watch: ProcessWatch;
  let repository: { url: string; credential: string };

  before(async () => {
    await agentImage();
    git = await startGitServer();
    cleanup.defer(() => git.close());
    model = cleanup.use(await startModelEndpoint());
    model.addScript('look', {
      steps: [{ do: [{ run: 'env; cat /proc/*/environ /proc/*/cmdline' }] }, { say: 'Seen.' }],
    });
    tokens = cleanup.use(await startModelUpstream());
    tokens.answer((_, response) => sendJson(response, 200, renewed));
    receiver = cleanup.use(await startReceiver());
    const files = { 'README.md': '# Private\n', 'looter.ts': readFileSync(looter, 'utf8') };
    const url = `http://127.0.0.1:${git.port}${await git.addRepository('private.git', files)}`;
    repository = { url, credential: 'repository' };
    pawl = cleanup.use(
      await openInstallation(`127.0.0.1:${git.port}`, {
        ...endpointsAt(model.url),
        ...{ ANTHROPIC_OAUTH_TOKEN_URL: `${tokens.url}/token`, AGENTS: installedAgents.join(',') },
        ...{ CALLBACK_INSECURE_HOSTS: '127.0.0.1', CALLBACK_PRIVATE_HOSTS: '127.0.0.1' },
        ...{ PAWL_SECRET_KEY: base64(canaries.secretKey), WORKER_ROLES: 'control-plane,runner', LOG_LEVEL: 'debug' },
      }),
    );
    watch = watchProcesses(pawl);
    git.guard = (request) => {
      // Now the git that asks is certain to be there.
      watch.look();
      const isKnown = [canaries.storedGitToken, canaries.ownGitToken].includes(passwordOf(request));
      return isKnown ? undefined : { status: 401, headers: { 'www-authenticate': 'Basic realm="git"' } };
    };
    await storeCanaries(pawl);
  });
  after(() => cleanup.disposeAsync());

  async function start(body: object): Promise<string> {
    const id = await startRun(pawl, body);
    runIds.push(id);
    return id;
  }

  /** Lets an agent take what it finds, and shows the container that it does so in before it may end. */
  async function loot(wish: string, look: (container: string, token: string) => Promise<void>): Promise<string> {
    const id = await start({
      ...{ prompt: `Take it, ${marker}`, agent: 'command', options: { command: ['node', 'looter.ts', wish] } },
      ...{ sessionId, repository, callback: { url: receiver.url } },
    });
    await until('it has looted', async () => JSON.stringify(await eventsOfRun(pawl, id)).includes('looted'));
    const container = await docker('ps', '--quiet', '--filter', `label=io.pawl.run=${id}`);
    try {
      await look(container, await readFile(path.join(pawl.home, 'gateway/doors', id, 'token'), 'utf8'));
    } finally {
      await docker('exec', container, 'touch', '/tmp/enough');
    }
    return id;
  }

  it('is not what an agent finds, and what it took with the token of its door is held back', async () => {
    const id = await loot('everything', async (container, token) => {
      seen['the container'] = { contents: await containerContents(container), control: runIds.at(-1)! };
      const taken = await docker('exec', container, 'sh', '-c', 'cat /work/repo/*/loot/*.txt');
      assert.ok(taken.includes(token), 'the agent has the token of its door');
      seen['what the agent found'] = { contents: textContents({ taken }), control: marker };
    });
    assert.equal((await endOfRun(pawl, id))['status'], 'completed');
    const failed = (await eventsOfRun(pawl, id)).find(({ type }) => type === 'publish.failed');
    const { code, reason } = failed?.data as RunEvents['publish.failed'];
    assert.equal(code, 'PublishRefused');
    assert.match(reason, /loot\/token\.txt: The file holds a credential of this run/);
    await assert.rejects(access(path.join(pawl.home, 'gateway/doors', id)), 'its door is gone');
  });

  it('is not in what is published, nor does the token of a run that has ended open the door of another', async () => {
    let ownToken = '';
    const id = await loot('the rest', async (_container, token) => void (ownToken = token));
    const { status, commit, error } = await endOfRun(pawl, id);
    const events = await eventsOfRun(pawl, id);
    assert.deepEqual([status, error], ['completed', null]);
    assert.ok(commit, JSON.stringify(events.filter(({ type }) => type.startsWith('publish'))));
    assert.ok(JSON.stringify(events).includes('token of before: 401'), 'the old token opens nothing');
    const pushed = await repositoryObjects(git.folderOf('private.git'));
    assert.deepEqual(whereIs(ownToken, pushed), []);
    seen['the pushed branch'] = { contents: pushed, control: marker };
  });

  it('serves Claude: one that is stored, one that came with the request, and a subscription that is renewed', async () => {
    const asked = { prompt: `Look, ${marker}, SCRIPT:look`, agent: 'claude' };
    for (const credential of ['anthropic', 'subscription']) {
      const { status, error } = await endOfRun(pawl, await start({ ...asked, credential }));
      assert.deepEqual([status, error], ['completed', null]);
    }
    const reader = await readEvents(`${pawl.url}/execute`, {
      method: 'POST',
      body: {
        ...{ userRequest: asked.prompt, codingAssistantProvider: 'ClaudeAgentSDK' },
        codingAssistantAuthentication: { apiKey: canaries.ownKey },
        github: { repoUrl: repository.url, accessToken: canaries.ownGitToken },
      },
    });
    await reader.ended;
    assert.equal(reader.events.at(-1)?.['type'], 'completed', JSON.stringify(reader.events.at(-1)));
    seen['the stream of /execute'] = {
      contents: textContents({ events: JSON.stringify(reader.events), headers: JSON.stringify([...reader.headers]) }),
      control: marker,
    };
  });

  it('serves Codex and Gemini CLI, which ask other providers', async () => {
    for (const [agent, credential] of [
      ['codex', 'openai'],
      ['gemini', 'google'],
    ]) {
      const id = await start({ prompt: `Look, ${marker}, SCRIPT:look`, agent, credential });
      const { status, error } = await endOfRun(pawl, id);
      assert.deepEqual([status, error], ['completed', null]);
    }
  });

  it('was used, each of them', async () => {
    await until('the callbacks have come', () => receiver.received.length >= 2);
    const models = textContents({ headers: JSON.stringify(model.requests.map(({ headers }) => headers)) });
    const { storedKey, ownKey, nextAccessToken, openaiKey, googleKey } = canaries;
    const sent = { storedKey, ownKey, nextAccessToken, openaiKey, googleKey };
    assert.deepEqual(Object.keys(findIn(models, sent)), Object.keys(sent));
    const asked = textContents({ requests: JSON.stringify(tokens.requests) });
    assert.deepEqual(Object.keys(findIn(asked, { refreshToken: canaries.refreshToken })), ['refreshToken']);
    assert.ok(receiver.received.every(({ headers }) => headers['webhook-signature']));
  });

  it('is in no command line, and in the environment only of the processes that it is for', async () => {
    watch.look();
    const commands = new Map(watch.seen().map(({ command }, index) => [String(index), command]));
    assert.notDeepEqual(whereIs('ls-remote', commands), []);
    assert.deepEqual(findIn(commands, canaries), {});
    const held = new Map<Role, Set<string>>();
    for (const { role, environment } of watch.seen()) {
      const names = Object.keys(findIn(new Map([['', environment]]), canaries));
      held.set(role, new Set([...(held.get(role) ?? []), ...names]));
    }
    const holders: Record<Role, CanaryName[]> = {
      supervisor: ['ownerToken', 'secretKey'],
      api: ['ownerToken', 'secretKey'],
      worker: ['secretKey'],
      gateway: ['secretKey'],
      git: ['ownGitToken', 'storedGitToken'],
      temporal: [],
      'machines-router': [],
    };
    const found = [...held].map(([role, names]) => [role, [...names].toSorted()]);
    assert.deepEqual(Object.fromEntries(found), holders);
  });

  it('is nowhere else', async () => {
    assert.deepEqual(await pawl.thingsOfRuns(), []);
    await using folder = await temporaryFolder();
    const bench = { folder: folder.path, repository: git.folderOf('private.git') };
    const kept = await homeContents(pawl.home, bench);
    for (const [name, contents] of Object.entries(kept)) seen[name] = { contents, control: marker };
    const { raw, decoded } = await readHistories(pawl.temporalAddress, base64(canaries.secretKey));
    seen['histories as Temporal has them'] = { contents: raw, control: sessionId };
    seen['histories, decrypted'] = { contents: decoded, control: marker };
    seen['the answers of the API'] = { contents: await answerContents(pawl, runIds), control: marker };
    seen['callbacks'] = { contents: textContents({ all: JSON.stringify(receiver.received) }), control: marker };

    for (const [place, { contents, control }] of Object.entries(seen)) {
      assert.notDeepEqual(whereIs(control, contents), [], `${place}: what must be there is not, so this shows nothing`);
      assert.deepEqual(findIn(contents, canaries), {}, place);
    }
  });
});
