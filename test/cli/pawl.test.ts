import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { cliVersion } from '../../engine/temporal/cli-release.ts';
import { writeExecutable } from '../support/executable.ts';
import { freePorts } from '../support/free-ports.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('pawl doctor', () => {
  it('says what is missing, what to do and what works without it, and changes nothing', async () => {
    await using folder = await temporaryFolder();
    const home = path.join(folder.path, 'home');
    const environment = await bareMachine(folder.path);

    const { stdout, exitCode } = await pawl(['doctor'], {
      ...environment,
      PAWL_HOME: home,
      DOCKER_HOST: 'unix:///none',
    });

    assert.equal(exitCode, 1);
    assert.match(stdout, /✘ git: no git on PATH\n +To do: install git .*\n +Without it: /);
    assert.match(stdout, /✘ Docker engine: unix:\/\/\/none does not answer/);
    assert.match(stdout, /✔ Temporal: not here yet, the first start gets it/);
    assert.match(stdout, /✘ Java: no java on PATH/);
    assert.match(stdout, /✔ Port \d+ \(PORT\): free/);
    assert.match(stdout, /✔ Port \d+ \(WORKER_METRICS_ADDRESS\): free/);
    assert.equal(existsSync(home), false);
  });

  it('is content with a machine that has what a start needs', async () => {
    await using folder = await temporaryFolder();
    const environment = await bareMachine(folder.path);
    await writeExecutable(path.join(folder.path, 'bin', 'git'), 'echo git version 2.39.5');
    const cli = path.join(folder.path, 'cache', 'temporal-cli', cliVersion, 'temporal');
    await writeExecutable(cli, `echo 'temporal version 1.8.2 (Server 1.31.2, UI 2.50.1)'`);

    const { stdout, exitCode } = await pawl(['doctor'], { ...environment, MACHINE_PROVIDER: 'another' });

    assert.equal(exitCode, 0);
    assert.ok(stdout.includes('✔ git: git version 2.39.5'));
    assert.ok(stdout.includes(`✔ Temporal: ${cli}`));
  });

  it('names an existing cluster instead of a server of its own', async () => {
    await using folder = await temporaryFolder();
    const environment = { ...(await bareMachine(folder.path)), TEMPORAL_ADDRESS: 'temporal.example:7233' };

    const { stdout } = await pawl(['doctor'], environment);

    assert.ok(stdout.includes('✔ Temporal: the cluster at temporal.example:7233'));
    assert.ok(!stdout.includes('TEMPORAL_PORT'), 'the ports of an embedded server do not matter then');
  });
});

describe('pawl start', () => {
  it("leaves somebody else's Temporal alone and says how to use it", async () => {
    await using folder = await temporaryFolder();
    const environment = { ...(await bareMachine(folder.path)), MACHINE_PROVIDER: 'another', PAWL_NO_INSTALL: '1' };
    const cli = path.join(folder.path, 'cache', 'temporal-cli', cliVersion, 'temporal');
    await writeExecutable(cli, `echo 'temporal version 1.8.2 (Server 1.31.2, UI 2.50.1)'`);
    const theirs = createServer().listen(Number(environment.TEMPORAL_PORT), '127.0.0.1');
    await once(theirs, 'listening');
    try {
      const { stdout, stderr, exitCode } = await pawl(['start'], environment);

      assert.equal(exitCode, 1);
      const address = `127.0.0.1:${environment.TEMPORAL_PORT}`;
      assert.match(stderr, new RegExp(`Port ${environment.TEMPORAL_PORT} on 127.0.0.1 is in use by another program`));
      assert.ok(stderr.includes('Choose another with TEMPORAL_PORT'));
      assert.ok(stderr.includes(`set TEMPORAL_ADDRESS=${address}`));
      await assertShowsNoSecret(environment.PAWL_HOME, stdout + stderr);
      assert.deepEqual(
        await readdir(path.join(environment.PAWL_HOME, 'run')),
        [],
        'the home is free for the next start',
      );
    } finally {
      theirs.close();
    }
  });

  it('reports every setting that does not work, and starts nothing', async () => {
    await using folder = await temporaryFolder();
    const environment = { ...(await bareMachine(folder.path)), PORT: 'many', TEMPORAL_SYNCHRONOUS: 'OFF' };

    const { stderr, exitCode } = await pawl(['start'], environment);

    assert.equal(exitCode, 1);
    assert.match(stderr, /PORT: .*\n.*TEMPORAL_SYNCHRONOUS: /);
    assert.equal(existsSync(environment.PAWL_HOME), false);
  });
});

/** A machine with an empty PATH and cache, and ports that nobody uses. */
async function bareMachine(folder: string) {
  const [api, machineApi, codec, machines, temporal, ui, metrics] = (await freePorts(7)).map(String);
  return {
    PATH: path.join(folder, 'bin'),
    HOME: folder,
    PAWL_HOME: path.join(folder, 'home'),
    PAWL_CACHE_DIR: path.join(folder, 'cache'),
    PORT: api,
    MACHINE_API_PORT: machineApi,
    CODEC_SERVER_PORT: codec,
    MACHINES_PORT: machines,
    TEMPORAL_PORT: temporal,
    TEMPORAL_UI_PORT: ui,
    WORKER_METRICS_ADDRESS: `127.0.0.1:${metrics}`,
  };
}

function pawl(args: string[], environment: Record<string, string | undefined>) {
  const program = fileURLToPath(new URL('../../cli/pawl.ts', import.meta.url));
  return execa(process.execPath, [program, ...args], { env: environment, extendEnv: false, reject: false });
}

async function assertShowsNoSecret(home: string, output: string): Promise<void> {
  for (const file of ['api-token', 'secret-keys']) {
    const secret = (await readFile(path.join(home, file), 'utf8')).trim();
    assert.ok(!output.includes(secret), `the output does not show ${file}`);
  }
}
