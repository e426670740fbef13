/** The embedded Temporal server, and how it is used. Which server that is, is said by Temporal's own variables. */
import { z } from 'zod';
import { OnOff, Port } from '../settings.ts';

export const temporalSettings = z.object({
  TEMPORAL_CLI_PATH: z.string().optional().describe('Temporal CLI to run the embedded server with.'),
  TEMPORAL_PORT: Port.default(7233).describe('Port of the embedded Temporal server, on 127.0.0.1.'),
  TEMPORAL_UI: OnOff.default(true).describe(
    'Whether there is a Web UI and, under `pawl start`, a codec server for it: on or off.',
  ),
  TEMPORAL_UI_PORT: Port.default(8233).describe("Port of the embedded Temporal server's Web UI, on 127.0.0.1."),
  TEMPORAL_UI_ORIGIN: z
    .url()
    .default('http://127.0.0.1:8233')
    .describe('Origin of the Temporal Web UI, the only one that the codec server answers.'),
  TEMPORAL_SYNCHRONOUS: z
    .enum(['FULL', 'NORMAL'])
    .default('FULL')
    .describe(
      'FULL survives a power cut. NORMAL survives the death of any process, and waits less for the disk (docs/performance.md).',
    ),
  TEMPORAL_LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'never'])
    .default('warn')
    .describe('How much the embedded Temporal server logs.'),
  MAX_CACHED_WORKFLOWS: z.coerce
    .number()
    .int()
    .min(10)
    .default(4000)
    .describe('Workflows kept in memory; one that is not is replayed from its history when something happens to it.'),
});
