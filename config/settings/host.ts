/** The machine that Pawl itself runs on, and what it may do there. */
import { z } from 'zod';
import { defaultCacheFolder } from '../cache-folder.ts';
import { OnOff } from '../settings.ts';

export const hostSettings = z.object({
  PAWL_CACHE_DIR: z
    .string()
    .default(() => defaultCacheFolder())
    .describe("Folder for what is expensive to get, like the Temporal server. The user's cache folder by default."),
  PAWL_NO_INSTALL: OnOff.default(false).describe('`1` forbids installing packages of the operating system.'),
  DOCKER_HOST: z.string().optional().describe('Where the Docker engine listens, if not at its usual socket.'),
});
