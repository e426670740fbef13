/** When a process of an installation is to end. */

/**
 * Aborts on SIGTERM and SIGINT, and when the supervisor that started this process is gone: a process left behind would
 * fight with its successor for ports and files.
 */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  if (process.connected) process.once('disconnect', stop);
  // Listening alone would keep a process alive that has nothing left to do.
  process.channel?.unref();
  return controller.signal;
}
