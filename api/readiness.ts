/** Whether this installation can make workspaces now, part by part. */
import { tsToMs } from '@temporalio/common/lib/time.js';
import { controlPlaneQueue } from '../workflows/contract/task-queues.ts';
import type { Readiness } from './answers.ts';
import { readPausingCap } from './costs/cap.ts';
import { grpcCodeOf } from './grpc.ts';
import type { Services } from './services.ts';

const answerMs = 2_000;

/** A worker asks for work at least once a minute; the server remembers the dead ones for five. */
const pollerFreshMs = 70_000;

/** `TASK_QUEUE_TYPE_WORKFLOW`; the package of the enumerations cannot be imported by name from a module. */
const workflowQueue = 1;

/** A part's check returns why it is not ready, or `null`; what it throws is a reason too. */
type Check = (services: Services) => Promise<string | null>;

const checks = {
  store: checkStore,
  blobs: checkBlobs,
  temporal: checkTemporal,
  worker: checkWorker,
  provider: checkProvider,
  costs: checkCosts,
} satisfies Record<keyof Readiness['parts'], Check>;

/** Never rejects, and answers within seconds whatever hangs. */
export async function checkReadiness(services: Services): Promise<Readiness> {
  const entries = Object.entries(checks).map(async ([part, check]) => [part, await judge(check, services)] as const);
  const parts = Object.fromEntries(await Promise.all(entries)) as Readiness['parts'];
  return { ready: Object.values(parts).every(({ ready }) => ready), parts };
}

async function judge(check: Check, services: Services): Promise<Readiness['parts']['store']> {
  try {
    const reason = await check(services);
    return { ready: reason === null, reason };
  } catch (error) {
    services.log.warn({ err: error }, 'a part is not ready');
    return { ready: false, reason: wordsFor(error) };
  }
}

/** Anyone may ask, so messages with addresses and file names stay in the log. */
function wordsFor(error: unknown): string {
  return grpcCodeOf(error) !== undefined ? 'Temporal does not answer.' : 'It does not answer; the log has the reason.';
}

async function checkStore({ store }: Services): Promise<null> {
  await store.ping();
  return null;
}

async function checkBlobs({ blobs }: Services): Promise<null> {
  await blobs.ping();
  return null;
}

async function checkTemporal(services: Services): Promise<null> {
  const { options, connection } = services.temporal;
  await soon(services, () => connection.workflowService.describeNamespace({ namespace: options.namespace }));
  return null;
}

async function checkWorker(services: Services): Promise<string | null> {
  const { options, connection } = services.temporal;
  const { pollers } = await soon(services, () =>
    connection.workflowService.describeTaskQueue({
      namespace: options.namespace,
      taskQueue: { name: controlPlaneQueue },
      taskQueueType: workflowQueue,
    }),
  );
  const oldest = Date.now() - pollerFreshMs;
  const isFresh = pollers?.some(({ lastAccessTime }) => lastAccessTime && tsToMs(lastAccessTime) > oldest);
  return isFresh ? null : `No worker has asked for work on ${controlPlaneQueue} in the last minute.`;
}

async function checkProvider({ store, settings }: Services): Promise<string | null> {
  const id = settings.MACHINE_PROVIDER;
  const report = (await store.providerReports.list()).find((known) => known.id === id);
  if (!report) return `No worker has reported on the machine provider ${id} yet.`;
  if (!report.available) return report.reason ?? `${id} is not available.`;
  const { breaker } = report;
  if (breaker?.state !== 'open') return null;
  return `${id} failed too often in a row since ${breaker.since}; it is tried again at ${breaker.until}.`;
}

/** Anyone may ask, so the amounts are told elsewhere. */
async function checkCosts(services: Services): Promise<string | null> {
  const cap = await readPausingCap(services, new Date());
  return cap && `The monthly cost cap is reached; workspaces can be created again from ${cap.opensAt}.`;
}

async function soon<Result>({ temporal }: Services, call: () => Promise<Result>): Promise<Result> {
  return await temporal.withDeadline(Date.now() + answerMs, call);
}
