import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMachineActivities, type MachineRequest } from '../../activities/machine.ts';
import type { NameProvider } from '../../activities/names/name-provider.ts';
import type { Store } from '../../store/store.ts';
import { isFailure } from '../support/is-failure.ts';
import { createScriptedProvider, readMachines } from '../support/scripted-provider.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const request: MachineRequest = {
  ...{ workspaceId: 'ws-k3x9a1', provider: 'scripted', hostname: 'ui-ws-k3x9a1.example.com' },
  size: 'small',
  ...{ repoUrl: 'https://git.example/hello.git', branch: null },
};

const somebody = { id: 'dns' } as NameProvider;

const cases: [words: string, names: NameProvider | undefined, apiUrl: string, advice: RegExp][] = [
  ['whose name nobody would publish', undefined, 'http://control-plane.test', /Set CLOUDFLARE_API_TOKEN/],
  ['that would not find its way back', somebody, 'http://host.docker.internal:3101', /Set it to a public URL/],
];

describe('a machine somewhere else', () => {
  for (const [words, names, apiUrl, advice] of cases) {
    it(`${words} is not made, and the failure says what to set`, async () => {
      await using folder = await temporaryFolder();
      const connectTo = { host: '127.0.0.1', port: 1 };
      const provider = { ...createScriptedProvider({ folder: folder.path, connectTo }), needsNames: true };
      const { ensureMachine } = createMachineActivities({
        // Nothing is read or written before this is decided.
        store: {} as Store,
        providers: new Map([[provider.id, provider]]),
        names,
        machineSettings: { apiUrl, heartbeatSeconds: 30, deadManMinutes: 60, tls: 'internal' },
      });
      await assert.rejects(ensureMachine(request), isFailure('ProviderRefused', advice));
      assert.deepEqual(readMachines(folder.path), []);
    });
  }
});
