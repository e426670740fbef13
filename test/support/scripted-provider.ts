/**
 * A machine provider whose cloud is a folder: one file a machine, so it survives kill -9 of whoever uses it, and any
 * number of processes may share it. What it is told to do wrong, it does wrong.
 */
import {
  appendFileSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { Money, Resource, ResourceKind } from '../../workflows/contract/resources.ts';
import type { Machine, MachineProvider, MachineSpec } from '../../activities/providers/provider.ts';

export type ProviderCall =
  'ensureMachine' | 'findMachine' | 'listMachines' | 'listResources' | 'removeMachine' | 'listUnused' | 'removeUnused';

export interface ScriptedProviderOptions {
  folder: string;
  /** Where the machines' terminals answer. */
  connectTo: { host: string; port: number };
  id?: string;
  /** Whose machines it sees; several installations may share a folder, as they may an account. */
  installation?: string;
  /** What a machine costs; nothing by default. */
  prices?: () => { hourlyPrice: Money | null; monthlyPrice?: Money | null };
  /** What is made beside each machine. */
  extras?: ResourceKind[];
  /** Called before each effect; throw or wait to misbehave. */
  before?: (call: ProviderCall, workspaceId: string | null) => Promise<void> | void;
  /** Called after the effect and before the answer: a failure here is a time-out after the change was applied. */
  after?: (call: ProviderCall, workspaceId: string | null) => Promise<void> | void;
}

const defaultInstallation = 'pawl-test';

const StoredMachine = z.object({
  installation: z.string().default(defaultInstallation),
  workspaceId: z.string(),
  providerId: z.string(),
  hostname: z.string(),
  userData: z.string(),
  state: z.enum(['running', 'stopped']),
  createdAt: z.coerce.date(),
});
export type StoredMachine = z.infer<typeof StoredMachine>;

export function createScriptedProvider(options: ScriptedProviderOptions): MachineProvider {
  const { folder, before = () => undefined, after = () => undefined } = options;
  const { id = 'scripted', installation = defaultInstallation, extras = [] } = options;
  mkdirSync(folder, { recursive: true });

  async function play<Result>(call: ProviderCall, workspaceId: string | null, effect: () => Result): Promise<Result> {
    await before(call, workspaceId);
    const result = effect();
    await after(call, workspaceId);
    return result;
  }

  function asMachine({ workspaceId, providerId, hostname, state, createdAt }: StoredMachine): Machine {
    const accessUrl = `https://${hostname}:${options.connectTo.port}/`;
    return {
      workspaceId,
      providerId,
      state,
      ipAddress: '127.0.0.1',
      accessUrl,
      connectTo: options.connectTo,
      // Names under `localhost` are nobody's to publish.
      needsName: !hostname.endsWith('localhost'),
      ...(options.prices?.() ?? { hourlyPrice: null }),
      createdAt,
    };
  }

  function find(workspaceId: string): StoredMachine | undefined {
    const machine = readMachine(folder, workspaceId);
    return machine?.installation === installation ? machine : undefined;
  }

  function findAll(): StoredMachine[] {
    return readMachines(folder).filter((machine) => machine.installation === installation);
  }

  function findShared(): Resource[] {
    return readShared(folder, installation).map((one) => ({ ...one, provider: id }));
  }

  function findUnused(made: Date): Resource[] {
    if (findAll().length > 0) return [];
    return findShared().filter(({ createdAt }) => Date.parse(createdAt) < made.getTime());
  }

  function resourcesOf({ workspaceId, providerId, createdAt }: StoredMachine): Resource[] {
    const named = { provider: id, name: providerId, workspaceId, createdAt: createdAt.toISOString() };
    const hourlyPrice = options.prices?.().hourlyPrice ?? null;
    return [
      { ...named, kind: 'server', id: providerId, hourlyPrice },
      ...extras.map((kind) => ({ ...named, kind, id: `${kind}-${providerId}`, hourlyPrice: null })),
    ];
  }

  return {
    id,
    isFree: options.prices === undefined,
    checkAvailability: async () => ({ available: true, reason: null }),
    ensureMachine: (spec) =>
      play('ensureMachine', spec.workspaceId, () =>
        asMachine(find(spec.workspaceId) ?? create(folder, installation, spec)),
      ),
    findMachine: (workspaceId) =>
      play('findMachine', workspaceId, () => {
        const found = find(workspaceId);
        return found && asMachine(found);
      }),
    listMachines: () => play('listMachines', null, () => findAll().map(asMachine)),
    listResources: () => play('listResources', null, () => [...findAll().flatMap(resourcesOf), ...findShared()]),
    removeMachine: (workspaceId) =>
      play('removeMachine', workspaceId, () => {
        if (find(workspaceId)) rmSync(machineFile(folder, workspaceId), { force: true });
      }),
    listUnused: (before) => play('listUnused', null, () => findUnused(before)),
    removeUnused: (before) =>
      play('removeUnused', null, () => {
        const unused = findUnused(before);
        for (const { id: name } of unused) rmSync(path.join(folder, `${name}.shared`), { force: true });
        return unused;
      }),
  };
}

/** Puts something there that all of an installation's machines use. */
export function shareKey(folder: string, id: string, installation = defaultInstallation): void {
  const createdAt = new Date().toISOString();
  const key: Omit<Resource, 'provider'> = {
    ...{ kind: 'ssh-key', id, name: installation, workspaceId: null, createdAt },
    hourlyPrice: null,
  };
  writeFileSync(path.join(folder, `${id}.shared`), JSON.stringify(key));
}

function readShared(folder: string, installation: string): Omit<Resource, 'provider'>[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.shared'));
  const all = files.map(
    (name) => JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as Omit<Resource, 'provider'>,
  );
  return all.filter(({ name }) => name === installation);
}

/** Every machine that exists in the folder now. */
export function readMachines(folder: string): StoredMachine[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return files.flatMap((name) => readMachine(folder, name.slice(0, -'.json'.length)) ?? []);
}

/** How many machines were ever made for the workspace. */
export function countCreations(folder: string, workspaceId: string): number {
  const journal = readFileSync(path.join(folder, 'created'), { encoding: 'utf8', flag: 'a+' });
  return journal.split('\n').filter((line) => line === workspaceId).length;
}

/** What happens to a machine whose provider or owner switches it off. */
export function switchOff(folder: string, workspaceId: string): void {
  const machine = readMachine(folder, workspaceId);
  if (machine) writeFileSync(machineFile(folder, workspaceId), JSON.stringify({ ...machine, state: 'stopped' }));
}

function create(folder: string, installation: string, { workspaceId, hostname, userData }: MachineSpec): StoredMachine {
  const providerId = `machine-${workspaceId}-${process.hrtime.bigint()}`;
  const machine = {
    ...{ installation, workspaceId, providerId, hostname, userData },
    state: 'running' as const,
    createdAt: new Date(),
  };
  // Whole at once, and exclusive, as a unique server name is with a real provider.
  const draft = path.join(folder, providerId);
  writeFileSync(draft, JSON.stringify(machine));
  linkSync(draft, machineFile(folder, workspaceId));
  unlinkSync(draft);
  appendFileSync(path.join(folder, 'created'), `${workspaceId}\n`);
  return machine;
}

function readMachine(folder: string, workspaceId: string): StoredMachine | undefined {
  try {
    return StoredMachine.parse(JSON.parse(readFileSync(machineFile(folder, workspaceId), 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function machineFile(folder: string, workspaceId: string): string {
  return path.join(folder, `${workspaceId}.json`);
}
