import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { ArtifactList } from '../../api/run-answers.ts';
import { runBlobs, runStream } from '../../workflows/contract/run.ts';
import { openRunsApi, type RunsApi } from '../support/runs/runs-api.ts';

describe('what a run leaves behind', () => {
  let runs: RunsApi;
  before(async () => void (runs = await openRunsApi()));
  after(() => runs[Symbol.asyncDispose]());

  const listed = async (id: string): Promise<ArtifactList['artifacts']> =>
    ArtifactList.parse((await runs.call('GET', `/runs/${id}/artifacts`)).body).artifacts;

  it('is its diff, its bundle, its transcript and its logs, and nothing of its own business', async () => {
    const { id } = await runs.create();
    await runs.reaches(id, 'working');
    const { blobs } = runs.api.services;
    for (const name of ['changes.diff', 'result.bundle', 'session.tar', 'repo.tar']) {
      await blobs.put(runBlobs(id).file(name), Readable.from([`of ${name}`]), { maxBytes: 100 });
    }
    await runs.says(id, { type: 'assistant', text: '<script>alert(1)</script>' }, 'a line');
    const log = { key: 'agent:100', type: 'agent.log', data: { stream: 'stderr', text: 'a warning' } };
    await runs.house.store.events.append(runStream(id), [log]);
    await runs.ends(id);
    await runs.reaches(id, 'completed');

    assert.deepEqual(
      (await listed(id)).map(({ name, bytes }) => [name, bytes]),
      [
        ['diff', 15],
        ['bundle', 16],
        ['transcript', null],
        ['logs', null],
      ],
    );
    const texts: Record<string, string> = {};
    for (const { name, href, mediaType } of await listed(id)) {
      const answer = await runs.call('GET', href);
      assert.equal(answer.headers.get('content-type'), mediaType);
      assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
      assert.match(answer.headers.get('content-disposition') ?? '', /^attachment; filename="run-/);
      texts[name] = answer.text;
    }
    assert.deepEqual(texts, {
      diff: 'of changes.diff',
      bundle: 'of result.bundle',
      transcript: '{"type":"assistant","text":"<script>alert(1)</script>"}\n"a line"\n',
      logs: 'a warning\n',
    });
  });

  it('is a 404 where there is none, or no such name', async () => {
    const { id } = await runs.create();
    for (const name of ['diff', 'bundle', 'session.tar', '..%2fprompt.json', 'repo']) {
      const { status, body } = await runs.call('GET', `/runs/${id}/artifacts/${name}`);
      assert.deepEqual([status, body['error']], [404, 'artifact_not_found'], name);
    }
    const { status, body } = await runs.call('GET', '/runs/run-aaaaaaaaaa/artifacts');
    assert.deepEqual([status, body['error']], [404, 'run_not_found']);
    await runs.ends(id);
  });
});
