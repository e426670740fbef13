import type { ChildWorkflowOptions } from '@temporalio/workflow';
import type { RunMemo } from '../contract/run-memo.ts';
import { runWorkflowId, type RunInput } from '../contract/run.ts';
import {
  agentAttribute,
  ownerAttribute,
  phaseAttribute,
  repositoryAttribute,
  sessionAttribute,
} from '../contract/search-attributes.ts';

/** What a run is started with: its input, and what lists and the operator see of it. */
export function childOptions(input: RunInput): ChildWorkflowOptions & { args: [RunInput] } {
  const { runId, sessionId, agent, owner, createdAt, promptStart: prompt, repository } = input;
  const repoUrl = repository?.url;
  const memo: RunMemo = { sessionId, agent, createdAt, prompt, ...(repoUrl !== undefined && { repoUrl }) };
  return {
    workflowId: runWorkflowId(runId),
    // An id belongs to one run for ever, also when that has ended.
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    // A session that ends, however, takes no run with it.
    parentClosePolicy: 'ABANDON',
    args: [input],
    memo: { ...memo },
    typedSearchAttributes: [
      { key: phaseAttribute, value: 'accepted' },
      { key: agentAttribute, value: agent },
      { key: sessionAttribute, value: sessionId },
      { key: ownerAttribute, value: owner },
      ...(repoUrl === undefined ? [] : [{ key: repositoryAttribute, value: repoUrl.slice(0, 250) }]),
    ],
    staticSummary: `${agent} in session ${sessionId}`,
  };
}
