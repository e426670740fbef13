/** Tells the store, again and again, which providers work here, so that every API process can say it. */
import type { Logger } from 'pino';
import type { ProviderReport, ProviderReports } from '../store/store.ts';
import type { ProviderChoice } from './providers.ts';

const everyMs = 15_000;

/** Reports at once and then periodically, until the returned function is called. Failures are logged, never thrown. */
export function startProviderReports(
  choices: readonly ProviderChoice[],
  reports: ProviderReports,
  log: Logger,
): () => void {
  const reportAll = (): void => choices.forEach((choice) => void report(choice, reports, log));
  reportAll();
  const timer = setInterval(reportAll, everyMs);
  return () => clearInterval(timer);
}

async function report(choice: ProviderChoice, reports: ProviderReports, log: Logger): Promise<void> {
  try {
    await reports.report(await reportOf(choice));
  } catch (error) {
    log.warn({ error }, 'a provider could not be reported');
  }
}

async function reportOf(choice: ProviderChoice): Promise<ProviderReport> {
  if (!('provider' in choice)) return { id: choice.id, available: false, reason: choice.reason };
  const { provider } = choice;
  const { id, isFree = false } = provider;
  const availability = await provider.checkAvailability();
  return { id, ...availability, isFree, breaker: provider.breaker?.() ?? null };
}
