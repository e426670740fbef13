/** README's first workspace, typed as it is printed, against the real API, worker and Temporal server. */
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { execa } from 'execa';
import { ownerToken } from '../support/api.ts';
import { openControlPlane, type ControlPlane } from '../support/control-plane.ts';
import { readPage } from '../support/markdown.ts';
import { readMachines } from '../support/scripted-provider.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const { blocks } = readPage('README.md');
const section = blocks.slice(blocks.findIndex(({ text }) => text.includes('export PAWL=')));
const printed = (language: string) => section.filter((block) => block.language === language).map(({ text }) => text);
const [
  toBegin = '',
  toCreate = '',
  toFollow = '',
  toSee = '',
  toSeePassword = '',
  toExtend = '',
  toStop = '',
  toReplay = '',
] = printed('sh');
const printedAnswer = JSON.parse(printed('json')[0] ?? '') as Answer;
const printedEvents = printed('text')[0]?.split('\n');

type Answer = Record<string, unknown> & { id: string; credentials: { username: string; password: string } };

describe('the first workspace of README.md', () => {
  let house: ControlPlane;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let created: Answer;
  let exported = '';

  before(async () => {
    house = await openControlPlane();
    folder = await temporaryFolder();
    await mkdir(path.join(folder.path, '.pawl'));
    await writeFile(path.join(folder.path, '.pawl/api-token'), `${ownerToken}\n`);
    type(toBegin);
  });
  after(async () => {
    await house?.[Symbol.asyncDispose]();
    await folder?.[Symbol.asyncDispose]();
  });

  /** The lines for a shell that has seen all `export`s so far, at this API and with this workspace's id. */
  function type(lines: string): string {
    const here = lines.replace('http://127.0.0.1:3100', house.api.url).replace(printedAnswer.id, created?.id);
    exported +=
      here
        .split('\n')
        .filter((line) => line.startsWith('export '))
        .join('\n') + '\n';
    return `${exported}\n${here}`;
  }

  async function answerTo<Body = Record<string, unknown>>(lines: string): Promise<Body> {
    const { stdout } = await execa({ cwd: folder.path })('bash', ['-ec', type(lines)]);
    return JSON.parse(stdout) as Body;
  }

  it('is created, once for each idempotency key, with the answer that is printed', async () => {
    created = await answerTo<Answer>(toCreate);
    assert.deepEqual(await answerTo(toCreate), created);
    const asPrinted = JSON.parse(JSON.stringify(created).replaceAll(created.id, printedAnswer.id)) as Answer;
    const { createdAt, credentials } = printedAnswer;
    asPrinted.credentials.password = credentials.password;
    assert.deepEqual({ ...asPrinted, createdAt }, printedAnswer);
  });

  it('is followed through the printed events', async () => {
    // In the place of the shell, so that the end of one is the end of the other.
    const lines = type(toFollow).replace(/^curl /m, 'exec curl ');
    const following = execa({ cwd: folder.path, reject: false })('bash', ['-ec', lines]);
    const events: string[] = [];
    for await (const line of following) {
      if (line.startsWith('event: ') && line !== events.at(-1)) events.push(line);
      // The scripted machine boots faster than its creation is written down.
      if (line === 'event: machine.created') {
        await house.makeRunning({ id: created.id, machineToken: await house.api.machineTokenFor(created.id) });
      }
      if (line === 'event: workspace.running') following.kill();
    }
    assert.deepEqual(events, printedEvents);
  });

  it('says where it is, what it waits for, and when it will be stopped', async () => {
    const { status, accessUrl, waitingFor, idle } = await answerTo(toSee);
    assert.equal(status, 'running');
    assert.match(String(accessUrl), /^https:\/\/ui\.ws-\w+\.vm\.localhost:/);
    assert.deepEqual(Object.keys(waitingFor as object), ['what', 'until']);
    assert.ok('shutdownAt' in (idle as object));
  });

  it('shows its password again', async () => {
    assert.deepEqual(await answerTo(toSeePassword), created.credentials);
  });

  it('is kept for two hours', async () => {
    const before = Date.now();
    const { shutdownAt } = await answerTo(toExtend);
    assert.ok(Date.parse(String(shutdownAt)) >= before + 2 * 60 * 60_000);
  });

  it('is stopped: machine and secrets go, and what happened stays', async () => {
    const { status } = await answerTo(toStop);
    assert.equal(status, 'stopping');
    await house.reaches(created.id, 'stopped');
    assert.deepEqual(readMachines(house.cloud), []);
    assert.equal((await house.api.call('GET', `/vms/${created.id}/credentials`)).status, 410);
    const { events } = await answerTo<{ events: { type: string }[] }>(toReplay);
    assert.equal(events[0]?.type, 'workspace.created');
    assert.equal(events.at(-1)?.type, 'workspace.stopped');
  });

  it('can be asked about as docs/operations.md says', async () => {
    const lines = readPage('docs/operations.md').blocks.flatMap(({ text }) => text.split('\n'));
    const curls = lines.filter((line) => line.startsWith('curl '));
    const answers = await Promise.all(curls.map((line) => answerTo(line)));
    assert.deepEqual(
      answers.map((answer) => Object.keys(answer)[0]),
      ['status', 'ready', 'resources', 'month'],
    );
  });
});
