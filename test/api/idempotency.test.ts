import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Store } from '../../store/store.ts';
import { openControlPlane, type ControlPlane } from '../support/control-plane.ts';

const repoUrl = 'https://git.test/hello.git';

describe('a creation with an idempotency key', () => {
  let plane: ControlPlane;
  before(async () => void (plane = await openControlPlane()));
  after(() => plane[Symbol.asyncDispose]());

  let keys = 0;
  const newKey = (): Record<string, string> => ({ 'Idempotency-Key': `key-${(keys += 1)}` });

  /** Ids that have secrets: each of them was made by somebody. */
  async function idsWithSecrets(): Promise<Set<string>> {
    const secrets = await plane.api.store.secrets.list('workspace/');
    return new Set(secrets.map(({ name }) => name.split('/')[1] ?? ''));
  }

  it('gets the same answer again, byte for byte, also from another API process', async () => {
    const headers = newKey();
    await using other = await plane.openAnotherApi();
    const first = await plane.api.call('POST', '/vms', { body: { repoUrl }, headers });
    const again = await plane.api.call('POST', '/vms', {
      raw: `{ "size": "medium", "repoUrl": "${repoUrl}" }`,
      headers,
    });
    const elsewhere = await other.call('POST', '/vms', { body: { repoUrl }, headers });
    for (const answer of [again, elsewhere]) {
      assert.equal(answer.text, first.text);
      assert.equal(answer.status, 201);
      for (const name of ['location', 'content-type']) assert.equal(answer.headers.get(name), first.headers.get(name));
    }
  });

  it('makes one workspace however many requests race', async () => {
    const headers = newKey();
    await using other = await plane.openAnotherApi();
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        (index % 2 ? plane.api : other).call('POST', '/vms', { body: { repoUrl }, headers }),
      ),
    );
    assert.equal(new Set(answers.map(({ text }) => text)).size, 1);
    assert.equal(answers[0]?.status, 201);
  });

  it('is a 422 when the key was used with another request', async () => {
    const headers = newKey();
    await plane.api.call('POST', '/vms', { body: { repoUrl }, headers });
    const { status, body } = await plane.api.call('POST', '/vms', { body: { repoUrl, size: 'small' }, headers });
    assert.deepEqual([status, body['error']], [422, 'idempotency_key_reused']);
  });

  it('that was refused may be corrected under the same key', async () => {
    const headers = newKey();
    const refused = await plane.api.call('POST', '/vms', { body: { repoUrl, size: 'huge' }, headers });
    assert.equal(refused.status, 400);
    assert.equal((await plane.api.call('POST', '/vms', { body: { repoUrl }, headers })).status, 201);
  });

  it('without a key makes a new workspace each time', async () => {
    const [one, two] = [await plane.create(), await plane.create()];
    assert.notEqual(one.id, two.id);
  });

  for (const crash of crashes()) {
    it(`makes one workspace with one password when the process dies ${crash.when} ${crash.step}`, async () => {
      const request = { body: { repoUrl }, headers: newKey() };
      const before = await idsWithSecrets();
      await using crashing = await plane.openAnotherApi();
      const repair = crash.breakOff(plane.api.store);
      const broken = await crashing.call('POST', '/vms', request).finally(repair);
      assert.equal(broken.status, 500);

      const retried = await plane.api.call('POST', '/vms', request);
      assert.equal(retried.status, 201);
      const { id, credentials } = retried.body as { id: string; credentials: { password: string } };
      assert.equal(await plane.api.store.secrets.read(`workspace/${id}/password`), credentials.password);
      assert.equal((await plane.state(id))['id'], id);
      const made = [...(await idsWithSecrets())].filter((known) => !before.has(known));
      assert.deepEqual(made, [id]);
      assert.equal((await plane.api.call('POST', '/vms', request)).text, retried.text);
    });
  }

  it('extends a workspace once, however often it is asked', async () => {
    const created = await plane.create();
    await plane.makeRunning(created);
    const headers = newKey();
    const extend = () => plane.api.call('POST', `/vms/${created.id}/extend`, { body: { minutes: 60 }, headers });
    const answers = [await extend(), await extend()];
    assert.equal(answers[0]?.status, 200);
    assert.equal(answers[0].text, answers[1]?.text);
    const { body } = await plane.api.call('GET', `/vms/${created.id}/events`, {
      headers: { Accept: 'application/json' },
    });
    const extensions = (body['events'] as { type: string }[]).filter(({ type }) => type === 'workspace.extended');
    assert.equal(extensions.length, 1);
  });
});

interface Crash {
  step: string;
  when: 'before' | 'after';
  /** Breaks the step once; the returned function mends it. */
  breakOff(store: Store): () => void;
}

/** Every step of a creation that writes, each cut off once before and once after its effect. */
function crashes(): Crash[] {
  const steps: [step: string, part: (store: Store) => object, method: string, call: number][] = [
    ['the claim of the key', (store) => store.idempotency, 'claim', 1],
    ['the password is stored', (store) => store.secrets, 'ensure', 1],
    ['the machine token is stored', (store) => store.secrets, 'ensure', 2],
    ['the audit entry (the workflow has started)', (store) => store.audit, 'record', 1],
    ['the answer is stored', (store) => store.idempotency, 'answer', 1],
  ];
  return steps.flatMap(([step, part, method, call]) =>
    (['before', 'after'] as const).map((when) => ({
      step,
      when,
      breakOff: (store) =>
        failAt(part(store) as Record<string, (...args: unknown[]) => Promise<unknown>>, method, call, when),
    })),
  );
}

function failAt(
  part: Record<string, (...args: unknown[]) => Promise<unknown>>,
  method: string,
  call: number,
  when: 'before' | 'after',
): () => void {
  const original = part[method]!;
  let calls = 0;
  part[method] = async (...args) => {
    calls += 1;
    if (calls !== call) return await original.apply(part, args);
    if (when === 'after') await original.apply(part, args);
    throw new Error('the process died here');
  };
  return () => void (part[method] = original);
}
