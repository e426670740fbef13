/** What a run needs: an installation with a key, a model behind it, a repository. */
import { endpointsAt, testKeys } from '../../test/support/gateway.ts';
import { startGitServer } from '../../test/support/git-server.ts';
import { startModelEndpoint } from '../../test/support/model-endpoint/index.ts';
import type { Script } from '../../test/support/model-endpoint/script.ts';
import { openRunInstallation, type RunInstallation } from '../support/run-installation.ts';

export interface RunsHouse extends RunInstallation {
  modelUrl: string;
  repoUrl: string;
}

/** Opens it with these scripts for the model, beside those that it knows. */
export async function openRunsHouse(scripts: Record<string, Script>): Promise<RunsHouse> {
  await using cleanup = new AsyncDisposableStack();
  const git = await startGitServer();
  cleanup.defer(() => git.close());
  const gitHost = `127.0.0.1:${git.port}`;
  const repoUrl = `http://${gitHost}${await git.addRepository('hello.git', { 'README.md': '# hello\n' })}`;
  const model = cleanup.use(await startModelEndpoint());
  for (const [name, script] of Object.entries(scripts)) model.addScript(name, script);
  const { installation, containers } = cleanup.use(await openRunInstallation(gitHost, endpointsAt(model.url)));
  const key = { kind: 'anthropic_api_key', apiKey: testKeys.anthropic };
  await installation.call('PUT', '/credentials/anthropic', { body: key });
  const stack = cleanup.move();
  return {
    ...{ installation, containers, modelUrl: model.url, repoUrl },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
