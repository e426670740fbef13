/** Makes the namespace what Pawl needs, on a new server, an existing database and another cluster alike. */
import type { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { until } from '../until.ts';
import { hasStatus } from './grpc-status.ts';
import { registerSearchAttributes, searchAttributesAreUsable } from './register-search-attributes.ts';

export interface NamespaceWishes {
  namespace: string;
  /** How long closed workflows stay readable. */
  retentionDays: number;
  /** Whether a longer retention may be cut down to the wish: yes on our own server, no on somebody's cluster. */
  mayShortenRetention: boolean;
}

/**
 * Registers the namespace where it is missing, sets its retention and adds our search attributes; resolves once lists
 * can filter by them. Repeating it changes nothing. Rejects with the server's words when the cluster forbids a step.
 */
export async function prepareNamespace(connection: Connection, wishes: NamespaceWishes): Promise<void> {
  const { namespace } = wishes;
  await ensureNamespace(connection, wishes);
  await ensureRetention(connection, wishes);
  await registerSearchAttributes(connection, namespace);
  await until('the search attributes are usable', () => searchAttributesAreUsable(connection, namespace));
}

async function ensureNamespace(connection: Connection, { namespace, retentionDays }: NamespaceWishes): Promise<void> {
  if ((await readRetentionDays(connection, namespace)) !== undefined) return;
  try {
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: inDays(retentionDays),
    });
  } catch (error) {
    if (!hasStatus(error, 'alreadyExists')) throw error;
  }
  await until(`namespace ${namespace} is known`, () => isKnown(connection, namespace));
}

/** The server's parts learn of a new namespace from a cache that they refresh every few seconds. */
async function isKnown(connection: Connection, namespace: string): Promise<boolean> {
  try {
    await connection.operatorService.listSearchAttributes({ namespace });
    return true;
  } catch (error) {
    if (hasStatus(error, 'notFound')) return false;
    throw error;
  }
}

async function ensureRetention(connection: Connection, wishes: NamespaceWishes): Promise<void> {
  const { namespace, retentionDays, mayShortenRetention } = wishes;
  const current = (await readRetentionDays(connection, namespace)) ?? 0;
  const isFine = current === retentionDays || (current > retentionDays && !mayShortenRetention);
  if (isFine) return;
  await connection.workflowService.updateNamespace({
    namespace,
    config: { workflowExecutionRetentionTtl: inDays(retentionDays) },
  });
}

/** `undefined` when there is no such namespace. */
async function readRetentionDays(connection: Connection, namespace: string): Promise<number | undefined> {
  try {
    const { config } = await connection.workflowService.describeNamespace({ namespace });
    return Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) / secondsPerDay;
  } catch (error) {
    if (hasStatus(error, 'notFound')) return undefined;
    throw error;
  }
}

const secondsPerDay = 24 * 60 * 60;

function inDays(days: number) {
  return msToTs(days * secondsPerDay * 1000);
}
