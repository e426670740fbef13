/** What every agent must hold to, tried with its real program in its real container. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { findAgent } from '../../agent-host/agents/index.ts';
import type { AgentOptions } from '../../agent-host/job.ts';
import { bareRepositoryTar } from '../support/agents/repository.ts';
import { startAgentRun } from '../support/agents/run.ts';
import { jobFor } from '../support/agents/job.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);

export interface AgentUnderTest {
  /** The kind of a message, in a word; `null` for one that may come at any time. */
  kind: (message: Record<string, unknown>) => string | null;
  /** Kinds of the messages of the script `write`, in order; the same kind twice in a row counts once. */
  writing: string[];
  /** What the agent is told beside the prompt, as to give up soon. */
  options?: AgentOptions;
  /** What it says of HTTP errors of the model, where it does not try for longer than a test can wait. */
  errors: Partial<Record<401 | 429 | 500, RegExp>>;
  /** Whether it tells how much it used. */
  tellsUsage: boolean;
  /** Whether it can tell a refusal of the model from an answer. */
  knowsRefusals: boolean;
  /** Files of a repository by which it could be made to start programs; each would make the file `pwned`. */
  traps: Record<string, string>;
}

/** One white dot. */
const picture = {
  type: 'image' as const,
  source: {
    type: 'base64' as const,
    media_type: 'image/png',
    data: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  },
};

/** Runs the suite over one agent. */
export function describeAgent(id: string, agent: AgentUnderTest): void {
  const kindsOf = (messages: Record<string, unknown>[]) => {
    const kinds = messages.map(agent.kind).filter((kind) => kind !== null);
    return kinds.filter((kind, index) => kind !== kinds[index - 1]);
  };
  const options = agent.options ?? {};

  describe(`agent: ${id}`, { timeout: 600_000 }, () => {
    it('writes a file and runs a command, and another container goes on with the conversation', async () => {
      await using folder = await temporaryFolder();
      const repository = await bareRepositoryTar(folder.path, { 'README.md': 'A repository.\n' });
      const inputs = { 'repo.tar': repository.archive };
      await using first = await startAgentRun(
        jobFor(id, 'SCRIPT:write', { options, repository: repository.job }),
        inputs,
      );
      const end = await first.end();

      assert.deepEqual([end.outcome, end.reason, end.leftOut], ['completed', null, []]);
      assert.equal(end.text, 'Done: hello.txt is written.');
      assert.deepEqual(kindsOf(first.door.messages()), agent.writing);
      assert.deepEqual(end.files, ['result.bundle', 'session.tar']);
      await run('git', [
        '-C',
        repository.bare,
        'fetch',
        '--quiet',
        first.door.file('result.bundle'),
        repository.job.branch,
      ]);
      const { stdout } = await run('git', ['-C', repository.bare, 'show', 'FETCH_HEAD:hello.txt']);
      assert.equal(stdout, 'hello from the model\n');
      if (agent.tellsUsage) assert.deepEqual([end.usage.inputTokens, end.usage.outputTokens], [3000, 300]);
      assert.deepEqual(await filesWith(first.door.file('session.tar'), first.door.token), []);

      const resume = { providerSessionId: end.providerSessionId ?? '', archive: 'session.tar' };
      const job = jobFor(id, 'SCRIPT:again', { options, repository: repository.job, resume });
      await using second = await startAgentRun(job, { ...inputs, 'session.tar': first.door.file('session.tar') });
      const secondEnd = await second.end();
      assert.deepEqual([secondEnd.outcome, secondEnd.reason], ['completed', null]);
      assert.equal(secondEnd.providerSessionId, end.providerSessionId);
      assert.ok(
        second.model.requests.some(({ body }) => body.includes('SCRIPT:write')),
        'the model sees the first turn',
      );
      assert.ok(!JSON.stringify(second.door.messages()).includes('Done: hello.txt'), 'nothing is told twice');
      if (agent.tellsUsage) assert.deepEqual([secondEnd.usage.inputTokens, secondEnd.usage.outputTokens], [2000, 200]);
    });

    it('is ended in the middle of a command, and keeps what was done', async (test) => {
      await using run = await startAgentRun(jobFor(id, 'SCRIPT:wait', { options }));
      await run.container.process(/time\.sleep/);
      const before = performance.now();
      await run.container.kill('TERM');
      await run.container.noProcess(/time\.sleep/);
      test.diagnostic(`no process of ${id} after ${Math.round(performance.now() - before)} ms`);
      const end = await run.end();
      assert.deepEqual([end.outcome, end.reason], ['aborted', 'cancelled']);
    });

    it('can be ended while the model does not answer', async () => {
      await using run = await startAgentRun(jobFor(id, 'SCRIPT:hangs', { options }));
      await run.modelCalled();
      await run.container.kill('TERM');
      assert.equal((await run.end()).outcome, 'aborted');
    });

    it('waits for a model that answers word by word', async () => {
      await using run = await startAgentRun(jobFor(id, 'SCRIPT:slow', { options }));
      const end = await run.end();
      assert.deepEqual([end.outcome, end.text], ['completed', 'Word by word by word by word.']);
    });

    for (const [status, words] of Object.entries(agent.errors)) {
      it(`fails with the reason when the model answers ${status}`, async () => {
        await using run = await startAgentRun(jobFor(id, `SCRIPT:status-${status}`, { options }));
        const end = await run.end();
        assert.equal(end.outcome, 'failed');
        assert.match(end.reason ?? '', words);
      });
    }

    if (agent.knowsRefusals) {
      it('says that the model refused', async () => {
        await using run = await startAgentRun(jobFor(id, 'SCRIPT:refuses', { options }));
        assert.equal((await run.end()).outcome, 'refused');
      });
    }

    it('shows the model the images of a prompt, and what the repository says to agents', async () => {
      await using folder = await temporaryFolder();
      const repository = await bareRepositoryTar(folder.path, { 'AGENTS.md': 'Always whistle while you work.\n' });
      const prompt = [{ type: 'text' as const, text: 'SCRIPT:text' }, picture];
      const job = jobFor(id, '', { options, prompt, repository: repository.job });
      await using run = await startAgentRun(job, { 'repo.tar': repository.archive });
      assert.equal((await run.end()).outcome, 'completed');
      const bodies = run.model.requests.map(({ body }) => body);
      assert.ok(bodies.some((body) => body.includes('whistle while you work')));
      assert.ok(bodies.some((body) => body.includes(picture.source.data)));
    });

    it('starts nothing that a repository names, and looks for no host', async () => {
      await using folder = await temporaryFolder();
      const repository = await bareRepositoryTar(folder.path, { ...agent.traps, 'README.md': 'Harmless.\n' });
      const job = jobFor(id, 'SCRIPT:write', { options, repository: repository.job });
      await using run = await startAgentRun(job, { 'repo.tar': repository.archive }, { watchesNames: true });
      assert.equal((await run.end()).outcome, 'completed');
      assert.deepEqual(await run.container.namesLookedFor(), []);
      assert.deepEqual(run.door.tunnels, []);
      assert.deepEqual(await run.container.find('/work', 'pwned*'), []);
    });
  });

  it(`${id} is found by each of its names, however it is written`, () => {
    const known = findAgent(id);
    for (const name of known?.names ?? []) {
      for (const written of [name, name.toUpperCase(), name.replaceAll('-', ' '), name.replaceAll('-', '_')]) {
        assert.equal(findAgent(written)?.id, id);
      }
    }
  });
}

/** Files of an archive that hold this text. */
async function filesWith(archive: string, text: string): Promise<string[]> {
  await using folder = await temporaryFolder();
  await run('tar', ['--extract', '--file', archive, '--directory', folder.path]);
  const found = run('grep', ['--recursive', '--files-with-matches', '--fixed-strings', '--', text, folder.path]);
  const { stdout } = await found.catch(() => ({ stdout: '' }));
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((file) => path.relative(folder.path, file));
}
