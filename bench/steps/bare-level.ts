/** L1: a bare worker with default options, and a client without a codec. */
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { createStepActivities } from './activities.ts';
import { readySignal, stopUpdate, type chain, type life } from './bare-workflows.ts';
import { createMilestones, type Level } from './level.ts';

const taskQueue = 'bare';
const workflowsPath = fileURLToPath(new URL('bare-workflows.ts', import.meta.url));

/** Opens it on the server at this address; `maxCachedWorkflows` as the other level has it. */
export async function openBareLevel(address: string, maxCachedWorkflows: number): Promise<Level> {
  const milestones = createMilestones();
  const connection = await NativeConnection.connect({ address });
  const activities = createStepActivities(milestones.heard);
  const worker = await Worker.create({ connection, taskQueue, workflowsPath, activities, maxCachedWorkflows });
  const running = worker.run();
  const client = new Client({ connection: await Connection.connect({ address }) });

  return {
    runChain: (steps) =>
      client.workflow.execute<typeof chain>('chain', { taskQueue, workflowId: randomUUID(), args: [steps] }),
    async runLife() {
      const id = randomUUID();
      const runs = milestones.reached(id, 'workspace.running');
      const handle = await client.workflow.start<typeof life>('life', { taskQueue, workflowId: id, args: [id] });
      await handle.signal(readySignal);
      await runs;
      await handle.executeUpdate(stopUpdate);
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
