import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until the condition holds, looking often; fails with what was awaited. */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
  what: string,
  withinMs = 30_000,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`Waited ${withinMs} ms in vain until ${what}.`);
    await sleep(20);
  }
}
