/** A throw-away Postgres cluster of the machine's own Postgres package. */
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { findPostgres, postgresProgram } from '../../engine/host/postgres.ts';
import { freePorts } from './free-ports.ts';

export interface PostgresCluster extends AsyncDisposable {
  /** Makes a new, empty database and resolves to its URL. */
  createDatabase(): Promise<string>;
}

/**
 * Starts a cluster on a free loopback port, with a folder of its own that goes with it. As root it runs as `nobody`, because
 * Postgres refuses root. Rejects with what is missing when the machine has no Postgres.
 */
export async function startPostgres(): Promise<PostgresCluster> {
  const { isThere, detail } = await findPostgres();
  if (!isThere)
    throw new Error(`These tests need a PostgreSQL server (${detail}). \`pawl doctor\` says how to get one.`);
  const folder = await mkdtemp(path.join(tmpdir(), 'pawl-postgres-'));
  const user = process.getuid?.() === 0 ? await nobody() : undefined;
  if (user) await chown(folder, user.uid, user.gid);
  const run = execa({ ...user, cwd: folder });
  const data = path.join(folder, 'data');
  const pgCtl = postgresProgram('pg_ctl');
  const [port = 0] = await freePorts(1);

  await run`${postgresProgram('initdb')} -D ${data} -U pawl -A trust -E UTF8 --no-sync`;
  const settings = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c fsync=off`;
  await run`${pgCtl} -D ${data} -l ${path.join(folder, 'log')} -o ${settings} -w start`;

  let databases = 0;
  return {
    async createDatabase() {
      const name = `pawl_${++databases}`;
      await run`${postgresProgram('createdb')} -h 127.0.0.1 -p ${port} -U pawl ${name}`;
      return `postgres://pawl@127.0.0.1:${port}/${name}`;
    },
    async [Symbol.asyncDispose]() {
      await run`${pgCtl} -D ${data} -m immediate -w stop`;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function nobody(): Promise<{ uid: number; gid: number }> {
  const [uid, gid] = await Promise.all([execa`id -u nobody`, execa`id -g nobody`]);
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}
