/** A time-skipping server that knows what our workflows need, and what our workers run on it. */
import proto from '@temporalio/proto';
import type { DataConverter } from '@temporalio/common';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import pRetry from 'p-retry';
import { buildWorkflowBundle } from '../../../workers/bundle.ts';
import { searchAttributes } from '../../../workflows/contract/search-attributes.ts';
import { timeSkippingServerPath } from './provide.ts';

const { IndexedValueType } = proto.temporal.api.enums.v1;

/** Starts one, with the search attributes of workspaces; `teardown` ends it. */
export async function startTimeSkipping(dataConverter: DataConverter): Promise<TestWorkflowEnvironment> {
  const path = await timeSkippingServerPath();
  const start = () =>
    TestWorkflowEnvironment.createTimeSkipping({
      server: { executable: { type: 'existing-path', path } },
      client: { dataConverter },
    });
  // Its library waits five seconds for it, which Java alone may take where others work too.
  const env = await pRetry(start, { retries: 2 });
  await addSearchAttributes(env);
  return env;
}

/** The time-skipping server can add them, but not list them as the engine's own preparation does. */
async function addSearchAttributes({ connection, namespace }: TestWorkflowEnvironment): Promise<void> {
  const types = searchAttributes.map(({ name, type }) => [name, IndexedValueType[`INDEXED_VALUE_TYPE_${type}`]]);
  await connection.operatorService.addSearchAttributes({
    namespace: namespace ?? 'default',
    searchAttributes: Object.fromEntries(types) as Record<string, number>,
  });
}

let bundle: ReturnType<typeof buildWorkflowBundle> | undefined;

/** The product's workflows, bundled once for each test process. */
export function workflowBundle(): ReturnType<typeof buildWorkflowBundle> {
  return (bundle ??= buildWorkflowBundle(new DefaultLogger('ERROR')));
}
