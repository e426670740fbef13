import { z } from 'zod';
import { until } from '../engine/until.ts';
import { apiUrl } from './addresses.ts';
import type { CliConfig } from './config.ts';
import type { Step } from './steps.ts';

const patienceMs = 30_000;

const Readiness = z.object({
  ready: z.boolean(),
  parts: z.record(z.string(), z.object({ ready: z.boolean(), reason: z.string().nullable() })),
});
type Readiness = z.infer<typeof Readiness>;

/** Waits a while until every part is ready; what is not becomes a note, since the rest works. */
export function readinessStep({ settings }: CliConfig, notes: string[]): Step {
  const url = `${apiUrl(settings)}/ready`;
  return {
    title: 'Ready',
    run: async (report) => {
      const latest = await latestReadiness(url, (waitingFor) => report(`waiting for ${waitingFor}`));
      if (latest?.ready) return undefined;
      notes.push(`Not everything is ready yet. ${explain(latest)} GET ${url} tells at any time.`);
      return 'not yet, see below';
    },
  };
}

async function latestReadiness(url: string, report: (waitingFor: string) => void): Promise<Readiness | undefined> {
  let latest: Readiness | undefined;
  const isReady = async () => {
    latest = await readReadiness(url);
    report(notReady(latest).join(', ') || 'an answer');
    return latest?.ready ?? false;
  };
  await until('everything is ready', isReady, { deadlineMs: patienceMs, pollMs: 250 }).catch(() => undefined);
  return latest;
}

async function readReadiness(url: string): Promise<Readiness | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    return Readiness.parse(await response.json());
  } catch {
    return undefined;
  }
}

function notReady(readiness: Readiness | undefined): string[] {
  return Object.entries(readiness?.parts ?? {}).flatMap(([part, { ready }]) => (ready ? [] : [part]));
}

function explain(readiness: Readiness | undefined): string {
  const parts = Object.entries(readiness?.parts ?? {}).filter(([, { ready }]) => !ready);
  return parts.map(([part, { reason }]) => `${part}: ${reason ?? 'not ready'}`).join(' ');
}
