/** Where this user's programs keep what is expensive to get. */
import envPaths from 'env-paths';

/** The cache folder of this user, e.g. `~/.cache/pawl`; `PAWL_CACHE_DIR` names another. */
export function defaultCacheFolder(): string {
  return envPaths('pawl', { suffix: '' }).cache;
}
