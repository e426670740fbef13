import { sql } from 'kysely';
import { createAuditLog } from './audit-log.ts';
import { createCallbackLog } from './callbacks.ts';
import { createCostLedger } from './cost-ledger.ts';
import { createCredentials } from './credentials.ts';
import { openDatabase } from './database.ts';
import { createDoors } from './doors.ts';
import { createEventLog } from './event-log.ts';
import { createIdempotencyKeys } from './idempotency-keys.ts';
import type { Keyring } from './keyring.ts';
import { migrate } from './migrations.ts';
import { createModelCalls } from './model-calls.ts';
import { createProviderReports } from './provider-reports.ts';
import { createResourceReadings } from './resource-readings.ts';
import { createSecretStore } from './secret-store.ts';
import { createSessionRecords } from './sessions.ts';
import type { Store } from './store.ts';
import { createTransact } from './transactions.ts';

/** Where the store is, and the keys it seals with. */
export interface StoreOptions {
  /** Folder of the SQLite file `pawl.db`. */
  home: string;
  /** `postgres://…`; the store is there then, and `home` is not touched. */
  databaseUrl?: string | undefined;
  keyring: Keyring;
}

/** Opens the store and brings its tables up to date; any number of processes may do so at once. Close it at the end. */
export async function openStore({ home, databaseUrl, keyring }: StoreOptions): Promise<Store> {
  const database = openDatabase({ home, databaseUrl });
  try {
    await migrate(database);
  } catch (error) {
    await database.destroy();
    throw error;
  }
  const transact = createTransact(database);
  const secrets = createSecretStore(database, keyring);
  return {
    events: createEventLog(database, transact),
    audit: createAuditLog(database, transact),
    secrets,
    idempotency: createIdempotencyKeys(database, keyring),
    providerReports: createProviderReports(database),
    callbacks: createCallbackLog(database, transact),
    costs: createCostLedger(database),
    resources: createResourceReadings(database),
    doors: createDoors(database, secrets),
    credentials: createCredentials(database, keyring, transact),
    modelCalls: createModelCalls(database, transact),
    sessions: createSessionRecords(database, transact),
    ping: async () => void (await sql`select 1`.execute(database)),
    close: () => database.destroy(),
  };
}
