/** An agent without Pawl, from `docker run` to its end. */
import { fileURLToPath } from 'node:url';
import type { BareContainers } from '../support/bare-container.ts';
import { checkToolCalls } from './messages.ts';
import type { AgentWork } from './work.ts';

const program = fileURLToPath(new URL('bare-agent.ts', import.meta.url));
/** Beside the packages, so that they are found. */
const place = '/opt/pawl/bare-agent.ts';

/** Milliseconds to the first message, and to the end of `docker run`. */
export async function timeBareRun(
  containers: BareContainers,
  { modelUrl, prompt, repoUrl, toolCalls }: AgentWork,
): Promise<{ firstMessageMs: number; totalMs: number }> {
  const startedAt = performance.now();
  const args = [modelUrl, prompt, ...(repoUrl === null ? [] : [repoUrl])];
  const container = containers.run({ command: ['node', place, ...args], network: 'host', files: { [place]: program } });
  let firstMessageMs = Number.NaN;
  const messages: unknown[] = [];
  for await (const line of container.iterable()) {
    if (messages.length === 0) firstMessageMs = performance.now() - startedAt;
    messages.push(JSON.parse(line));
  }
  await container;
  const totalMs = performance.now() - startedAt;
  checkToolCalls(messages, toolCalls);
  return { firstMessageMs, totalMs };
}
