/** From a place on a runner to an agent that can begin: its container, and beside it the repository and the job. */
import { runBranch } from '../contract/branch-name.ts';
import { checkoutDirectory } from '../contract/checkout.ts';
import { runBlobs, type HeldPlace, type RunRepository } from '../contract/run.ts';
import { prepareRepository, writeJob } from './activities.ts';
import { startContainer } from './container.ts';
import { record, setStatus, setStep } from './record.ts';
import type { Checkout, Run } from './run.ts';
import { together } from './together.ts';
import { repositoryFile, unpublishedCheckout } from './unpublished.ts';

/**
 * The container takes as long as a small clone, so both are made at once. A repository that was cloned once is there for every
 * runner.
 */
export async function prepare(run: Run, place: HeldPlace): Promise<void> {
  setStatus(run, 'preparing');
  await together(
    () => startContainer(run, place),
    () => layOut(run, place),
  );
}

async function layOut(run: Run, place: HeldPlace): Promise<void> {
  await record(run, { type: 'run.preparing', data: { host: place.hostId, resuming: isResuming(run) } });
  const { repository } = run.input;
  if (repository) run.checkout ??= (await goOn(run, repository)) ?? (await clone(run, repository));
  run.mayHaveBegun = true;
  await describeJob(run);
  setStep(run, 'start the agent', 'its container');
}

/** The session's own branch is gone on with; one that somebody deleted is made again from the base. */
async function clone(run: Run, repository: RunRepository): Promise<Checkout> {
  const { runId, promptStart } = run.input;
  const { branch: published = null, baseBranch: base = null } = run.turn?.resume ?? {};
  setStep(run, 'clone', 'the repository');
  await record(run, { type: 'repository.cloning', data: { repoUrl: repository.url } });
  const archive = runBlobs(runId).file(repositoryFile);
  const cloned = await prepareRepository({
    ...sourceOf(repository),
    ...{ branch: published ?? repository.branch, fallback: base ?? repository.branch, archive },
  });
  const { branch: taken, baseCommit, fellBack, branchAsked: asked } = cloned;
  const told = { branch: taken, asked, fellBack, commit: baseCommit, directory: directoryOf(run) };
  await record(run, { type: 'repository.cloned', data: told });
  const goesOn = published !== null && !fellBack;
  const branch = published ?? runBranch(promptStart, runId);
  if (!goesOn) await record(run, { type: 'branch.named', data: { branch, from: taken } });
  const baseBranch = goesOn ? base : taken;
  return { archive, baseCommit, branch, baseBranch, expectedHead: goesOn ? baseCommit : null, unpublished: null };
}

/** Work that nobody published builds on the commit that it began at, so the turn goes on from there. */
async function goOn(run: Run, { url }: RunRepository): Promise<Checkout | null> {
  const checkout = unpublishedCheckout(run);
  if (!checkout) return null;
  const { branch, baseCommit } = checkout;
  const cloned = { branch, asked: null, fellBack: false, commit: baseCommit, directory: directoryOf(run) };
  await record(
    run,
    { type: 'repository.cloning', data: { repoUrl: url } },
    { type: 'repository.cloned', data: cloned },
  );
  return checkout;
}

async function describeJob(run: Run): Promise<void> {
  const { runId, sessionId, agent, options, limits } = run.input;
  setStep(run, 'write the job');
  const { checkout } = run;
  await writeJob({
    ...{ runId, sessionId, agent, options, limits },
    conversation: conversationOf(run),
    unpublished: checkout?.unpublished ?? null,
    repository: checkout && {
      archive: repositoryFile,
      branch: checkout.branch,
      baseCommit: checkout.baseCommit,
    },
    directory: directoryOf(run),
  });
}

/** How the folder is called that the agent works in. */
export function directoryOf({ turn, input }: Run): string {
  return checkoutDirectory(turn?.resume ?? null, input);
}

/** Another agent cannot go on with it. */
function conversationOf({ turn, input }: Run) {
  const conversation = turn?.resume?.conversation ?? null;
  return conversation?.agent === input.agent ? conversation : null;
}

function isResuming({ turn }: Run): boolean {
  return turn !== null && turn.resume !== null;
}

/** What must not leave with the work: the run's own token, and what it was called with. */
export function secretsOf({ input }: Run): string[] {
  const { runId, modelCredential, repository } = input;
  const named = [modelCredential, repository?.credential].filter((name) => typeof name === 'string');
  return [`door/${runId}/`, ...named.map((name) => `credential/${name}/`)];
}

/** As the activities with repositories want it. */
export function sourceOf({ url, credential }: RunRepository): { url: string; credential: { stored: string } | null } {
  return { url, credential: credential === null ? null : { stored: credential } };
}
