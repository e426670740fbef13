import { randomBytes } from 'node:crypto';
import type { Database } from './database.ts';
import { DoorPolicy } from './door-policy.ts';
import type { Doors } from './gateway.ts';
import type { SecretStore } from './store.ts';

/** Doors on SQL; their tokens are secrets. */
export function createDoors(database: Database, secrets: SecretStore): Doors {
  async function close(runId: string): Promise<void> {
    await database.deleteFrom('doors').where('run_id', '=', runId).execute();
  }

  return {
    async open({ runId, hostId, policy }) {
      // First, so that a door in the list always has one.
      await secrets.ensure(tokenName(runId), newToken());
      const door = { host_id: hostId, policy: JSON.stringify(DoorPolicy.parse(policy)) };
      await database
        .insertInto('doors')
        .values({ run_id: runId, ...door, opened_at: new Date().toISOString() })
        .onConflict((conflict) => conflict.column('run_id').doUpdateSet(door))
        .execute();
    },
    close,
    async forget(runId) {
      await close(runId);
      await secrets.removeAll(`door/${runId}/`);
    },
    async read(runId) {
      const row = await database.selectFrom('doors').selectAll().where('run_id', '=', runId).executeTakeFirst();
      const token = row && (await secrets.read(tokenName(runId)));
      if (!row || token === undefined) return undefined;
      return { runId, hostId: row.host_id, policy: DoorPolicy.parse(JSON.parse(row.policy)), token };
    },
    async listTokens() {
      const all = await secrets.list('door/');
      return all.map(({ name, createdAt }) => ({ runId: name.split('/')[1] ?? '', createdAt }));
    },
    async list(hostId) {
      const rows = await database.selectFrom('doors').select('run_id').where('host_id', '=', hostId).execute();
      return rows.map(({ run_id }) => run_id);
    },
  };
}

function tokenName(runId: string): string {
  return `door/${runId}/token`;
}

function newToken(): string {
  return `run_${randomBytes(32).toString('base64url')}`;
}
