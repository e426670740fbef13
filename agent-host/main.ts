/** The agent host: alone in its container it does one job, tells of it through the door, and ends. */
import { parseArgs } from 'node:util';
import { openHost } from './host.ts';
import { doJob } from './job-story.ts';

const { values } = parseArgs({
  options: {
    door: { type: 'string', default: '/run/gw' },
    work: { type: 'string', default: '/work' },
    port: { type: 'string', default: '8080' },
  },
});

const stop = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort());

{
  await using host = await openHost({ door: values.door, work: values.work, port: Number(values.port) }, stop.signal);
  await doJob(host);
}
// A cancelled preparation may still be waiting for something that nobody needs any more.
process.exit();
