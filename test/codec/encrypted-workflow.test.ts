import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Client, WorkflowFailedError } from '@temporalio/client';
import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createCodecServer } from '../../codec/codec-server.ts';
import { createDataConverter, failureConverterPath } from '../../codec/data-converter.ts';
import { createPayloadCodec } from '../../codec/payload-codec.ts';
import { createKeyring } from '../../store/keyring.ts';
import { startChromium } from '../support/chromium.ts';
import { freePorts } from '../support/free-ports.ts';
import { newKey } from '../support/keys.ts';
import { startTemporal } from '../support/running-temporal.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { tell } from './workflows/tell.ts';

export type TellActivities = typeof activities;

const secret = 'hunter2-in-plain-sight';
const workflowsPath = fileURLToPath(new URL('./workflows/tell.ts', import.meta.url));

const activities = {
  async repeat(heard: string): Promise<string> {
    return `${heard}, repeated`;
  },
  async refuse(heard: string): Promise<never> {
    throw ApplicationFailure.nonRetryable(`refused ${heard}`, 'Refused', { heard });
  },
};

describe('a workflow with the data converter, on a real server', () => {
  const cleanUp = new AsyncDisposableStack();
  const keyring = createKeyring([newKey()]);
  let client: Client;
  let databaseFile: string;
  let uiOrigin: string;

  before(async () => {
    const folder = cleanUp.use(await temporaryFolder());
    databaseFile = path.join(folder.path, 'temporal.db');
    const [uiPort = 0] = await freePorts(1);
    uiOrigin = `http://127.0.0.1:${uiPort}`;
    const codecServer = createCodecServer({ codec: createPayloadCodec(keyring), uiOrigin });
    cleanUp.defer(() => codecServer.close());
    const codecEndpoint = await codecServer.listen(0);

    const temporal = cleanUp.use(await startTemporal(folder.path, { uiPort, codecEndpoint }));
    const dataConverter = createDataConverter(keyring);
    client = new Client({ connection: temporal.connection, dataConverter });

    const logger = new DefaultLogger('ERROR');
    Runtime.install({ logger });
    const native = await NativeConnection.connect({ address: temporal.address });
    cleanUp.defer(() => native.close());
    const workflowBundle = await bundleWorkflowCode({ workflowsPath, failureConverterPath, logger });
    const worker = await Worker.create({
      connection: native,
      taskQueue: 'tell',
      workflowBundle,
      activities,
      dataConverter,
    });
    const running = worker.run();
    cleanUp.defer(async () => {
      worker.shutdown();
      await running;
    });
  });
  after(() => cleanUp.disposeAsync());

  function start(workflowId: string, ending: 'return' | 'fail') {
    return client.workflow.start<typeof tell>('tell', {
      taskQueue: 'tell',
      workflowId,
      args: [secret, ending],
      memo: { note: secret },
      staticDetails: secret,
    });
  }

  it('understands its own arguments, results, failures and memo', async () => {
    const returning = await start('told-to-return', 'return');
    assert.equal(await returning.result(), `${secret}, repeated`);
    assert.deepEqual((await returning.describe()).memo, { note: secret });

    const failing = await start('told-to-fail', 'fail');
    await assert.rejects(failing.result(), (error) => {
      assert.ok(error instanceof WorkflowFailedError && error.cause instanceof ApplicationFailure);
      const { type, message, stack, cause } = error.cause;
      assert.equal(type, 'ToldToFail');
      assert.equal(message, `failed with ${secret}`);
      assert.match(stack ?? '', /tell\.ts/);
      assert.ok(cause instanceof ActivityFailure);
      assert.equal(cause.cause?.message, `refused ${secret}`);
      return true;
    });
  });

  it('leaves none of them with the server in plain', async () => {
    const files = await Promise.all([databaseFile, `${databaseFile}-wal`].map((file) => readFile(file, 'latin1')));
    const kept = files.join('');
    // Ids, types of failures and names are not encrypted: finding them shows that this is where the histories are.
    for (const visible of ['told-to-return', 'ToldToFail', 'Refused', 'Encoded failure'])
      assert.ok(kept.includes(visible), visible);
    for (const hidden of ['hunter2', 'failed with', 'refused ', 'tell.ts']) assert.ok(!kept.includes(hidden), hidden);
  });

  it('is shown decoded in the Web UI', async () => {
    const { runId } = await client.workflow.getHandle('told-to-return').describe();
    const browser = await startChromium();
    try {
      const page = await browser.newPage();
      await page.goto(`${uiOrigin}/namespaces/default/workflows/told-to-return/${runId}/history`);
      await page.getByText(`${secret}, repeated`).first().waitFor();
    } finally {
      await browser.close();
    }
  });
});
