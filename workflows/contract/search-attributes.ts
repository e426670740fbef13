/**
 * What lists filter by: few, typed, never secret (search attributes are not encrypted). Registered at boot.
 * The server has ten Keyword columns per namespace; workflow id, type and status are built in and need none.
 */
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

/** The status of a workspace or of a run, see `workspaceStatuses` and `runStatuses`. */
export const phaseAttribute = defineSearchAttributeKey('PawlPhase', SearchAttributeType.KEYWORD);
export const repositoryAttribute = defineSearchAttributeKey('PawlRepository', SearchAttributeType.KEYWORD);
export const providerAttribute = defineSearchAttributeKey('PawlProvider', SearchAttributeType.KEYWORD);
export const agentAttribute = defineSearchAttributeKey('PawlAgent', SearchAttributeType.KEYWORD);
export const sessionAttribute = defineSearchAttributeKey('PawlSession', SearchAttributeType.KEYWORD);
/** Who asked for a run: `owner`, or the name of a key. */
export const ownerAttribute = defineSearchAttributeKey('PawlOwner', SearchAttributeType.KEYWORD);

export const searchAttributes = [
  phaseAttribute,
  repositoryAttribute,
  providerAttribute,
  agentAttribute,
  sessionAttribute,
  ownerAttribute,
];
