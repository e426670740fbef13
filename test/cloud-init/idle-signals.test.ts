/** The signals of activity, read from trees that look like a machine's own. */
import assert from 'node:assert/strict';
import { copyFile, mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isBusy } from '../../cloud-init/on-machine/idle/cpu.ts';
import { containerCpuMs } from '../../cloud-init/on-machine/idle/container-cpu.ts';
import { newestChange } from '../../cloud-init/on-machine/idle/files.ts';
import { parseStat, processCpuMs } from '../../cloud-init/on-machine/idle/process-cpu.ts';
import { agentProcesses, networkNamespaces } from '../../cloud-init/on-machine/idle/processes.ts';
import { sshSessions } from '../../cloud-init/on-machine/idle/ssh.ts';
import { quietSecondsOf, terminalQuietSeconds } from '../../cloud-init/on-machine/idle/terminals.ts';

describe('signals of activity', () => {
  let folder: string;
  const uid = process.getuid?.() ?? 0;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'pawl-idle-'));
  });

  after(() => rm(folder, { recursive: true, force: true }));

  async function write(file: string, content = ''): Promise<string> {
    const full = path.join(folder, file);
    await mkdir(path.dirname(full), { recursive: true });
    await writeFile(full, content);
    return full;
  }

  async function fakeProcess(pid: number, { exe = '/usr/bin/bash', cmdline = 'bash', cgroup = '0::/', net = '1' }) {
    await write(`proc/${pid}/cmdline`, cmdline);
    await write(`proc/${pid}/cgroup`, cgroup);
    await write(`proc/${pid}/stat`, `${pid} (a (strange) name) S 1 1 1 0 -1 0 0 0 0 0 250 50 0 0 20 0 1 0 9${pid} 0 0`);
    await symlink(exe, path.join(folder, `proc/${pid}/exe`));
    await mkdir(path.join(folder, `proc/${pid}/ns`));
    await symlink(`net:[${net}]`, path.join(folder, `proc/${pid}/ns/net`));
  }

  describe('files', () => {
    it('see a file that was copied with its old times', async () => {
      await write('files/old');
      const since = await newestChange(path.join(folder, 'files'), 0);
      const copy = path.join(folder, 'files/copy');
      await copyFile(path.join(folder, 'files/old'), copy);
      await utimes(copy, 1, 1);
      assert.ok((await newestChange(path.join(folder, 'files'), since)) > since);
    });

    it('see a file that was renamed or removed', async () => {
      const file = await write('moved/one');
      const since = await newestChange(path.join(folder, 'moved'), 0);
      await rename(file, `${file}-renamed`);
      const renamed = await newestChange(path.join(folder, 'moved'), since);
      assert.ok(renamed > since);
      await rm(`${file}-renamed`);
      assert.ok((await newestChange(path.join(folder, 'moved'), renamed)) > renamed);
    });

    it('do not see what git, builds and caches write by themselves', async () => {
      for (const name of ['.git', 'node_modules', '.cache']) await write(`quiet/${name}/before`);
      const since = await newestChange(path.join(folder, 'quiet'), 0);
      for (const name of ['.git', 'node_modules', '.cache']) await write(`quiet/${name}/later`);
      assert.equal(await newestChange(path.join(folder, 'quiet'), since), since);
    });

    it('stay as they were when the folder is gone', async () => {
      assert.equal(await newestChange(path.join(folder, 'nowhere'), 42), 42);
    });
  });

  describe('terminals', () => {
    it('count from the last key, whatever is written to them', async () => {
      await utimes(await write('dev/pts/0'), 1000, 5000);
      await utimes(await write('dev/pts/3'), 4000, 4000);
      await utimes(await write('dev/pts/ptmx'), 9000, 9000);
      assert.equal(await terminalQuietSeconds(4100, path.join(folder, 'dev/pts')), 100);
      assert.equal(quietSecondsOf('pts/0', 4100, path.join(folder, 'dev')), 3100);
    });
  });

  describe('ssh', () => {
    it('counts people and editors, and no scanner at the door', () => {
      const processes = [
        '/lib/systemd/systemd --system',
        'sshd: /usr/sbin/sshd -D [listener] 1 of 10-100 startups',
        'sshd: root [preauth]',
        'sshd: dev [priv]',
        'sshd: dev@pts/3',
        'sshd: dev@notty',
        'grep sshd: dev@pts/9',
      ];
      assert.deepEqual(sshSessions(processes.join('\n')), ['pts/3', 'notty']);
      assert.deepEqual(sshSessions(''), []);
    });
  });

  describe('processes', () => {
    before(async () => {
      await fakeProcess(10, { exe: '/usr/local/bin/node', cmdline: 'node\0/opt/cloudcli/server/index.js' });
      await fakeProcess(11, { exe: '/usr/local/bin/node', cmdline: 'node\0/opt/pawl/idle.ts' });
      await fakeProcess(12, { exe: '/opt/cloudcli/bin/claude', cmdline: 'claude' });
      await fakeProcess(13, {
        exe: '/usr/bin/node',
        cmdline: 'node\0agent.js',
        cgroup: '0::/docker/0123456789ab',
        net: '2',
      });
      await fakeProcess(14, {});
    });

    it('are agents by their program, without the terminal and without our own', () => {
      assert.deepEqual(agentProcesses(10, path.join(folder, 'proc')).sort(), [12, 13]);
    });

    it('are looked at once for each network that they are in', () => {
      assert.deepEqual(networkNamespaces([12, 13, 14], path.join(folder, 'proc')).sort(), [13, 14]);
    });

    it('count their CPU time by id and start, without the terminal and without containers', () => {
      const used = processCpuMs(10, path.join(folder, 'proc'), uid);
      assert.deepEqual(used, { '11:911': 3000, '12:912': 3000, '14:914': 3000 });
      assert.deepEqual(processCpuMs(10, path.join(folder, 'proc'), uid + 1), {});
    });

    it('that end while they are looked at count nothing', () => {
      assert.equal(parseStat(''), undefined);
    });
  });

  describe('CPU', () => {
    const sample = (takenMs: number, usedMs: Record<string, number>) => ({ takenMs, usedMs });

    it('of containers is read from control groups of either version', async () => {
      await write('v1/cpuacct/docker/0123456789ab/cpuacct.usage', '1500000000\n');
      await write('v2/system.slice/docker-0123456789ab.scope/cpu.stat', 'usage_usec 1500000\nuser_usec 1\n');
      await write('v2/system.slice/cron.service/cpu.stat', 'usage_usec 77\n');
      assert.deepEqual(containerCpuMs(path.join(folder, 'v1')), { '0123456789ab': 1500 });
      assert.deepEqual(containerCpuMs(path.join(folder, 'v2')), { '0123456789ab': 1500 });
      assert.deepEqual(containerCpuMs(path.join(folder, 'v3')), {});
    });

    it('is work from one hundredth of a core on', () => {
      assert.equal(isBusy(sample(0, { a: 1000 }), sample(30_000, { a: 1299 })), false);
      assert.equal(isBusy(sample(0, { a: 1000 }), sample(30_000, { a: 1300 })), true);
    });

    it('of a process that started meanwhile counts as a whole, of one that ended not at all', () => {
      assert.equal(isBusy(sample(0, { gone: 90_000 }), sample(30_000, { fresh: 300 })), true);
      assert.equal(isBusy(sample(0, { gone: 90_000 }), sample(30_000, {})), false);
    });

    it('says nothing the first time', () => {
      assert.equal(isBusy(null, sample(0, { a: 90_000 })), false);
    });
  });
});
