import type { BootReport } from '../workflows/contract/workspace.schema.ts';

/**
 * Whether the lifecycle must hear of it. A signal costs history, and that a step is done shows when the next one starts; only
 * the last one's end tells more.
 */
export function concernsLifecycle({ step, status }: Pick<BootReport, 'step' | 'status'>): boolean {
  return status !== 'done' || step === 'ready';
}
