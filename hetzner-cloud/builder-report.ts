/** What a builder says of itself, see `cloud-init/on-builder/bake.sh`. */
import { builderReportPort } from '../cloud-init/render-builder.ts';
import type { BuilderLook } from '../workflows/contract/machine-image.ts';

/** It is asked again soon. */
const patienceMs = 3000;

const longestReport = 4000;

/** The builder's words; `undefined` when there are none. Whether it is done is told by Hetzner, not by these. */
export async function readBuilderReport(address: string, signal: AbortSignal): Promise<BuilderLook | undefined> {
  const host = address.includes(':') ? `[${address}]` : address;
  try {
    const answer = await fetch(`http://${host}:${builderReportPort}/report`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]),
      redirect: 'error',
    });
    return answer.ok ? parseReport((await answer.text()).slice(0, longestReport)) : undefined;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

function parseReport(text: string): BuilderLook | undefined {
  const [first = '', ...tail] = printable(text).trim().split('\n');
  const [, state, part = null] = /^(installing|failed) (.+)$/.exec(first) ?? [];
  if (state !== 'installing' && state !== 'failed') return undefined;
  return { state, part, tail: tail.slice(-10).join('\n') };
}

/** It is shown on terminals, and came over a network. */
function printable(text: string): string {
  return text.replaceAll('\r', '\n').replaceAll(/[^\P{C}\n]/gu, '');
}
