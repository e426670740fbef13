/** The same answer for a while; a failure is not kept. */
export function kept<T>(read: () => Promise<T>, forMs: number): () => Promise<T> {
  let latest: { value: T; until: number } | undefined;
  return async () => {
    if (latest === undefined || latest.until < performance.now()) {
      latest = { value: await read(), until: performance.now() + forMs };
    }
    return latest.value;
  };
}
