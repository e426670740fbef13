/** The agent host: alone in its container it does one job, tells of it through the door, and ends. */
import { parseArgs } from 'node:util';
import { openHost } from './host.ts';
import { doJob } from './job-story.ts';

const { values } = parseArgs({
  options: {
    door: { type: 'string', default: '/run/gw' },
    work: { type: 'string', default: '/work' },
    port: { type: 'string', default: '8080' },
    // Only hands in what an earlier host has left.
    collect: { type: 'boolean', default: false },
  },
});

const stop = new AbortController();
if (values.collect) stop.abort();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort());

{
  await using host = await openHost({ door: values.door, work: values.work, port: Number(values.port) }, stop.signal);
  await doJob(host);
}
// A cancelled preparation may still be waiting for something that nobody needs any more.
process.exit();
