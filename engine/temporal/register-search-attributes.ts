import type { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { searchAttributes } from '../../workflows/contract/search-attributes.ts';
import { SetupError } from '../progress.ts';
import { hasStatus } from './grpc-status.ts';

const { IndexedValueType } = proto.temporal.api.enums.v1;
type SearchAttribute = (typeof searchAttributes)[number];

/**
 * Adds our search attributes to the namespace where they are missing. The server's own `--search-attribute` flag is
 * silently ignored for a database that exists already. Rejects with `SetupError` when one exists with another type.
 */
export async function registerSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  for (const attribute of searchAttributes) refuseOtherType(attribute, customAttributes[attribute.name]);

  const missing = searchAttributes.filter(({ name }) => !(name in customAttributes));
  if (missing.length === 0) return;
  const types = Object.fromEntries(missing.map((attribute) => [attribute.name, indexedType(attribute)]));
  try {
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: types });
  } catch (error) {
    // Another installation starting on the same cluster was faster.
    if (!hasStatus(error, 'alreadyExists')) throw error;
  }
}

/** Whether lists can filter by every attribute already: the server's caches learn of a new one with a delay. */
export async function searchAttributesAreUsable(connection: Connection, namespace: string): Promise<boolean> {
  const query = searchAttributes.map(({ name }) => `${name} = 'any'`).join(' OR ');
  try {
    await connection.workflowService.countWorkflowExecutions({ namespace, query });
    return true;
  } catch (error) {
    if (hasStatus(error, 'invalidArgument')) return false;
    throw error;
  }
}

function refuseOtherType(attribute: SearchAttribute, found: number | null | undefined): void {
  if (found === undefined || found === null || found === indexedType(attribute)) return;
  throw new SetupError(
    `Search attribute ${attribute.name} must be ${attribute.type} but is ${IndexedValueType[found]} in this namespace. ` +
      'Give Pawl a namespace of its own (TEMPORAL_NAMESPACE).',
  );
}

function indexedType({ type }: SearchAttribute): number {
  return IndexedValueType[`INDEXED_VALUE_TYPE_${type}`];
}
