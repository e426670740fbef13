/** Where callbacks may go. */
import { z } from 'zod';
import { Hosts } from '../settings.ts';

export const callbackSettings = z.object({
  CALLBACK_INSECURE_HOSTS: Hosts.describe(
    'Hosts that callbacks may reach by plain http: host or host:port, comma-separated.',
  ),
  CALLBACK_PRIVATE_HOSTS: Hosts.describe(
    'Hosts that callbacks may reach at addresses that are not public, like those of your own network: host or host:port.',
  ),
});
