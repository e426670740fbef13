/** One suite of promises, kept by SQLite and by Postgres alike. */
import { after, before, describe } from 'node:test';
import { startPostgres } from '../support/postgres.ts';
import type { PostgresCluster } from '../support/postgres.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { placeAt } from './place.ts';
import type { MakePlace } from './place.ts';
import { describeAuditLog } from './suites/audit-log.ts';
import { describeCallbackLog } from './suites/callbacks.ts';
import { describeCostLedger } from './suites/cost-ledger.ts';
import { describeCredentials } from './suites/credentials.ts';
import { describeDoors } from './suites/doors.ts';
import { describeEventLog } from './suites/event-log.ts';
import { describeEventLogKilled } from './suites/event-log-killed.ts';
import { describeEventLogUnderFire } from './suites/event-log-under-fire.ts';
import { describeIdempotencyKeys } from './suites/idempotency-keys.ts';
import { describeModelCalls } from './suites/model-calls.ts';
import { describeOpening } from './suites/opening.ts';
import { describeProviderReports } from './suites/provider-reports.ts';
import { describeResourceReadings } from './suites/resource-readings.ts';
import { describeSecrets } from './suites/secrets.ts';
import { describeSessions } from './suites/sessions.ts';

const suites = [
  describeOpening,
  describeEventLog,
  describeEventLogUnderFire,
  describeEventLogKilled,
  describeAuditLog,
  describeSecrets,
  describeIdempotencyKeys,
  describeProviderReports,
  describeCallbackLog,
  describeCostLedger,
  describeResourceReadings,
  describeDoors,
  describeCredentials,
  describeModelCalls,
  describeSessions,
];

describe('the store on SQLite', () => {
  const folders = new AsyncDisposableStack();
  after(() => folders.disposeAsync());
  const makePlace: MakePlace = async () => placeAt(folders.use(await temporaryFolder()).path);
  for (const suite of suites) suite(makePlace);
});

describe('the store on Postgres', () => {
  let cluster: PostgresCluster;
  before(async () => {
    cluster = await startPostgres();
  });
  after(() => cluster[Symbol.asyncDispose]());
  const makePlace: MakePlace = async () => placeAt('/nowhere', await cluster.createDatabase());
  for (const suite of suites) suite(makePlace);
});
