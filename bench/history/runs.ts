/** Real runs of a program that talks: how much of it reaches Temporal. */
import { startGitServer } from '../../test/support/git-server.ts';
import { historySize } from '../../test/support/history-size.ts';
import { openRunnerHouse } from '../../test/support/runs/runner-house.ts';

interface RunSize {
  /** Messages of the agent. */
  said: number;
  /** History events, and their bytes. */
  events: number;
  bytes: number;
}

/** One run for each of these numbers of messages; it changes a repository, which is cloned, committed to and pushed. */
export async function measureRuns(amounts: readonly number[]): Promise<RunSize[]> {
  await using cleanup = new AsyncDisposableStack();
  const git = await startGitServer();
  cleanup.defer(() => git.close());
  const host = `127.0.0.1:${git.port}`;
  const url = `http://${host}${await git.addRepository('hello.git', { 'README.md': '# hello\n' })}`;
  const house = cleanup.use(await openRunnerHouse({ GIT_INSECURE_HOSTS: host }));
  const repository = { url, branch: null, directory: null, credential: null };

  const sizes: RunSize[] = [];
  for (const said of amounts) {
    const command = ['sh', '-c', `echo changed > README.md; seq ${said}`];
    const run = await house.prompt('Talk', { repository, options: { command } });
    const { status, error } = await run.ends();
    const messages = (await run.messages()).length;
    if (status !== 'completed' || messages !== said) throw new Error(`${status} after ${messages} messages: ${error}`);
    sizes.push({ said, ...(await historySize(run.handle)) });
  }
  return sizes;
}
