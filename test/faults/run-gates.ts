/** Gates before and after everything that a worker does to the world on behalf of a run. */
import { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import type { Job } from '../../agent-host/job.ts';
import type { DockerEngine } from '../../local-cloud/docker-engine.ts';
import { runLabel } from '../../local-cloud/labels.ts';
import type { BlobStore } from '../../store/blobs/blob-store.ts';
import type { Store } from '../../store/store.ts';
import type { Gate } from './gated-store.ts';

/** The writes of a worker; what agents say comes through the gateway, which has no gates. */
export function gatedRunStore(store: Store, gate: Gate): Store {
  const at = (step: string, holder: string, act: () => Promise<void>) => between(gate, runIn(holder), step, act);
  return {
    ...store,
    events: {
      ...store.events,
      append: (stream, events) =>
        at(events.at(-1)?.type ?? '', stream.startsWith('run:') ? stream : '', () =>
          store.events.append(stream, events),
        ),
    },
    doors: {
      ...store.doors,
      open: (door) => at('openDoor', door.runId, () => store.doors.open(door)),
      close: (runId) => at('closeDoor', runId, () => store.doors.close(runId)),
    },
    modelCalls: {
      ...store.modelCalls,
      totals: (runId) => between(gate, runIn(runId), 'readUsage', () => store.modelCalls.totals(runId)),
    },
    sessions: {
      ...store.sessions,
      keep: (id, turn) => at('saveSession', turn.runId, () => store.sessions.keep(id, turn)),
    },
    callbacks: {
      ...store.callbacks,
      recordAttempt: (id, attempt) => at('recordAttempt', id, () => store.callbacks.recordAttempt(id, attempt)),
    },
  };
}

const stepOfFile: Record<string, string> = { 'repo.tar': 'clone', 'job.json': 'writeJob', 'changes.diff': 'keepDiff' };

/** Checkpoints are made each second, as nobody wants to wait a minute for one. */
export function gatedBlobs(blobs: BlobStore, gate: Gate): BlobStore {
  return {
    ...blobs,
    async put(key, source, limits) {
      const file = key.slice(key.lastIndexOf('/') + 1);
      const given = file === 'job.json' ? await withCheckpoints(source) : source;
      const step = stepOfFile[file] ?? file;
      return await between(gate, runIn(key), step, () => blobs.put(key, given, limits));
    },
  };
}

async function withCheckpoints(source: Readable): Promise<Readable> {
  const job = (await json(source)) as Job;
  return Readable.from([JSON.stringify({ ...job, limits: { ...job.limits, checkpointSeconds: 1 } })]);
}

/** The engine, as far as it makes and removes what runs have there. */
export function gatedEngine(engine: DockerEngine, gate: Gate): DockerEngine {
  const runs = new Map<string, string | undefined>();
  return {
    ...engine,
    async listContainers(labels) {
      const listed = await engine.listContainers(labels);
      for (const { Id, Labels } of listed) runs.set(Id, Labels[runLabel]);
      return listed;
    },
    createContainer: (container) =>
      between(gate, container.Labels?.[runLabel] ?? null, 'createContainer', () => engine.createContainer(container)),
    startContainer: (id) => between(gate, runs.get(id) ?? null, 'startContainer', () => engine.startContainer(id)),
    removeContainer: (id) => between(gate, runs.get(id) ?? null, 'removeContainer', () => engine.removeContainer(id)),
    removeVolume: (name) => between(gate, runIn(name), 'removeVolume', () => engine.removeVolume(name)),
  };
}

async function between<Result>(
  gate: Gate,
  runId: string | null,
  step: string,
  act: () => Promise<Result>,
): Promise<Result> {
  await gate(runId, `before ${step}`);
  const result = await act();
  await gate(runId, `after ${step}`);
  return result;
}

function runIn(text: string): string | null {
  return /run-[a-z0-9]{10}/.exec(text)?.[0] ?? null;
}
