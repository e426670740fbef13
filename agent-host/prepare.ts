/** Bringing the volume to where the agent can start, or go on. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Agent } from './agents/agent.ts';
import { findAgent } from './agents/index.ts';
import { applyCheckpoint, fetchCheckpoint, unpackCheckpoint } from './checkpoints.ts';
import type { Resumed } from './events.ts';
import type { Host } from './host.ts';
import type { ContentBlock, Job } from './job.ts';
import type { Past } from './look-back.ts';
import { resetToResult } from './repository/fence.ts';
import { isBundle, makeCheckout } from './repository/unpack.ts';
import { unpackSession } from './session-archive.ts';

export interface Prepared {
  agent: Agent;
  resumed: Resumed | null;
  /** The conversation to go on with. */
  resume: string | null;
  prompt: ContentBlock[];
}

/** Fails with words for the user when the job cannot be done. */
export async function prepare(host: Host, job: Job, past: Past): Promise<Prepared> {
  const agent = findAgent(job.agent);
  if (!agent) throw new Error(`there is no agent ${job.agent}`);
  const resumed = await recover(host, job, past);
  if (!resumed) {
    await startAfresh(host, job);
    if (job.unpublished !== undefined) await takeUp(host, job.unpublished);
  }

  const { providerSessionId } = host.memory.noted;
  const known = providerSessionId ?? job.resume?.providerSessionId ?? null;
  const resume = known !== null && (await agent.hasSession(host.places.state, known)) ? known : null;
  if (job.resume && !resume) throw new Error('the conversation to go on with is not in its archive');
  return { agent, resumed, resume, prompt: resumed ? [interruption, ...job.prompt] : job.prompt };
}

/** The prompt follows, for the conversation may have been cut off before it. */
const interruption: ContentBlock = {
  type: 'text',
  text: 'You were interrupted while you worked on the following. See what is done already, and go on from there.',
};

async function recover(host: Host, job: Job, { lost }: Past): Promise<Resumed | null> {
  if (lost === 'host') {
    // git processes that died with the container have left their locks behind.
    await rm(path.join(host.places.repo, '.git/index.lock'), { force: true });
    return 'volume';
  }
  const checkpoint = lost === 'volume' ? await fetchCheckpoint(host.door, host.places) : undefined;
  if (!checkpoint) return null;
  await startAfresh(host, job);
  await applyCheckpoint(host.places, checkpoint);
  const { providerSessionId, n, workedMs } = checkpoint;
  await host.memory.note({ providerSessionId, checkpoints: n, workedMs });
  return 'checkpoint';
}

async function startAfresh(host: Host, { repository, resume }: Job): Promise<void> {
  const { places } = host;
  await makeCheckout(places, repository, repository && (await fetched(host, repository.archive)));
  await rm(places.state, { recursive: true, force: true });
  await unpackSession(resume && (await fetched(host, resume.archive)), places.state);
  await rm(path.join(places.spool, 'input'), { force: true });
}

/** Brings what an earlier turn left into a fresh checkout. */
async function takeUp(host: Host, name: string): Promise<void> {
  const { places, memory } = host;
  const file = await fetched(host, name);
  try {
    if (await isBundle(file)) return await resetToResult(places, file);
    const checkpoint = await unpackCheckpoint(file, places);
    await applyCheckpoint(places, checkpoint);
    await memory.note({ providerSessionId: checkpoint.providerSessionId });
  } catch (error) {
    throw new Error(`what the turn before left cannot be taken up: ${(error as Error).message}`, { cause: error });
  } finally {
    await rm(file, { force: true });
  }
}

async function fetched({ door, places }: Host, name: string): Promise<string> {
  const file = path.join(places.spool, 'input');
  if (!(await door.download(name, file))) throw new Error(`the run has no file ${name}`);
  return file;
}
