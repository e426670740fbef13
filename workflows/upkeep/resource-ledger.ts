/** On request: what exists at every provider at this moment. */
import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import type { LedgerReading } from '../contract/upkeep.ts';
import { reasonOf } from './reason.ts';

/** Somebody waits for the answer, so a provider that does not answer soon is told as such. */
const { readProviders, readResources } = proxyActivities<Activities>({
  startToCloseTimeout: '8 seconds',
  scheduleToCloseTimeout: '8 seconds',
  retry: { maximumAttempts: 2 },
});

/** Has every provider read into the store, side by side; returns for which of them that worked. */
export async function resourceLedger(): Promise<LedgerReading> {
  const reading: LedgerReading = { read: [], unreadable: [] };
  const providers = await readProviders();
  await Promise.all(
    providers.map(async (provider) => {
      try {
        await readResources({ provider });
        reading.read.push(provider);
      } catch (error) {
        reading.unreadable.push({ place: provider, reason: reasonOf(error) });
      }
    }),
  );
  return reading;
}
