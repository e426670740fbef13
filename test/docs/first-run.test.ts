/** README's first run, typed as it is printed, against the real API and Temporal server; its agent is scripted. */
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { execa } from 'execa';
import { runBlobs } from '../../workflows/contract/run.ts';
import { ownerToken } from '../support/api.ts';
import { readPage } from '../support/markdown.ts';
import { openRunsApi, type RunsApi } from '../support/runs/runs-api.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const shell = readPage('README.md').blocks.filter(({ language }) => language === 'sh');
const find = (part: string): string => shell.find(({ text }) => text.includes(part))?.text ?? assert.fail(part);
const printedRun = 'run-k3x9a1b2c3';

describe('the first run of README.md', () => {
  let runs: RunsApi;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let id: string;

  before(async () => {
    runs = await openRunsApi({ GIT_INSECURE_HOSTS: '' });
    folder = await temporaryFolder();
    await mkdir(path.join(folder.path, '.pawl'));
    await writeFile(path.join(folder.path, '.pawl/api-token'), `${ownerToken}\n`);
  });
  after(async () => {
    await runs?.[Symbol.asyncDispose]();
    await folder?.[Symbol.asyncDispose]();
  });

  async function type(lines: string): Promise<string> {
    const all = `${find('export PAWL=')}\n${lines}`.replace('http://127.0.0.1:3100', runs.api.url);
    const env = { ANTHROPIC_API_KEY: 'sk-ant-api03-k', GITHUB_TOKEN: 'ghp-token-of-a-reader' };
    return (await execa({ cwd: folder.path, env })('bash', ['-ec', all.replaceAll(printedRun, id)])).stdout;
  }

  it('streams its events until it has ended', async () => {
    runs.house.play({ agent: () => ({}) });
    const frames = (await type(find('/execute'))).split('\n').filter((line) => line.startsWith('data: '));
    const events = frames.map((line) => JSON.parse(line.slice('data: '.length)) as { type: string; provider?: string });
    assert.deepEqual([events[0]?.type, events[0]?.provider], ['connected', 'command']);
    assert.equal(events.at(-1)?.type, 'completed');
  });

  it('is accepted once for its key, and shows what it does and what it did', async () => {
    const accepted = JSON.parse(await type(find('my-first-run'))) as { id: string; status: string };
    assert.equal(accepted.status, 'accepted');
    assert.deepEqual(JSON.parse(await type(find('my-first-run'))), accepted);
    id = accepted.id;
    const diff = runBlobs(id).file('changes.diff');
    await runs.api.services.blobs.put(diff, Readable.from(['+Write this down\n']), { maxBytes: 100 });
    await runs.reaches(id, 'completed');
    const shown = await type(find('artifacts/diff'));
    assert.match(shown, new RegExp(`"id":"${id}".*Write this down`, 's'));
  });

  it('opens a pull request with a stored token', async () => {
    const [, accepted] = (await type(find('my-first-pull-request'))).split('}{');
    const { id: runId } = JSON.parse(`{${accepted}`) as { id: string };
    await runs.reaches(runId, 'completed');
    const { body } = await runs.api.call('GET', `/runs/${runId}`);
    assert.deepEqual(Object.keys(body['pullRequest'] ?? {}), ['number', 'url']);
  });

  it('finds a key for a model under its name', async () => {
    const stored = JSON.parse(await type(find('/credentials/anthropic'))) as { name: string; kind: string };
    assert.deepEqual([stored.name, stored.kind], ['anthropic', 'anthropic_api_key']);
  });
});
