/** What a newcomer does, from `pawl start` to nothing left, with every part real. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { bootSteps } from '../../workflows/contract/workspace.schema.ts';
import { ownerToken } from '../support/api.ts';
import {
  createWorkspace,
  eventsOf,
  insist,
  listed,
  stopWorkspace,
  untilStatus,
  type Workspace,
} from '../support/client.ts';
import { startGitServer, type GitServer } from '../support/git-server.ts';
import { openInstallation, type Installation } from '../support/installation.ts';
import type { Account } from '../support/terminal.ts';
import { visit } from '../support/visitor.ts';
import { openVisit } from './browser-visit.ts';

describe('a newcomer', () => {
  let git: GitServer;
  let installation: Installation;
  let workspace: Workspace;

  before(async () => {
    git = await startGitServer();
    await git.addRepository('hello.git', { 'README.md': '# hello\n', 'greeting.txt': 'good morning\n' });
    // Two idle minutes, so that the end can be awaited.
    installation = await openInstallation(`host.docker.internal:${git.port}`, { IDLE_MINUTES: '2' });
  });
  after(async () => {
    await installation[Symbol.asyncDispose]();
    await git.close();
  });

  it('creates a workspace and follows its boot live', async () => {
    const repoUrl = `http://host.docker.internal:${git.port}/hello.git`;
    workspace = await createWorkspace(installation, { repoUrl, size: 'small' });
    assert.equal(workspace.answer.body['status'], 'creating');

    const followed = await followUntil('workspace.running');

    const done = followed.flatMap(({ event, data }) =>
      event === 'boot.step' && data.status === 'done' ? [data.step] : [],
    );
    assert.deepEqual(done, [...bootSteps]);
    assert.deepEqual(
      followed.map(({ id }) => id),
      followed.map((_, index) => String(index + 1)),
    );
  });

  it('is asked for the password at the printed URL', async () => {
    assert.equal(await knock(workspace), 401);
  });

  it('logs in, sees the repository and works in the terminal', async () => {
    const account = workspace.answer.body['credentials'] as Account;
    await using browser = await openVisit(await accessUrl(), account);
    await browser.page.getByText('hello', { exact: true }).first().waitFor();

    await browser.typesIntoTerminal('cat greeting.txt', 'good morning');
    await browser.typesIntoTerminal('echo "key:[$ANTHROPIC_API_KEY]"', 'key:[]');
    await browser.typesIntoTerminal('claude --version', 'Claude Code');
  });

  it('goes away, and later finds everything gone', async () => {
    await untilStatus(installation, workspace, 'stopped', 300_000);

    const { body } = await insist(installation, 'GET', `/vms/${workspace.id}`);
    assert.equal(body['stopReason'], 'idle');
    await assertNothingLeft(workspace);
    // It may have been kept before, when the machine was asked and knew of activity that no heartbeat had told yet.
    const decision = (await eventsOf(installation, workspace)).findLast(({ type }) => type === 'idle.decided');
    assert.equal((decision?.data as { decision: string }).decision, 'stop');
  });

  it('stops another one by hand', async () => {
    const repoUrl = `http://host.docker.internal:${git.port}/hello.git`;
    workspace = await createWorkspace(installation, { repoUrl, size: 'small', branch: 'main' });
    await untilStatus(installation, workspace, 'running');

    await stopWorkspace(installation, workspace);
    await untilStatus(installation, workspace, 'stopped');

    await assertNothingLeft(workspace);
    const again = await insist(installation, 'DELETE', `/vms/${workspace.id}`);
    assert.equal(again.status, 409);
  });

  it('reads why a repository could not be cloned', async () => {
    const repoUrl = `http://host.docker.internal:${git.port}/missing.git`;
    const failing = await createWorkspace(installation, { repoUrl, size: 'small' });
    await untilStatus(installation, failing, 'failed');

    const { body } = await insist(installation, 'GET', `/vms/${failing.id}`);
    assert.match(String(body['error']), /^clone: .*missing\.git\/?' not found/);
    assert.deepEqual(await installation.thingsOf(failing.id), []);
  });

  async function accessUrl(): Promise<string> {
    const { body } = await insist(installation, 'GET', `/vms/${workspace.id}`);
    return String(body['accessUrl']);
  }

  /** What somebody gets who comes without a password; `undefined` where nobody answers. */
  async function knock({ answer }: Workspace): Promise<number | undefined> {
    const to = { hostname: String(answer.body['hostname']), routerPort: installation.machinesPort };
    return await visit(to, '/').then(
      ({ status }) => status,
      () => undefined,
    );
  }

  async function assertNothingLeft(gone: Workspace): Promise<void> {
    assert.deepEqual(await installation.thingsOf(gone.id), [], 'containers, volumes and networks');
    assert.equal(await knock(gone), undefined, 'its name leads nowhere');
    assert.deepEqual(await listed(installation, gone), ['stopped']);
    const { status } = await insist(installation, 'GET', `/vms/${gone.id}/credentials`);
    assert.equal(status, 410);
  }

  async function followUntil(last: string): Promise<{ id: string | undefined; event: string; data: BootStepData }[]> {
    const response = await fetch(`${installation.url}/vms/${workspace.id}/events`, {
      headers: { authorization: `Bearer ${ownerToken}` },
    });
    assert.equal(response.status, 200);
    const messages = response.body!.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
    const followed = [];
    for await (const { id, event = '', data } of messages) {
      followed.push({ id, event, data: (JSON.parse(data) as { data: BootStepData }).data });
      if (event === last) break;
    }
    return followed;
  }
});

interface BootStepData {
  step?: string;
  status?: string;
}
