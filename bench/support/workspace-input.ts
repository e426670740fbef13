import { randomInt } from 'node:crypto';
import type { WorkflowStartOptions } from '@temporalio/client';
import { phaseAttribute, providerAttribute, repositoryAttribute } from '../../workflows/contract/search-attributes.ts';
import type { WorkspaceMemo } from '../../workflows/contract/workspace-memo.ts';
import type { WorkspaceInput, WorkspaceStatus } from '../../workflows/contract/workspace.ts';

/** A workspace like any other, under an id of its own. */
export function newWorkspaceInput(): WorkspaceInput {
  const workspaceId = `ws-${randomInt(36 ** 6)
    .toString(36)
    .padStart(6, '0')}`;
  return {
    workspaceId,
    installation: 'pawl-bench',
    provider: 'scripted',
    name: 'hello-world',
    repoUrl: 'https://git.example/hello-world.git',
    branch: null,
    size: 'medium',
    hostname: `ui.${workspaceId}.vm.localhost`,
    requestId: 'request-1',
    limits: { idleMinutes: 30, provisionMinutes: 20, heartbeatLostMinutes: 15, maxHistoryEvents: 4000 },
  };
}

/** What the API starts a lifecycle with, beside its input. */
export function startOptionsFor(
  { name, repoUrl, branch, size, hostname, provider }: WorkspaceInput,
  phase: WorkspaceStatus,
): Pick<WorkflowStartOptions, 'memo' | 'typedSearchAttributes' | 'staticSummary' | 'workflowIdReusePolicy'> {
  const createdAt = new Date().toISOString();
  const memo: WorkspaceMemo = { name, repoUrl, branch, size, hostname, provider, createdAt, accessUrl: null };
  return {
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    memo: { ...memo },
    typedSearchAttributes: [
      { key: phaseAttribute, value: phase },
      { key: repositoryAttribute, value: repoUrl },
      { key: providerAttribute, value: provider },
    ],
    staticSummary: `${name} (${size}, ${provider})`,
  };
}
