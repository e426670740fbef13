/** L2: Pawl's own worker options and data converter, and clients that send what its API sends. */
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { startOptions } from '../../api/workspaces/start-options.ts';
import { createDataConverter, failureConverterPath } from '../../codec/data-converter.ts';
import { createKeyring } from '../../store/keyring.ts';
import { newKey } from '../../test/support/keys.ts';
import { newWorkspaceInput } from '../../test/support/workspace-input.ts';
import { workerOptions } from '../../workers/worker.ts';
import { bootReportedSignal, stopWorkspaceUpdate, workspaceStream } from '../../workflows/contract/workspace.ts';
import type { workspaceLifecycle } from '../../workflows/workspace/lifecycle.ts';
import { createStepActivities } from './activities.ts';
import { createMilestones, type Level } from './level.ts';
import type { chain } from './pawl-workflows.ts';

const workflowsPath = fileURLToPath(new URL('pawl-workflows.ts', import.meta.url));

/** Opens it on the server at this address. */
export async function openPawlLevel(address: string, maxCachedWorkflows: number): Promise<Level> {
  const milestones = createMilestones();
  const keyring = createKeyring([newKey()]);
  const connection = await NativeConnection.connect({ address });
  const worker = await Worker.create({
    ...workerOptions({ temporal: { connection: { address }, namespace: 'default' }, keyring, maxCachedWorkflows }),
    connection,
    workflowBundle: await bundleWorkflowCode({
      workflowsPath,
      failureConverterPath,
      logger: Runtime.instance().logger,
    }),
    activities: createStepActivities(milestones.heard),
  });
  const running = worker.run();
  const dataConverter = createDataConverter(keyring);
  const client = new Client({ connection: await Connection.connect({ address }), dataConverter });

  function newWorkflow() {
    const input = newWorkspaceInput();
    return { input, options: startOptions(input, { createdAt: new Date().toISOString(), phase: 'creating' }) };
  }

  return {
    runChain(steps) {
      const { input, options } = newWorkflow();
      return client.workflow.execute<typeof chain>('chain', { ...options, args: [input, steps] });
    },
    async runLife() {
      const { input, options } = newWorkflow();
      const runs = milestones.reached(workspaceStream(input.workspaceId), 'workspace.running');
      const handle = await client.workflow.start<typeof workspaceLifecycle>('workspaceLifecycle', options);
      await handle.signal(bootReportedSignal, { seq: 1, step: 'ready', status: 'done' });
      await runs;
      await handle.executeUpdate(stopWorkspaceUpdate, { args: [{ reason: 'requested' }] });
      await handle.result();
    },
    async [Symbol.asyncDispose]() {
      worker.shutdown();
      await running;
      await client.connection.close();
      await connection.close();
    },
  };
}
