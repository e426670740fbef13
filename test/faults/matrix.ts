/** The fault matrix as data: at which points which processes are killed. */
import { createHash } from 'node:crypto';

/** What dies, by the names that the supervisor gives the processes. */
export const victims: Record<string, readonly ProcessName[]> = {
  worker: ['worker'],
  API: ['api'],
  Temporal: ['temporal'],
  'all three': ['worker', 'api', 'temporal'],
};
export type ProcessName = 'worker' | 'api' | 'temporal';

/** The steps of a worker that touch the world: an event is recorded, the provider is called, the secrets go. */
export const provisioningPoints = beforeAndAfter([
  'workspace.created',
  'ensureMachine',
  'machine.created',
  'findMachine',
  'workspace.running',
]);

export const removalPoints = beforeAndAfter([
  'workspace.stopping',
  'removeMachine',
  'machine.removed',
  'removeSecrets',
  'workspace.stopped',
]);

/** A write of the API to its store, told by its SQL and one of its values. The lifecycle starts between token and audit. */
export interface ApiStep {
  step: string;
  sql: string;
  value?: RegExp;
}

export const requestSteps: readonly ApiStep[] = [
  { step: 'the claim of the key', sql: 'insert into "idempotency_keys"', value: /^a-creation/ },
  { step: 'the password is stored', sql: 'insert into "secrets"', value: /\/password$/ },
  { step: "the machine's token is stored", sql: 'insert into "secrets"', value: /\/machine-token$/ },
  { step: 'the creation is audited', sql: 'insert into "audit"', value: /^workspace\.create$/ },
  { step: 'the answer is kept', sql: 'update "idempotency_keys"', value: /^a-creation/ },
  { step: 'a boot report is recorded', sql: 'insert into "events"', value: /^boot:3$/ },
  { step: 'the claim of an extension', sql: 'insert into "idempotency_keys"', value: /^an-extension/ },
  { step: 'the extension is audited', sql: 'insert into "audit"', value: /^workspace\.extend$/ },
  { step: "the extension's answer is kept", sql: 'update "idempotency_keys"', value: /^an-extension/ },
  { step: 'the stop is audited', sql: 'insert into "audit"', value: /^workspace\.stop$/ },
];
export const requestPoints = beforeAndAfter(requestSteps.map(({ step }) => step));

/** Every case by itself, as `npm run test:faults` has it; otherwise a part, many workspaces at once. */
export const isWhole = process.env['FAULTS'] === 'whole';

/** `count` of the items, picked by the seed; all of them when the matrix is run whole. */
export function pick<Item>(items: readonly Item[], count: number, nameOf: (item: Item) => string): Item[] {
  if (isWhole) return [...items];
  const seed = process.env['FAULTS_SEED'] ?? 'pawl';
  const rank = (item: Item): string =>
    createHash('sha256')
      .update(`${seed} ${nameOf(item)}`)
      .digest('hex');
  return items.toSorted((one, other) => rank(one).localeCompare(rank(other))).slice(0, count);
}

function beforeAndAfter(steps: readonly string[]): string[] {
  return steps.flatMap((step) => [`before ${step}`, `after ${step}`]);
}
