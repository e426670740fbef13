/** Builds of machine images on the time-skipping server, in a cloud that lives in the test. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { TestContext } from 'node:test';
import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import { builderReportPort } from '../../../cloud-init/render-builder.ts';
import { until } from '../../../engine/until.ts';
import { imageBuildQuery, machineImageWorkflowId } from '../../../workflows/contract/machine-image.ts';
import type { ImageBuild } from '../../../workflows/contract/machine-image.ts';
import { controlPlaneQueue } from '../../../workflows/contract/task-queues.ts';
import type { machineImageBuild } from '../../../workflows/machine-image/build.ts';
import { openLifecycleHouse, type LifecycleHouse } from '../lifecycle.ts';
import { beginAction } from './fake-actions.ts';
import { openFakeHetzner } from './fake-hetzner.ts';
import type { FakeHetzner } from './fake-hetzner.ts';
import { openHetznerProvider } from './hetzner-provider.ts';
import type { LogLine } from './hetzner-provider.ts';
import { ordinary } from './options.ts';
import { living } from './state.ts';
import type { FakeServer, FakeSnapshot } from './state.ts';
import { openValidatingProxy } from './validating-proxy.ts';
import type { ValidatingProxy } from './validating-proxy.ts';
import { installation } from './world.ts';

export type BuildHandle = WorkflowHandleWithFirstExecutionRunId<typeof machineImageBuild>;

export interface ImageHouse extends AsyncDisposable {
  house: LifecycleHouse;
  fake: FakeHetzner;
  proxy: ValidatingProxy;
  log: LogLine[];
  /** An empty cloud in which everything goes well: builders are done after some requests. */
  reset(): void;
  start(): Promise<BuildHandle>;
  /** Starts a build and waits for its end, while the server's time skips. */
  build(): Promise<ImageBuild>;
}

/** Where builders are on this machine: nobody but the test itself listens there. */
export const builderAddress = '127.80.87.76';

/** One for each test file. */
export async function openImageHouse(): Promise<ImageHouse> {
  const fake = await openFakeHetzner();
  const proxy = await openValidatingProxy(fake.url);
  const log: LogLine[] = [];
  const house = await openLifecycleHouse(undefined, () =>
    openHetznerProvider({ ...fake, url: proxy.url }, installation, {}, log),
  );
  const start = (): Promise<BuildHandle> =>
    house.env.client.workflow.start<typeof machineImageBuild>('machineImageBuild', {
      taskQueue: controlPlaneQueue,
      workflowId: machineImageWorkflowId('hetzner'),
      args: [{ provider: 'hetzner' }],
    });
  return {
    ...{ house, fake, proxy, log, start },
    reset() {
      const { state } = fake;
      for (const things of [state.servers, state.firewalls, state.sshKeys, state.snapshots, state.actions])
        things.clear();
      Object.assign(state.options, ordinary, wellBehaved, { soldOut: new Set(), unsupported: new Set() });
      Object.assign(house, { replaced: {}, isWorkflowLive: undefined });
      log.length = 0;
      fake.calls.length = 0;
    },
    build: async () => (await start()).result(),
    async [Symbol.asyncDispose]() {
      await house[Symbol.asyncDispose]();
      await proxy.close();
      await fake.close();
    },
  };
}

/** A builder that installs for a while and powers itself off, at an address where nobody answers. */
export const wellBehaved = {
  ipv4Of: () => builderAddress,
  poweroffTurnsOf: ({ labels }: FakeServer) => (isBuilder({ labels }) ? 4 : undefined),
};

export function isBuilder({ labels }: Pick<FakeServer, 'labels'>): boolean {
  return labels['io.pawl.image-build'] !== undefined;
}

export async function reachesStep(handle: BuildHandle, step: ImageBuild['step']): Promise<void> {
  await until(`the build is at ${step}`, async () => (await handle.query(imageBuildQuery)).step === step);
}

export async function says(handle: BuildHandle, detail: string): Promise<void> {
  await until(`the build says: ${detail}`, async () => (await handle.query(imageBuildQuery)).detail === detail);
}

/** Somebody does it through Hetzner's console. */
export function switchOff({ state }: FakeHetzner, server: FakeServer): void {
  beginAction(state, 'stop_server', server, () => (server.status = 'off'));
}

/** Answers with this where the control plane asks the builder how far it is. */
export async function speakAsBuilder(t: TestContext, report: string): Promise<void> {
  const server = createServer((_request, response) => response.end(report));
  await once(server.listen(builderReportPort, builderAddress), 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
}

/** What is left that only a build needs: builders, and their firewalls. */
export function buildersIn({ state }: FakeHetzner): string[] {
  return [...living(state.servers), ...living(state.firewalls)].map(({ name }) => name);
}

export function snapshotsIn({ state }: FakeHetzner): FakeSnapshot[] {
  return living(state.snapshots);
}
