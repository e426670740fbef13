/** Pawl's own programs, each a process that can die alone. */
import { fileURLToPath } from 'node:url';
import { type NeededPort, requireFreePort } from './free-port.ts';
import type { ProcessDefinition } from './supervisor/process-definition.ts';
import { until } from './until.ts';

export interface ListeningProcess {
  env: NodeJS.ProcessEnv;
  ports: readonly NeededPort[];
}

/** Runs the workflows and activities; may take a while to hand over what it is doing. */
export function workerProcess({ env, ports }: ListeningProcess): ProcessDefinition {
  const program = nodeProgram('worker', 'workers/main.ts', env);
  return { ...program, drainMs: 30_000, prepare: () => requireFreePorts(ports) };
}

/** Answers requests; ready once it says so under `url`. */
export function apiProcess({ env, ports, url }: ListeningProcess & { url: string }): ProcessDefinition {
  return {
    ...nodeProgram('api', 'api/server.ts', env),
    prepare: () => requireFreePorts(ports),
    untilReady: (signal) => until('the API answers', () => isOk(`${url}/health`), { signal, deadlineMs: 60_000 }),
  };
}

/** The only door out of agents' containers; ready once it hears what it is to open, with all doors of before open again. */
export function gatewayProcess({
  env,
  ports,
  isUp,
}: ListeningProcess & { isUp: () => Promise<boolean> }): ProcessDefinition {
  return {
    ...nodeProgram('gateway', 'gateway/main.ts', env),
    prepare: () => requireFreePorts(ports),
    untilReady: (signal) => until('the gateway answers', isUp, { signal, deadlineMs: 60_000 }),
  };
}

/** Leads `*.vm.localhost` to the local machines. */
export function machinesRouterProcess(env: NodeJS.ProcessEnv, port: NeededPort): ProcessDefinition {
  return { ...nodeProgram('machines-router', 'local-cloud/router.ts', env), prepare: () => requireFreePort(port) };
}

/** Whether a GET of this URL is answered with success. */
async function isOk(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

function nodeProgram(name: string, entry: string, env: NodeJS.ProcessEnv): ProcessDefinition {
  const args = [fileURLToPath(new URL(`../${entry}`, import.meta.url))];
  const environment = { ...allocation, ...env };
  return { name, command: process.execPath, args, env: environment, exitsWithSupervisor: true, drainMs: 10_000 };
}

/** By default glibc keeps freed memory apart for many threads, and a worker with thousands of workspaces never gives it back. */
const allocation = { MALLOC_ARENA_MAX: '2' };

async function requireFreePorts(ports: readonly NeededPort[]): Promise<void> {
  for (const port of ports) await requireFreePort(port);
}
