/** What the smoke test does: one workspace, from its creation to nothing left. */
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../engine/until.ts';
import type { Account } from '../support/terminal.ts';
import type { SmokeInstallation } from './installation.ts';
import { listRemains } from './own-lists.ts';
import type { SmokeSettings } from './settings.ts';
import { knock } from './visit.ts';

export interface SmokeParts {
  settings: SmokeSettings;
  /** Its name at the providers. */
  name: string;
  installation: SmokeInstallation;
  /** Hears of the workspace as soon as it has an id. */
  onCreated: (workspaceId: string) => void;
  tell: (line: string) => void;
  signal: AbortSignal;
}

const pollMs = 1000;
const minuteMs = 60_000;

/** Small enough for every machine, and open to everybody. */
const repoUrl = 'https://github.com/octocat/Hello-World.git';

/** Fails with what went wrong; whatever then exists is left to the caller. */
export async function playStory(parts: SmokeParts): Promise<void> {
  const { settings, installation, tell } = parts;
  const created = await installation.call('POST', '/vms', { repoUrl, size: 'small', name: 'smoke-test' });
  const id = String(created['id']);
  parts.onCreated(id);
  tell(`workspace ${id} is being created, at https://${String(created['hostname'])}/`);
  await untilStatus(parts, id, 'running', 20 * minuteMs);

  const doorway = { hostname: String(created['hostname']), isTrusted: settings.DNS_PROXIED };
  await untilOpen(parts, doorway, created['credentials'] as Account);
  tell('its terminal answers at its public name, and asks for the password');

  await installation.call('DELETE', `/vms/${id}`);
  await untilStatus(parts, id, 'stopped', 10 * minuteMs);
  await insistOnNothing(parts, 10 * minuteMs);
  tell('Hetzner and Cloudflare list nothing of it any more');
  tell(`it cost ${await readCosts(installation)}`);
}

/** Until then by Pawl's own doing: what servers share goes with a sweep, which comes every minute. */
async function insistOnNothing({ settings, name, signal }: SmokeParts, deadlineMs: number): Promise<void> {
  let left: string[] = [];
  const isClean = async (): Promise<boolean> => (left = await listRemains(settings, name)).length === 0;
  await until('nothing is left', isClean, { signal, deadlineMs, pollMs: 5 * pollMs }).catch((error: unknown) => {
    signal.throwIfAborted();
    if (left.length === 0) throw error;
    throw new Error(`There are things of ${name} where there should be none: ${left.join(', ')}`);
  });
}

/** Tells what the workspace waits for on its way. */
async function untilStatus(
  { installation, tell, signal }: SmokeParts,
  id: string,
  status: string,
  deadlineMs: number,
): Promise<void> {
  let told = '';
  const isThere = async (): Promise<boolean> => {
    const state = await installation.call('GET', `/vms/${id}`).catch(() => undefined);
    if (!state) return false;
    const waitingFor = (state['waitingFor'] as { what: string } | null)?.what;
    const news = `${String(state['status'])}${waitingFor ? `: waits for ${waitingFor}` : ''}`;
    if (news !== told) tell((told = news));
    if (state['status'] === 'failed' && status !== 'failed') {
      throw new Error(`The workspace failed: ${String(state['errorCode'])}: ${String(state['error'])}`);
    }
    return state['status'] === status;
  };
  await until(`${id} is ${status}`, isThere, { signal, deadlineMs, pollMs });
}

/** A name gets around the world within moments, the proxy's certificate within minutes. */
async function untilOpen(
  { signal }: SmokeParts,
  doorway: Parameters<typeof knock>[0],
  account: Account,
): Promise<void> {
  const deadline = performance.now() + 5 * minuteMs;
  for (;;) {
    const answers = await Promise.all([knock(doorway), knock(doorway, account)]).catch((error: unknown) =>
      String(error),
    );
    if (String(answers) === '401,200') return;
    if (performance.now() > deadline) {
      throw new Error(
        `https://${doorway.hostname}/ should answer 401, and 200 with the password; but: ${String(answers)}`,
      );
    }
    await sleep(5 * pollMs, undefined, { signal });
  }
}

async function readCosts(installation: SmokeInstallation): Promise<string> {
  const { totals } = await installation.call('GET', '/costs');
  const amounts = (totals as { amount: string; currency: string }[]).map(
    ({ amount, currency }) => `${amount} ${currency}`,
  );
  return amounts.join(' and ') || 'nothing';
}
