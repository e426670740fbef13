/**
 * Live workspaces without their creation: each is started in the state in which a lifecycle continues as new, with its secrets
 * and its machine, so that it is in no way different from one that was created.
 */
import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { startOptions } from '../../api/workspaces/start-options.ts';
import { createDataConverter } from '../../codec/data-converter.ts';
import { createScriptedProvider } from '../../test/support/scripted-provider.ts';
import { newWorkspaceInput } from '../../test/support/workspace-input.ts';
import { workspaceSecretNames } from '../../workflows/contract/secrets.ts';
import type { CarriedWorkspace, WorkspaceInput } from '../../workflows/contract/workspace.ts';
import { newLiveness } from '../../workflows/workspace/idle.ts';
import type { workspaceLifecycle } from '../../workflows/workspace/lifecycle.ts';
import type { Installation } from './installation.ts';
import type { LoadMachine } from './machine.ts';

const atOnce = 20;
const msPerMinute = 60_000;

/** Starts so many. */
export async function seedWorkspaces(installation: Installation, count: number): Promise<LoadMachine[]> {
  const connection = await Connection.connect({ address: installation.temporalAddress });
  const client = new Client({ connection, dataConverter: createDataConverter(installation.keyring) });
  const machines: LoadMachine[] = [];
  let started = 0;
  const lane = async (): Promise<void> => {
    for (let share = started++ / count; share < 1; share = started++ / count) {
      machines.push(await seedOne(installation, client, share));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  await connection.close();
  return machines;
}

async function seedOne(installation: Installation, client: Client, share: number): Promise<LoadMachine> {
  const input = newWorkspaceInput();
  const { workspaceId, hostname, size } = input;
  const { machineToken, password } = workspaceSecretNames(workspaceId);
  const token = randomBytes(32).toString('base64url');
  await installation.store.secrets.ensure(machineToken, token);
  await installation.store.secrets.ensure(password, randomBytes(18).toString('base64url'));

  const provider = createScriptedProvider({ folder: installation.cloud, connectTo: terminalOf(installation) });
  const spec = { workspaceId, size, hostname, userData: '' };
  const { providerId, ipAddress, accessUrl } = await provider.ensureMachine(spec, AbortSignal.timeout(10_000));
  const carriedOver = carriedState(input, { providerId, ipAddress, accessUrl }, share);
  const options = startOptions({ ...input, carriedOver }, { createdAt: new Date().toISOString(), phase: 'running' });
  await client.workflow.start<typeof workspaceLifecycle>('workspaceLifecycle', options);
  return { id: workspaceId, token };
}

function terminalOf({ terminalPort }: Installation): { host: string; port: number } {
  return { host: '127.0.0.1', port: terminalPort };
}

/** Heard at moments that spread the fleet's timers evenly, as they are in a fleet that came to be over hours. */
function carriedState(
  { limits }: WorkspaceInput,
  machine: CarriedWorkspace['machine'],
  share: number,
): CarriedWorkspace {
  const now = Date.now();
  const liveness = newLiveness(now, limits);
  const heardAt = now - (0.8 - share) * limits.heartbeatLostMinutes * msPerMinute;
  return { machine, createdAt: now, keepUntil: 0, recordedEvents: 1000, liveness: { ...liveness, heardAt } };
}
