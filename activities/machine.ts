/** The machine of a workspace: made, looked at, removed. Every activity may be repeated at any time. */
import bcrypt from 'bcryptjs';
import { renderUserData } from '../cloud-init/render.ts';
import { coveredName } from '../workflows/contract/hostnames.ts';
import { terminalUsername, workspaceSecretNames } from '../workflows/contract/secrets.ts';
import type { WorkspaceSize } from '../workflows/contract/workspace.schema.ts';
import type { MachineFacts } from '../workflows/contract/workspace.ts';
import type { Store } from '../store/store.ts';
import { openAccount, removePaidMachine } from './costs.ts';
import { failure } from './failures.ts';
import { whileHeartbeating } from './heartbeat.ts';
import type { NameProvider } from './names/name-provider.ts';
import type { MachineProvider } from './providers/provider.ts';
import { announcingRetries, neverFinal } from './retries.ts';
import { whyOfNoUse } from './surroundings.ts';
import { askTerminal } from './terminal.ts';

export interface MachineDependencies {
  store: Store;
  /** The providers that this worker can use, by id. */
  providers: ReadonlyMap<string, MachineProvider>;
  machineSettings: MachineSettings;
  /** The one that this worker can use, if any. */
  names: NameProvider | undefined;
}

/** What every machine is told at its creation. */
export interface MachineSettings {
  /** Base URL under which machines reach the control plane. */
  apiUrl: string;
  heartbeatSeconds: number;
  /** A machine that was not heard for so long asks once more and powers itself off. */
  deadManMinutes: number;
  /** Who signs the certificate of a machine that has a name in DNS: its own authority, or the provider of names. */
  tls: 'internal' | 'origin';
}

/** Names a workspace's machine. */
export interface MachineKey {
  workspaceId: string;
  provider: string;
}

/** Names a machine that was made. */
export interface KnownMachine extends MachineKey {
  /** As `ensureMachine` told it; a lifecycle that began before this was asked for gives none. */
  providerId?: string;
}

export interface MachineRequest extends MachineKey {
  size: WorkspaceSize;
  hostname: string;
  repoUrl: string;
  branch: string | null;
}

/** A random 128-bit password needs no slow hash; the machine checks it on the first request of every browser. */
const bcryptRounds = 10;

export function createMachineActivities({ store, providers, machineSettings, names }: MachineDependencies) {
  /** Creates the machine, or finds the one that an earlier try made. */
  async function ensureMachine(request: MachineRequest): Promise<MachineFacts> {
    const { workspaceId, size, hostname } = request;
    const provider = providerOf(request);
    // Before anything is paid for that could never be reached, or never report.
    const reason = whyOfNoUse(provider, { hasNames: names !== undefined, apiUrl: machineSettings.apiUrl });
    if (reason !== null) throw failure('ProviderRefused', reason);
    const userData = await userDataFor(request, provider);
    return await announcingRetries(store.events, workspaceId, async () => {
      const spec = { workspaceId, size, hostname, userData };
      const machine = await whileHeartbeating((signal) => provider.ensureMachine(spec, signal));
      await openAccount(store.costs, provider.id, machine);
      const { providerId, ipAddress, accessUrl, needsName, hourlyPrice } = machine;
      return { providerId, ipAddress, accessUrl, needsName, hourlyPrice };
    });
  }

  /** Returns once the terminal answers through TLS and password, and not without the password. One try. */
  async function waitForTerminal(known: KnownMachine): Promise<void> {
    const machine = await providerOf(known).findMachine(known.workspaceId, known.providerId);
    if (!machine) throw failure('MachineLost', 'The machine is gone.');
    const password = await readSecret(workspaceSecretNames(known.workspaceId).password);
    await askTerminal(machine, { username: terminalUsername, password });
  }

  /** How the provider sees the machine now. */
  async function readMachine(known: KnownMachine): Promise<'running' | 'stopped' | 'missing'> {
    const machine = await providerOf(known).findMachine(known.workspaceId, known.providerId);
    if (!machine) return 'missing';
    return machine.state === 'stopped' ? 'stopped' : 'running';
  }

  /** Returns once the provider says that nothing is left. No failure of it is final: what was made must go. */
  async function removeMachine(key: MachineKey): Promise<void> {
    const provider = providerOf(key);
    await announcingRetries(store.events, key.workspaceId, () =>
      whileHeartbeating((signal) => removePaidMachine(store.costs, provider, key.workspaceId, signal)).catch(
        neverFinal,
      ),
    );
  }

  async function removeSecrets({ workspaceId }: { workspaceId: string }): Promise<void> {
    await store.secrets.removeAll(workspaceSecretNames(workspaceId).all);
  }

  return { ensureMachine, waitForTerminal, readMachine, removeMachine, removeSecrets };

  function providerOf({ provider }: { provider: string }): MachineProvider {
    const found = providers.get(provider);
    if (found) return found;
    // Retried: a worker that has this provider may come.
    throw failure('ProviderUnavailable', `This worker has no machine provider "${provider}".`);
  }

  async function userDataFor(
    { workspaceId, hostname, repoUrl, branch }: MachineRequest,
    { needsNames = false }: MachineProvider,
  ): Promise<string> {
    const names = workspaceSecretNames(workspaceId);
    const password = await readSecret(names.password);
    return renderUserData({
      workspaceId,
      hostname,
      coveredName: coveredName(hostname),
      // Nobody but the machine itself can certify a name that is in no DNS.
      tls: needsNames ? machineSettings.tls : 'internal',
      repoUrl,
      branch,
      machineApiUrl: machineSettings.apiUrl,
      machineToken: await readSecret(names.machineToken),
      username: terminalUsername,
      passwordHash: await bcrypt.hash(password, bcryptRounds),
      heartbeatSeconds: machineSettings.heartbeatSeconds,
      deadManMinutes: machineSettings.deadManMinutes,
    });
  }

  async function readSecret(name: string): Promise<string> {
    const value = await store.secrets.read(name);
    if (value === undefined) throw failure('SecretMissing', `The store has no secret "${name}".`);
    return value;
  }
}
