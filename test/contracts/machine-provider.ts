/** What every machine provider must hold to, tried on real machines. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, describe, it } from 'node:test';
import type { MachineProvider, MachineSpec } from '../../activities/providers/provider.ts';

export interface ProviderUnderTest {
  /** A provider of the same cloud for an installation of this name. */
  open: (installation: string) => MachineProvider;
  /** States that a crash may leave behind, each made for this workspace. */
  halfMade: { name: string; make: (installation: string, spec: MachineSpec) => Promise<void> }[];
  /** Everything of the workspace that the cloud itself still shows, by a way of the test's own. */
  remains: (installation: string, workspaceId: string) => Promise<string[]>;
}

/** Runs the suite over one provider. Makes machines whose user-data does nothing, and removes them all. */
export function describeMachineProvider(id: string, { open, halfMade, remains }: ProviderUnderTest): void {
  describe(`machine provider: ${id}`, { timeout: 300_000 }, () => {
    const installation = `test-${randomBytes(4).toString('hex')}`;
    const provider = open(installation);
    const made: string[] = [];
    const never = new AbortController().signal;

    function newSpec(): MachineSpec {
      const workspaceId = newWorkspaceId();
      made.push(workspaceId);
      return {
        workspaceId,
        size: 'small',
        hostname: `ui.${workspaceId}.vm.localhost`,
        userData: '#cloud-config\n{}\n',
      };
    }

    after(async () => {
      await Promise.all(made.map((workspaceId) => provider.removeMachine(workspaceId, never)));
    });

    it('says that it is available, or why not', async () => {
      const { available, reason } = await provider.checkAvailability();
      assert.equal(reason === null, available);
    });

    it('makes one machine of many requests at once and after one another', async () => {
      const spec = newSpec();
      const atOnce = await Promise.all(Array.from({ length: 5 }, () => provider.ensureMachine(spec, never)));
      const again = await open(installation).ensureMachine(spec, never);
      assert.equal(new Set([...atOnce, again].map(({ providerId }) => providerId)).size, 1);
      assert.equal((await provider.listMachines()).filter((one) => one.workspaceId === spec.workspaceId).length, 1);
      assert.equal(again.state, 'running');
    });

    it('tells where a machine is reached', async () => {
      const spec = newSpec();
      const machine = await provider.ensureMachine(spec, never);
      assert.equal(new URL(machine.accessUrl).hostname, spec.hostname);
      assert.ok(machine.connectTo.port > 0);
      assert.equal(machine.needsName, provider.needsNames ?? false);
      assert.deepEqual(await provider.findMachine(spec.workspaceId), machine);
    });

    it('knows a machine by its id from the moment in which it told it, until that is gone', async () => {
      const spec = newSpec();
      const { providerId } = await provider.ensureMachine(spec, never);
      assert.equal((await provider.findMachine(spec.workspaceId, providerId))?.providerId, providerId);
      assert.equal(await open(`${installation}-2`).findMachine(spec.workspaceId, providerId), undefined);
      await provider.removeMachine(spec.workspaceId, never);
      assert.equal(await provider.findMachine(spec.workspaceId, providerId), undefined);
    });

    it('lists everything that a machine consists of as its workspace’s', async () => {
      const spec = newSpec();
      const machine = await provider.ensureMachine(spec, never);
      const resources = (await provider.listResources()).filter((one) => one.workspaceId === spec.workspaceId);
      assert.ok(resources.some(({ id }) => id === machine.providerId));
      assert.ok(resources.every((one) => one.provider === id && Date.parse(one.createdAt) <= Date.now()));
      assert.equal(resources.length, (await remains(installation, spec.workspaceId)).length);
      assert.deepEqual(await open(`${installation}-2`).listResources(), []);
    });

    for (const { name, make } of halfMade) {
      it(`goes on from ${name}`, async () => {
        const spec = newSpec();
        await make(installation, spec);
        const machine = await provider.ensureMachine(spec, never);
        assert.equal(machine.state, 'running');
        await provider.removeMachine(spec.workspaceId, never);
        assert.deepEqual(await remains(installation, spec.workspaceId), []);
      });

      it(`removes what is left after ${name}`, async () => {
        const spec = newSpec();
        await make(installation, spec);
        await provider.removeMachine(spec.workspaceId, never);
        assert.deepEqual(await remains(installation, spec.workspaceId), []);
        assert.equal(await provider.findMachine(spec.workspaceId), undefined);
      });
    }

    it('removes a machine with all that belongs to it, also when asked many times', async () => {
      const spec = newSpec();
      await provider.ensureMachine(spec, never);
      await Promise.all(Array.from({ length: 3 }, () => provider.removeMachine(spec.workspaceId, never)));
      assert.deepEqual(await remains(installation, spec.workspaceId), []);
      assert.equal(await provider.findMachine(spec.workspaceId), undefined);
    });

    it('is content when there is nothing to remove', async () => {
      await provider.removeMachine(newWorkspaceId(), never);
    });

    it('knows nothing of a machine that never was', async () => {
      assert.equal(await provider.findMachine(newWorkspaceId()), undefined);
    });

    it('neither sees nor removes the machines of another installation, however alike its name', async () => {
      const spec = newSpec();
      const machine = await provider.ensureMachine(spec, never);
      const stranger = open(`${installation}-2`);
      assert.deepEqual(await stranger.listMachines(), []);
      assert.equal(await stranger.findMachine(spec.workspaceId), undefined);
      await stranger.removeMachine(spec.workspaceId, never);
      assert.equal((await provider.findMachine(spec.workspaceId))?.providerId, machine.providerId);
    });

    it('makes nothing once it was told to give up', async () => {
      const spec = newSpec();
      await assert.rejects(provider.ensureMachine(spec, AbortSignal.abort()), { name: 'AbortError' });
      assert.deepEqual(await remains(installation, spec.workspaceId), []);
    });
  });
}

function newWorkspaceId(): string {
  return `ws-${randomBytes(3).toString('hex')}`;
}
