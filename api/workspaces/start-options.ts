import type { WorkflowStartOptions } from '@temporalio/client';
import { phaseAttribute, providerAttribute, repositoryAttribute } from '../../workflows/contract/search-attributes.ts';
import { controlPlaneQueue } from '../../workflows/contract/task-queues.ts';
import type { WorkspaceMemo } from '../../workflows/contract/workspace-memo.ts';
import { workspaceWorkflowId, type WorkspaceInput, type WorkspaceStatus } from '../../workflows/contract/workspace.ts';
import type { workspaceLifecycle } from '../../workflows/workspace/lifecycle.ts';

/**
 * What a lifecycle is started with: its input, and what lists and the operator see of it. `createdAt` is ISO 8601, UTC; the
 * phase is the one that it starts in.
 */
export function startOptions(
  input: WorkspaceInput,
  { createdAt, phase }: { createdAt: string; phase: WorkspaceStatus },
): WorkflowStartOptions<typeof workspaceLifecycle> {
  const { name, repoUrl, branch, size, hostname, provider } = input;
  const facts = { name, repoUrl, size, hostname, provider, createdAt };
  const memo: WorkspaceMemo = branch === null ? facts : { ...facts, branch };
  return {
    taskQueue: controlPlaneQueue,
    workflowId: workspaceWorkflowId(input.workspaceId),
    // An id belongs to one workspace for ever, also when that has ended.
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    args: [input],
    memo: { ...memo },
    typedSearchAttributes: [
      { key: phaseAttribute, value: phase },
      { key: repositoryAttribute, value: repoUrl.slice(0, 250) },
      { key: providerAttribute, value: provider },
    ],
    staticSummary: `${name} (${size}, ${provider})`,
  };
}
