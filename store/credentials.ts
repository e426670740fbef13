import { sql } from 'kysely';
import type { Database, DatabaseTransaction, Tables } from './database.ts';
import { CredentialName, CredentialValue } from './credential-value.ts';
import type { CredentialKind } from './credential-value.ts';
import type { CredentialInfo, Credentials } from './gateway.ts';
import type { Keyring } from './keyring.ts';
import { openText, sealText } from './sealed-text.ts';
import { nameStartsWith } from './secret-store.ts';
import type { Transact } from './transactions.ts';

type Row = Tables['credentials'];

/** Named credentials on SQL. Values lie among the secrets, under a name with their version, and are resealed with those. */
export function createCredentials(database: Database, keyring: Keyring, transact: Transact): Credentials {
  const isVersion = (name: string, version: number) =>
    database.updateTable('credentials').where('name', '=', name).where('version', '=', version);

  async function writeValue(transaction: DatabaseTransaction, name: string, version: number, value: CredentialValue) {
    await removeValues(transaction, name);
    const secret = secretName(name, version);
    const sealed = sealText(keyring, 'secret', secret, JSON.stringify(value));
    await transaction
      .insertInto('secrets')
      .values({ name: secret, ...sealed, created_at: now() })
      .execute();
  }

  return {
    async put(name, given) {
      const value = CredentialValue.parse(given);
      let version = 0;
      await transact(async (transaction) => {
        version = await takeNextVersion(transaction, CredentialName.parse(name), value.kind);
        await writeValue(transaction, name, version, value);
      });
      return version;
    },
    async read(name) {
      // One statement, so that version and value belong together whatever is being rotated.
      const row = await database
        .selectFrom('credentials')
        .innerJoin('secrets', (join) =>
          join.on(sql<boolean>`secrets.name = 'credential/' || credentials.name || '/' || credentials.version`),
        )
        .selectAll('credentials')
        .select(['secrets.key_id', 'secrets.sealed'])
        .where('credentials.name', '=', name)
        .executeTakeFirst();
      if (!row) return undefined;
      const text = openText(keyring, 'secret', secretName(name, row.version), row);
      const refreshUntil = row.refresh_until === null ? null : new Date(row.refresh_until);
      return { ...infoOf(row), refreshUntil, value: CredentialValue.parse(JSON.parse(text)) };
    },
    async list() {
      const rows = await database.selectFrom('credentials').selectAll().orderBy('name').execute();
      return rows.map(infoOf);
    },
    async remove(name) {
      await transact(async (transaction) => {
        await transaction.deleteFrom('credentials').where('name', '=', name).execute();
        await removeValues(transaction, name);
      });
    },
    async report(name, version, failing) {
      await isVersion(name, version).set({ failing }).execute();
    },
    async claimRefresh(name, version, until) {
      const claim = isVersion(name, version).where('refresh_until', 'is', null);
      const { numUpdatedRows } = await claim.set({ refresh_until: until.toISOString() }).executeTakeFirst();
      return numUpdatedRows === 1n;
    },
    async releaseRefresh(name, version) {
      await isVersion(name, version).set({ refresh_until: null }).execute();
    },
    async forfeitRefresh(name, version, failing) {
      await isVersion(name, version)
        .set({ failing, refresh_until: new Date(0).toISOString() })
        .execute();
    },
    async rotate(name, version, given) {
      const value = CredentialValue.parse(given);
      let isRotated = false;
      await transact(async (transaction) => {
        const { numUpdatedRows } = await transaction
          .updateTable('credentials')
          .set({ version: version + 1, failing: null, refresh_until: null, updated_at: now() })
          .where('name', '=', name)
          .where('version', '=', version)
          // Somebody may have removed the credential meanwhile and stored another one under its name.
          .where('refresh_until', 'is not', null)
          .executeTakeFirst();
        isRotated = numUpdatedRows === 1n;
        if (isRotated) await writeValue(transaction, name, version + 1, value);
      });
      return isRotated;
    },
  };
}

async function takeNextVersion(transaction: DatabaseTransaction, name: string, kind: CredentialKind): Promise<number> {
  const fresh = { kind, failing: null, refresh_until: null, updated_at: now() };
  const { version } = await transaction
    .insertInto('credentials')
    .values({ name, ...fresh, version: 1, created_at: now() })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet((row) => ({ ...fresh, version: row('credentials.version', '+', 1) })),
    )
    .returning('version')
    .executeTakeFirstOrThrow();
  return version;
}

async function removeValues(transaction: DatabaseTransaction, name: string): Promise<void> {
  await transaction
    .deleteFrom('secrets')
    .where(nameStartsWith(`credential/${name}/`))
    .execute();
}

function secretName(name: string, version: number): string {
  return `credential/${name}/${version}`;
}

function infoOf({ name, kind, version, failing, created_at, updated_at }: Row): CredentialInfo {
  return { name, kind: kind as CredentialKind, version, failing, createdAt: created_at, updatedAt: updated_at };
}

function now(): string {
  return new Date().toISOString();
}
