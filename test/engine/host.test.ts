import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { checkDockerEngine, startDockerEngine } from '../../engine/host/docker-engine.ts';
import { ensureRequirement } from '../../engine/host/ensure-requirement.ts';
import { type Installer, whyNotInstall } from '../../engine/host/installer.ts';
import { found, missing, type Requirement } from '../../engine/host/requirement.ts';
import { startDetached } from '../../engine/host/start-detached.ts';
import { until } from '../../engine/until.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const silent = () => undefined;

describe('what the machine lacks', () => {
  it('is installed and then activated', async () => {
    const machine = machineWithout('git');

    const finding = await ensureRequirement(machine.requirement, machine.installer, silent);

    assert.deepEqual(finding, found('git 2'));
    assert.deepEqual(machine.done, ['install git ca-certificates', 'activate']);
  });

  it('is left alone when it is there', async () => {
    const machine = machineWithout('git');
    machine.isInstalled = true;

    assert.deepEqual(await ensureRequirement(machine.requirement, machine.installer, silent), found('git 2'));
    assert.deepEqual(machine.done, []);
  });

  it('is never installed against a ban: the operator hears why, what to do, and what works without', async () => {
    const machine = machineWithout('git');
    machine.installer.whyNot = 'PAWL_NO_INSTALL forbids installing';

    const finding = await ensureRequirement(machine.requirement, machine.installer, silent);

    assert.deepEqual(
      finding,
      missing(`git is missing (no git on PATH). It is needed for looking at repositories.
  Not installed, since PAWL_NO_INSTALL forbids installing.
  To do: install git; on Debian or Ubuntu: sudo apt-get install git ca-certificates
  Without it: the rest works.`),
    );
    assert.deepEqual(machine.done, []);
  });

  it('is explained with the words of an installation that failed', async () => {
    const machine = machineWithout('git');
    machine.installer.install = () =>
      Promise.reject(new Error('Reading package lists...\nE: Unable to locate package git'));

    const { isThere, detail } = await ensureRequirement(machine.requirement, machine.installer, silent);

    assert.equal(isThere, false);
    assert.match(detail, /Not installed, since E: Unable to locate package git\./);
  });

  it('can be installed by root on a Debian-like system only, and never with PAWL_NO_INSTALL', () => {
    const debianRoot = { noInstall: false, isRoot: true, hasApt: true };

    assert.equal(whyNotInstall(debianRoot), undefined);
    assert.equal(whyNotInstall({ ...debianRoot, noInstall: true }), 'PAWL_NO_INSTALL forbids installing');
    assert.equal(whyNotInstall({ ...debianRoot, isRoot: false }), 'installing takes root');
    assert.match(whyNotInstall({ ...debianRoot, hasApt: false }) ?? '', /only Debian-like systems/);
  });
});

describe('the Docker engine', () => {
  it('is there when it answers at its address', async () => {
    await using folder = await temporaryFolder();
    const socket = path.join(folder.path, 'docker.sock');
    const engine = createServer((_request, response) => response.writeHead(200, { server: 'Docker/29' }).end('OK'));
    engine.listen(socket);
    await once(engine, 'listening');
    try {
      const address = `unix://${socket}`;
      assert.deepEqual(await checkDockerEngine({ address }), found(`Docker/29 at ${address}`));
    } finally {
      engine.closeAllConnections();
      engine.close();
    }
    assert.match((await checkDockerEngine({ address: `unix://${socket}` })).detail, /does not answer/);
  });

  it('is started with a log, also on the first start, when there is no folder for it yet', async () => {
    await using folder = await temporaryFolder();
    const [program, log] = [path.join(folder.path, 'engine'), path.join(folder.path, 'home', 'logs', 'engine.log')];
    await writeFile(program, '#!/bin/sh\necho begun\n', { mode: 0o755 });
    await startDetached(program, log);
    await until('the engine has written', async () => (await readFile(log, 'utf8')) === 'begun\n');
    await assert.rejects(startDetached(path.join(folder.path, 'none'), log), { code: 'ENOENT' });
  });

  it('is never started where DOCKER_HOST points elsewhere', async () => {
    const host = { address: 'tcp://127.0.0.1:1', pidFile: '/nowhere', logFile: '/nowhere' };

    await assert.rejects(startDockerEngine(host, silent), { name: 'SetupError', message: /DOCKER_HOST is tcp/ });
  });
});

interface Machine {
  isInstalled: boolean;
  /** What was done to it, in order. */
  done: string[];
  installer: Installer;
  requirement: Requirement;
}

/** A machine on which installing works. */
function machineWithout(name: string): Machine {
  const machine = { isInstalled: false, done: [] as string[] };
  const installer: Installer = {
    whyNot: undefined,
    install: async (packages) => {
      machine.done.push(`install ${packages.join(' ')}`);
      machine.isInstalled = true;
    },
  };
  const requirement: Requirement = {
    id: name,
    name,
    neededFor: 'looking at repositories',
    check: async () => (machine.isInstalled ? found(`${name} 2`) : missing(`no ${name} on PATH`)),
    aptPackages: [name, 'ca-certificates'],
    activate: async () => void machine.done.push('activate'),
    byHand: `install ${name}`,
    without: 'the rest works',
  };
  return Object.assign(machine, { installer, requirement });
}
