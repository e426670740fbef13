/** The same answer for a while; a failure is not kept, nor what is not worth it. */
export function kept<T>(
  read: () => Promise<T>,
  forMs: number,
  isWorthIt: (value: T) => boolean = () => true,
): () => Promise<T> {
  let latest: { value: T; until: number } | undefined;
  return async () => {
    if (latest !== undefined && latest.until >= performance.now()) return latest.value;
    const value = await read();
    latest = isWorthIt(value) ? { value, until: performance.now() + forMs } : undefined;
    return value;
  };
}
