/**
 * Resolves when this process is told to end. The first signal counts; later ones are swallowed, for a terminal's Ctrl-C
 * arrives twice when npm stands in between.
 */
export async function untilToldToStop(): Promise<NodeJS.Signals> {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  return new Promise((resolve) => {
    for (const signal of signals) process.on(signal, () => resolve(signal));
  });
}
