/**
 * A worker for the workflows of runs alone, in a process of its own that can be killed at any moment. Every turn begins anew
 * here: what sessions go on from is kept in the memory of the house.
 */
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createEventActivities } from '../../../activities/events.ts';
import { createDataConverter } from '../../../codec/data-converter.ts';
import { createKeyring } from '../../../store/keyring.ts';
import { openStore } from '../../../store/open-store.ts';
import { controlPlaneQueue } from '../../../workflows/contract/task-queues.ts';

export interface WorkerPlace {
  home: string;
  address: string;
  key: string;
}

export interface WorkerOrder {
  place: WorkerPlace;
  /** The file with the workflow bundle. */
  codePath: string;
}

const { place, codePath } = JSON.parse(process.argv[2]!) as WorkerOrder;
Runtime.install({ logger: new DefaultLogger('ERROR') });
const keyring = createKeyring([place.key]);
const store = await openStore({ home: place.home, keyring });
const worker = await Worker.create({
  connection: await NativeConnection.connect({ address: place.address }),
  dataConverter: createDataConverter(keyring),
  taskQueue: controlPlaneQueue,
  workflowBundle: { codePath },
  activities: { ...createEventActivities({ store }), readCheckpoint: () => Promise.resolve(null) },
  // Only those that belong to workflow tasks: the house takes the others.
  enableNonLocalActivities: false,
  // So long the workflows in the memory of a dead worker wait for it.
  stickyQueueScheduleToStartTimeout: '1 second',
});
await worker.run();
