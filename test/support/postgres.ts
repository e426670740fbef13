/** A throw-away Postgres cluster of the machine's own Postgres package. */
import { chown, mkdtemp, readdir, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
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
  const bin = await findOrInstallBinaries();
  const folder = await mkdtemp(path.join(tmpdir(), 'pawl-postgres-'));
  const user = process.getuid?.() === 0 ? await nobody() : undefined;
  if (user) await chown(folder, user.uid, user.gid);
  const run = execa({ ...user, cwd: folder });
  const data = path.join(folder, 'data');
  const [port = 0] = await freePorts(1);

  await run`${bin}/initdb -D ${data} -U pawl -A trust -E UTF8 --no-sync`;
  const settings = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c fsync=off`;
  await run`${bin}/pg_ctl -D ${data} -l ${path.join(folder, 'log')} -o ${settings} -w start`;

  let databases = 0;
  return {
    async createDatabase() {
      const name = `pawl_${++databases}`;
      await run`${bin}/createdb -h 127.0.0.1 -p ${port} -U pawl ${name}`;
      return `postgres://pawl@127.0.0.1:${port}/${name}`;
    },
    async [Symbol.asyncDispose]() {
      await run`${bin}/pg_ctl -D ${data} -m immediate -w stop`;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function findOrInstallBinaries(): Promise<string> {
  const found = await findBinaries();
  if (found) return found;
  const mayInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get') && !process.env['PAWL_NO_INSTALL'];
  if (mayInstall) await installPackage();
  const installed = await findBinaries();
  if (installed) return installed;
  throw new Error('These tests need Postgres (initdb, pg_ctl). On Debian: apt-get install postgresql.');
}

async function findBinaries(): Promise<string | undefined> {
  const packages = '/usr/lib/postgresql';
  const versions = existsSync(packages) ? await readdir(packages) : [];
  const newest = versions.toSorted((a, b) => Number(b) - Number(a))[0];
  if (newest) return path.join(packages, newest, 'bin');
  const { stdout, exitCode } = await execa({ reject: false })`which initdb`;
  return exitCode === 0 ? path.dirname(stdout) : undefined;
}

async function installPackage(): Promise<void> {
  console.error('Installing the postgresql package …');
  // In this runlevel the package starts no service.
  const env = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  await execa({ env })`apt-get update -qq`;
  await execa({ env })`apt-get install -y -qq --no-install-recommends postgresql`;
}

async function nobody(): Promise<{ uid: number; gid: number }> {
  const [uid, gid] = await Promise.all([execa`id -u nobody`, execa`id -g nobody`]);
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}
