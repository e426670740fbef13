import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { isRunning, type ProcessIdentity } from '../../engine/supervisor/process-identity.ts';
import { openRunRecords } from '../../engine/supervisor/run-records.ts';
import { openSupervisor } from '../../engine/supervisor/supervisor.ts';
import { until } from '../../engine/until.ts';
import { embeddedTemporal } from '../support/embedded-temporal.ts';
import { diarist, readDiary } from '../support/programs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('the embedded Temporal server', () => {
  it('comes back after kill -9 with everything it had accepted', async () => {
    await using home = await temporaryFolder();
    const temporal = await embeddedTemporal(home.path);
    const supervisor = await openSupervisor(home.path, () => undefined);
    try {
      await supervisor.start(temporal.definition);
      const connection = await temporal.connect();
      await startWorkflow(new Client({ connection }), 'kept');
      const first = recorded(home.path, 'temporal');

      process.kill(first.pid, 'SIGKILL');
      await until('another server answers', async () => isAnotherRunning(home.path, first) && answers(connection));

      assert.equal(await statusOf(new Client({ connection }), 'kept'), 'RUNNING');
      await connection.close();
    } finally {
      await supervisor.stop();
    }
  });

  it('and its data outlive a killed supervisor: the next start ends what is left and carries on', async () => {
    await using home = await temporaryFolder();
    const { program, address } = await startSupervisorProgram(home.path);
    const left = ['temporal', 'worker'].map((name) => recorded(home.path, name));
    try {
      await startWorkflowAt(address, 'kept');
      program.kill('SIGKILL');
      await once(program, 'exit');
      await until('the worker has noticed', () => !isRunning(left[1]!));
      assert.deepEqual(left.map(isRunning), [true, false], 'Temporal runs on, our own program ends by itself');

      const supervisor = await openSupervisor(home.path, () => undefined);
      try {
        assert.deepEqual(left.map(isRunning), [false, false]);
        const temporal = await embeddedTemporal(home.path);
        await supervisor.start(temporal.definition);
        await supervisor.start(diarist(home.path, 'next worker'));

        const connection = await temporal.connect();
        assert.equal(await statusOf(new Client({ connection }), 'kept'), 'RUNNING');
        await connection.close();
      } finally {
        await supervisor.stop();
      }
      assert.deepEqual(await readDiary(home.path), ['worker started', 'next worker started', 'next worker ended']);
    } finally {
      program.kill('SIGKILL');
      for (const process of left) if (isRunning(process)) globalThis.process.kill(process.pid, 'SIGKILL');
    }
  });
});

async function startSupervisorProgram(home: string): Promise<{ program: ChildProcess; address: string }> {
  const file = fileURLToPath(new URL('../support/supervisor-program.ts', import.meta.url));
  const program = spawn(process.execPath, [file, home], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: program.stdout })) {
    if (line.startsWith('ready ')) return { program, address: line.slice('ready '.length) };
  }
  throw new Error('the supervisor ended before it was ready');
}

async function startWorkflowAt(address: string, workflowId: string): Promise<void> {
  const connection = await Connection.connect({ address });
  await startWorkflow(new Client({ connection }), workflowId);
  await connection.close();
}

async function startWorkflow(client: Client, workflowId: string): Promise<void> {
  await client.workflow.start('nobodyWorksOnThis', { workflowId, taskQueue: 'nobody' });
}

async function statusOf(client: Client, workflowId: string): Promise<string> {
  return (await client.workflow.getHandle(workflowId).describe()).status.name;
}

function recorded(home: string, name: string): ProcessIdentity {
  return openRunRecords(home).read(name) ?? assert.fail(`${name} has no run record`);
}

function isAnotherRunning(home: string, first: ProcessIdentity): boolean {
  const current = openRunRecords(home).read('temporal');
  return current !== undefined && current.pid !== first.pid;
}

async function answers(connection: Connection): Promise<boolean> {
  return connection.workflowService.describeNamespace({ namespace: 'default' }).then(
    () => true,
    () => false,
  );
}
