/** The tables, and how to reach them. Everything above this file is the same for SQLite and Postgres. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { Kysely, PostgresAdapter, PostgresDialect } from 'kysely';
import type { Dialect, Transaction } from 'kysely';
import { Pool } from 'pg';
import { createSqliteDialect } from './sqlite/dialect.ts';

export interface Tables {
  event_streams: { stream: string; last_seq: number; last_at: string };
  events: { stream: string; seq: number; key: string; type: string; data: string; at: string };
  audit: {
    id: number;
    at: string;
    actor: string;
    action: string;
    subject: string;
    request_id: string | null;
    details: string | null;
  };
  secrets: { name: string; key_id: string; sealed: string; created_at: string };
  idempotency_keys: {
    scope: string;
    key: string;
    fingerprint: string;
    plan: string;
    /** The answer's envelope, once there is an answer. */
    key_id: string | null;
    sealed: string | null;
    created_at: string;
  };
  callbacks: {
    id: string;
    subject: string;
    type: string;
    url: string;
    signer: string;
    body: string;
    status: 'pending' | 'delivered' | 'failed';
    attempts: number;
    created_at: string;
    last_at: string;
  };
  callback_attempts: {
    callback: string;
    number: number;
    at: string;
    status_code: number | null;
    latency_ms: number;
    error: string | null;
  };
  provider_reports: {
    id: string;
    available: number;
    reason: string | null;
    checked_at: string;
    is_free: number;
    breaker: string | null;
    sizes: string | null;
  };
  machine_costs: {
    provider: string;
    provider_id: string;
    workspace_id: string;
    currency: string;
    hourly_micros: number | string;
    monthly_micros: number | string | null;
    since: string;
    until: string | null;
  };
  resource_readings: { provider: string; read_at: string; resources: string };
  doors: { run_id: string; host_id: string; policy: string; opened_at: string };
  credentials: {
    name: string;
    kind: string;
    version: number;
    failing: string | null;
    refresh_until: string | null;
    created_at: string;
    updated_at: string;
  };
  sessions: {
    id: string;
    owner: string;
    agent: string;
    repository: string | null;
    checkpoint: string | null;
    last_run: string | null;
    turns: number;
    created_at: string;
    updated_at: string;
  };
  model_calls: {
    run_id: string;
    request_id: string;
    api: string;
    model: string | null;
    input_tokens: number;
    output_tokens: number;
    cache_read_tokens: number;
    cache_write_tokens: number;
    cost_micros: number | null;
    is_final: number;
    at: string;
  };
}

export type Database = Kysely<Tables>;
export type DatabaseTransaction = Transaction<Tables>;

/** Opens Postgres when a URL is given, else the SQLite file under `home`, which is made if missing. */
export function openDatabase({ home, databaseUrl }: { home: string; databaseUrl?: string | undefined }): Database {
  return new Kysely<Tables>({ dialect: databaseUrl ? postgres(databaseUrl) : sqlite(home) });
}

/** Whether it is Postgres, for the few statements that only one of the two has. */
export function isPostgres(database: Database): boolean {
  return database.getExecutor().adapter instanceof PostgresAdapter;
}

function sqlite(home: string): Dialect {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  return createSqliteDialect(path.join(home, 'pawl.db'));
}

function postgres(connectionString: string): Dialect {
  // The URL holds a password, so no message repeats it.
  if (!/^postgres(ql)?:\/\//.test(connectionString)) throw new Error('DATABASE_URL must begin with postgres://');
  const pool = new Pool({ connectionString });
  // Without a listener a lost idle connection would end the process; the next query gets a new one, or says what is wrong.
  pool.on('error', () => undefined);
  return new PostgresDialect({ pool });
}
