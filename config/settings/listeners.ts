/** Where Pawl's processes listen, and what opens their doors. */
import { z } from 'zod';
import { Port } from '../settings.ts';

export const listenerSettings = z.object({
  HOST: z.string().default('127.0.0.1').describe('Address that the API listens on.'),
  PORT: Port.default(3100).describe('Port that the API listens on.'),
  API_TOKEN: z.string().min(16).optional().describe("The owner's bearer token. Made on first run."),
  MACHINE_API_HOST: z
    .string()
    .optional()
    .describe(
      "Address of the second listener, which serves machines alone. `pawl start` takes Docker's bridge for local machines; otherwise all addresses.",
    ),
  MACHINE_API_PORT: Port.default(3101).describe('Port of the second listener.'),
  MACHINES_PORT: Port.default(8443).describe('Port on 127.0.0.1 under which local machines are reached by name.'),
  CODEC_SERVER_PORT: Port.optional().describe(
    'Port on 127.0.0.1 of the codec server, by which the Temporal Web UI shows decoded payloads. Unset: none.',
  ),
  WORKER_METRICS_ADDRESS: z
    .string()
    .default('127.0.0.1:9464')
    .describe("Address of the worker's Prometheus metrics; `off` for none."),
});
