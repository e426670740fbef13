/**
 * What lists filter by: few, typed, never secret (search attributes are not encrypted). Registered at boot.
 * The server has ten Keyword columns per namespace; workflow id, type and status are built in and need none.
 */
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

/** The workspace's status, see `workspaceStatuses`. */
export const phaseAttribute = defineSearchAttributeKey('PawlPhase', SearchAttributeType.KEYWORD);
export const repositoryAttribute = defineSearchAttributeKey('PawlRepository', SearchAttributeType.KEYWORD);
export const providerAttribute = defineSearchAttributeKey('PawlProvider', SearchAttributeType.KEYWORD);

export const searchAttributes = [phaseAttribute, repositoryAttribute, providerAttribute];
