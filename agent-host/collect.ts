/** Handing in what came of a turn. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { AgentOutcome } from './agents/agent.ts';
import { findAgent } from './agents/index.ts';
import type { AgentEnded, LeftOut } from './events.ts';
import type { Host } from './host.ts';
import type { Job, JobLimits } from './job.ts';
import { endFile } from './look-back.ts';
import type { End } from './look-back.ts';
import type { FileBounds } from './repository/file-bounds.ts';
import { bundleResult } from './repository/result-bundle.ts';
import { hasCheckout } from './repository/unpack.ts';
import { packSession } from './session-archive.ts';

const megabyte = 1024 ** 2;
/** An event that names every file of a dependency folder helps nobody. */
const mostNamed = 100;

/** What a result may hold, by default as much as git hosts take. */
export function boundsOf({ fileMegabytes = 100, resultMegabytes = 500 }: JobLimits): FileBounds {
  return { fileBytes: fileMegabytes * megabyte, totalBytes: resultMegabytes * megabyte, files: 50_000 };
}

/**
 * Hands in the branch and the conversation, and returns the end as it is to be told. What cannot be handed in is named:
 * it is no reason to lose the rest.
 */
export async function collectResult(host: Host, job: Job, outcome: AgentOutcome): Promise<AgentEnded> {
  const { places, door, spool } = host;
  const files: string[] = [];
  const leftOut: LeftOut[] = [];

  async function handIn(name: string, make: (file: string) => Promise<boolean>): Promise<void> {
    const file = path.join(places.spool, name);
    try {
      if (!(await make(file))) return;
      await door.upload(name, file);
      files.push(name);
    } catch (error) {
      leftOut.push({ path: name, reason: (error as Error).message });
    }
  }

  await handIn('result.bundle', async (file) => {
    if (!hasCheckout(places)) return false;
    const branch = job.repository?.branch ?? 'main';
    const isComplete = job.repository === null;
    const result = await bundleResult(places, { branch, file, bounds: boundsOf(job.limits), isComplete });
    leftOut.push(...result.leftOut);
    return result.isWritten;
  });
  const sessionFiles = findAgent(job.agent)?.sessionFiles ?? [];
  await handIn('session.tar', (file) => packSession(places.state, sessionFiles, file));
  const end: End = { seq: spool.lastSeq() + 1 };
  await handIn(endFile, (file) => writeFile(file, JSON.stringify(end)).then(() => true));
  return { ...outcome, files: files.filter((name) => name !== endFile), leftOut: named(leftOut) };
}

function named(leftOut: LeftOut[]): LeftOut[] {
  if (leftOut.length <= mostNamed) return leftOut;
  const more = leftOut.length - mostNamed;
  return [...leftOut.slice(0, mostNamed), { path: '…', reason: `${more} more` }];
}
