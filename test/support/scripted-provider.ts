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
import type { Resource } from '../../workflows/contract/resources.ts';
import type { Machine, MachineProvider, MachineSpec } from '../../activities/providers/provider.ts';

export type ProviderCall = 'ensureMachine' | 'findMachine' | 'listMachines' | 'listResources' | 'removeMachine';

export interface ScriptedProviderOptions {
  folder: string;
  /** Where the machines' terminals answer. */
  connectTo: { host: string; port: number };
  /** Called before each effect; throw or wait to misbehave. */
  before?: (call: ProviderCall, workspaceId: string | null) => Promise<void> | void;
  /** Called after the effect and before the answer: a failure here is a time-out after the change was applied. */
  after?: (call: ProviderCall, workspaceId: string | null) => Promise<void> | void;
}

const StoredMachine = z.object({
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
      hourlyPrice: null,
      createdAt,
    };
  }

  return {
    id: 'scripted',
    checkAvailability: async () => ({ available: true, reason: null }),
    ensureMachine: (spec) =>
      play('ensureMachine', spec.workspaceId, () =>
        asMachine(readMachine(folder, spec.workspaceId) ?? create(folder, spec)),
      ),
    findMachine: (workspaceId) =>
      play('findMachine', workspaceId, () => {
        const found = readMachine(folder, workspaceId);
        return found && asMachine(found);
      }),
    listMachines: () => play('listMachines', null, () => readMachines(folder).map(asMachine)),
    listResources: () => play('listResources', null, () => readMachines(folder).map(asResource)),
    removeMachine: (workspaceId) =>
      play('removeMachine', workspaceId, () => rmSync(machineFile(folder, workspaceId), { force: true })),
  };
}

function asResource({ workspaceId, providerId, createdAt }: StoredMachine): Resource {
  const named = { id: providerId, name: providerId, workspaceId, createdAt: createdAt.toISOString() };
  return { ...named, provider: 'scripted', kind: 'server', hourlyPrice: null };
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

function create(folder: string, { workspaceId, hostname, userData }: MachineSpec): StoredMachine {
  const providerId = `machine-${workspaceId}-${process.hrtime.bigint()}`;
  const machine = { workspaceId, providerId, hostname, userData, state: 'running' as const, createdAt: new Date() };
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
