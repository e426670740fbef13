/** The agent host: alone in its container it does one job, tells of it through the door, and ends. */
import { parseArgs } from 'node:util';
import { startAgentProgram } from './turn/agent-program.ts';

const { values } = parseArgs({
  options: {
    door: { type: 'string', default: '/run/gw' },
    work: { type: 'string', default: '/work' },
    port: { type: 'string', default: '8080' },
    // Whose turn the job is going to be, where that is known.
    agent: { type: 'string' },
    // Only hands in what an earlier host has left.
    collect: { type: 'boolean', default: false },
  },
});

const stop = new AbortController();
if (values.collect) stop.abort();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort());

{
  // It takes as long to load as the host, which therefore is not imported above.
  const program = values.agent === undefined ? null : startAgentProgram(values.agent);
  const [{ openHost }, { doJob }] = await Promise.all([import('./host.ts'), import('./job-story.ts')]);
  await using host = await openHost({ door: values.door, work: values.work, port: Number(values.port) }, stop.signal);
  await doJob(host, program);
}
// A cancelled preparation may still be waiting for something that nobody needs any more.
process.exit();
