/** Looking for conversations below an agent's home. */
import { glob } from 'node:fs/promises';

/** Whether any file below `home` has a path like this. */
export async function anyFile(home: string, pattern: string): Promise<boolean> {
  for await (const _ of glob(pattern, { cwd: home })) return true;
  return false;
}
