/** Tells the store, again and again, which providers work here, so that every API process can say it. */
import type { Logger } from 'pino';
import type { MachineSettings } from '../activities/machine.ts';
import type { Availability, MachineProvider } from '../activities/providers/provider.ts';
import { whyOfNoUse } from '../activities/surroundings.ts';
import type { ProviderReport, ProviderReports } from '../store/store.ts';
import type { SizeOffer } from '../workflows/contract/resources.ts';
import { usableIn, type NameChoice, type ProviderChoice } from './providers.ts';

const everyMs = 15_000;

interface Choices {
  providers: readonly ProviderChoice[];
  names: readonly NameChoice[];
  machineSettings: Pick<MachineSettings, 'apiUrl'>;
}

/** Reports at once and then periodically, until the returned function is called. Failures are logged, never thrown. */
export function startProviderReports(choices: Choices, reports: ProviderReports, log: Logger): () => void {
  const all = [...choices.providers, ...choices.names];
  const reportAll = (): void => all.forEach((choice) => void report(choice, choices, reports, log));
  reportAll();
  const timer = setInterval(reportAll, everyMs);
  return () => clearInterval(timer);
}

async function report(
  choice: ProviderChoice | NameChoice,
  choices: Choices,
  reports: ProviderReports,
  log: Logger,
): Promise<void> {
  try {
    await reports.report(await reportOf(choice, choices));
  } catch (error) {
    log.warn({ error }, 'a provider could not be reported');
  }
}

async function reportOf(choice: ProviderChoice | NameChoice, choices: Choices): Promise<ProviderReport> {
  if (!('provider' in choice)) return { id: choice.id, available: false, reason: choice.reason };
  const { provider } = choice;
  const { id } = provider;
  const own = await provider.checkAvailability();
  const breaker = provider.breaker?.() ?? null;
  if (!('ensureMachine' in provider)) return { id, ...own, breaker };
  const { isFree = false, needsNames = false } = provider;
  const availability = own.available && needsNames ? await surroundingsOf(provider, choices) : own;
  return { id, ...availability, isFree, breaker, sizes: await sizesOf(provider) };
}

/** Machines that need names can be made only where names can be published, and where they find their way back. */
async function surroundingsOf(machines: MachineProvider, choices: Choices): Promise<Availability> {
  const { names, machineSettings } = choices;
  const [provider] = usableIn(names);
  const reason = whyOfNoUse(machines, { hasNames: provider !== undefined, ...machineSettings });
  if (!provider || reason !== null) return { available: false, reason };
  const breaker = provider.breaker?.();
  if (breaker?.state === 'open') return { available: false, reason: sparedUntil(provider.id, breaker.until) };
  return await provider.checkAvailability();
}

/** A price list that cannot be read is no reason not to report the rest. */
async function sizesOf(provider: MachineProvider): Promise<SizeOffer[] | null> {
  return (await provider.sizes?.().catch(() => null)) ?? null;
}

function sparedUntil(id: string, until: string | null): string {
  return `${id} failed too often in a row; it is tried again at ${until}.`;
}
