/** One job, from wherever an earlier host left it to the end that is told. */
import { once } from 'node:events';
import path from 'node:path';
import type { AgentOutcome } from './agents/agent.ts';
import { ending } from './agents/common/outcomes.ts';
import { findAgent } from './agents/index.ts';
import { collectResult } from './collect.ts';
import { writeDurably } from './durable.ts';
import type { Host } from './host.ts';
import type { Job } from './job.ts';
import { prepare } from './prepare.ts';
import { lookBack } from './look-back.ts';
import { startAgentProgram, type AgentProgram } from './turn/agent-program.ts';
import type { Past } from './look-back.ts';
import { withCheckoutIn } from './places.ts';
import { work } from './work.ts';

/**
 * Does the job of this door. Killed at any moment and started anew, on the same volume or on an empty one, it goes on: no
 * event is lost or told twice, and the end is told once. An agent's program that was started already is made use of.
 */
export async function doJob(host: Host, program: AgentProgram | null): Promise<void> {
  const past = await lookBack(host);
  if (!past.isOver) {
    const job = await host.door.job(host.cancelled);
    const here = { ...host, places: withCheckoutIn(host.places, job.directory ?? '') };
    const outcome = past.outcome ?? (await workOn(here, job, past, program));
    await host.spool.append('agent.ended', await collectResult(here, job, outcome));
  }
  await host.delivery.drained();
}

/** The outcome is noted before its files are collected, so that no host works for it again. */
async function workOn(host: Host, job: Job, past: Past, started: AgentProgram | null): Promise<AgentOutcome> {
  const outcome = await preparedAndDone(host, job, past, started).catch((error: unknown) =>
    ending('failed', wordsOf(error)),
  );
  await writeDurably(path.join(host.places.spool, 'outcome.json'), JSON.stringify(outcome));
  return outcome;
}

const notStarted = ending('aborted', 'cancelled before the agent started');

async function preparedAndDone(host: Host, job: Job, past: Past, started: AgentProgram | null): Promise<AgentOutcome> {
  if (host.cancelled.aborted) return notStarted;
  // It loads meanwhile, which takes about as long.
  await using program = started ?? startAgentProgram(findAgent(job.agent)?.id ?? job.agent);
  const prepared = await Promise.race([prepare(host, job, past), once(host.cancelled, 'abort').then(() => undefined)]);
  return prepared ? await work(host, job, prepared, program) : notStarted;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
