/** Workspaces, as their owner sees them. */
import { z } from 'zod';
import { ExtendWorkspaceRequest, WorkspaceId, WorkspaceRequest } from '../../workflows/contract/workspace.schema.ts';
import { workspaceStatuses } from '../../workflows/contract/workspace.ts';
import { WorkspaceCreated, WorkspaceDetails, WorkspaceExtended, WorkspacePage, WorkspaceStopping } from '../answers.ts';
import { checkRepositoryUrl, nameFromRepository } from '../repository-url.ts';
import { route, type Call, type Reply } from '../route.ts';
import type { Services } from '../services.ts';
import { extendWorkspace, stopWorkspace } from '../workspaces/ask-workspace.ts';
import { listWorkspaces } from '../workspaces/list-workspaces.ts';
import { planWorkspace, readPlan } from '../workspaces/plan.ts';
import { readWorkspace } from '../workspaces/read-workspace.ts';
import { startWorkspace } from '../workspaces/start-workspace.ts';

const OneWorkspace = z.object({ id: WorkspaceId });

const ListQuery = z.object({
  status: z.enum(workspaceStatuses).optional(),
  cursor: z.base64url().max(4000).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** Creation, lists, a look, stop and extension. */
export const workspaceRoutes = [
  route({
    method: 'post',
    path: '/vms',
    operationId: 'createWorkspace',
    summary: 'Create a workspace for a git repository',
    caller: 'owner',
    limit: 'create',
    body: WorkspaceRequest,
    fieldProblems: { repoUrl: 'invalid_repo_url', size: 'invalid_size' },
    plan: planWorkspace,
    answer: { status: 201, schema: WorkspaceCreated, description: 'Accepted; `Location` names the workspace.' },
    problems: ['invalid_repo_url', 'invalid_size', 'monthly_cost_cap_reached', 'temporal_unavailable'],
    handle: createWorkspace,
  }),
  route({
    method: 'get',
    path: '/vms',
    operationId: 'listWorkspaces',
    summary: 'List workspaces, newest first',
    caller: 'owner',
    limit: 'read',
    query: ListQuery,
    answer: { status: 200, schema: WorkspacePage, description: 'One page.' },
    problems: ['invalid_cursor', 'temporal_unavailable'],
    handle: showWorkspaces,
  }),
  route({
    method: 'get',
    path: '/vms/:id',
    operationId: 'readWorkspace',
    summary: 'See a workspace, what it waits for, and when it is stopped',
    caller: 'owner',
    limit: 'read',
    params: OneWorkspace,
    answer: { status: 200, schema: WorkspaceDetails, description: 'The workspace as it is now.' },
    problems: ['workspace_not_found', 'temporal_unavailable', 'worker_unavailable'],
    handle: showWorkspace,
  }),
  route({
    method: 'delete',
    path: '/vms/:id',
    operationId: 'stopWorkspace',
    summary: 'Stop a workspace and remove everything it has',
    caller: 'owner',
    limit: 'delete',
    params: OneWorkspace,
    answer: { status: 200, schema: WorkspaceStopping, description: 'It is being removed.' },
    problems: ['workspace_not_found', 'workspace_already_stopped', 'temporal_unavailable', 'worker_unavailable'],
    handle: removeWorkspace,
  }),
  route({
    method: 'post',
    path: '/vms/:id/extend',
    operationId: 'extendWorkspace',
    summary: 'Keep a workspace alive for some minutes, active or not',
    caller: 'owner',
    limit: 'extend',
    params: OneWorkspace,
    body: ExtendWorkspaceRequest,
    plan: () => crypto.randomUUID(),
    answer: { status: 200, schema: WorkspaceExtended, description: 'It lives at least that long.' },
    problems: ['workspace_not_found', 'workspace_already_stopped', 'temporal_unavailable', 'worker_unavailable'],
    handle: keepWorkspace,
  }),
];

type One = typeof OneWorkspace;

async function createWorkspace(
  { body, plan: planText, requestId }: Call<z.ZodObject, z.ZodObject, typeof WorkspaceRequest>,
  services: Services,
): Promise<Reply<WorkspaceCreated>> {
  const repoUrl = checkRepositoryUrl(body.repoUrl, services.settings.GIT_INSECURE_HOSTS);
  const { size, branch = null, name = nameFromRepository(repoUrl) } = body;
  const plan = readPlan(planText);
  const { id, hostname, credentials } = await startWorkspace(services, plan, {
    repoUrl,
    size,
    branch,
    name,
    requestId,
  });
  await audit(services, 'workspace.create', id, requestId, { repoUrl, size });
  return {
    headers: { Location: `/vms/${id}` },
    body: {
      ...{ id, name, repoUrl, status: 'creating', size, hostname },
      accessUrl: null,
      createdAt: plan.createdAt,
      message: 'The workspace is being created; this typically takes 2 to 5 minutes.',
      credentials,
    },
  };
}

async function showWorkspaces(
  { query }: Call<z.ZodObject, typeof ListQuery>,
  services: Services,
): Promise<Reply<WorkspacePage>> {
  return { body: await listWorkspaces(services, query) };
}

async function showWorkspace(
  { params }: Call<One>,
  services: Services,
): Promise<Reply<z.infer<typeof WorkspaceDetails>>> {
  return { body: await readWorkspace(services, params.id) };
}

async function removeWorkspace(
  { params: { id }, requestId }: Call<One>,
  services: Services,
): Promise<Reply<z.infer<typeof WorkspaceStopping>>> {
  await stopWorkspace(services, id, 'requested');
  await audit(services, 'workspace.stop', id, requestId);
  return { body: { id, status: 'stopping', message: 'The workspace is being removed; this takes about 30 seconds.' } };
}

async function keepWorkspace(
  { params: { id }, body: { minutes }, plan, requestId }: Call<One, z.ZodObject, typeof ExtendWorkspaceRequest>,
  services: Services,
): Promise<Reply<z.infer<typeof WorkspaceExtended>>> {
  const { status, idle, expiresAt } = await extendWorkspace(services, id, { minutes, updateId: plan });
  await audit(services, 'workspace.extend', id, requestId, { minutes });
  return { body: { id, status, shutdownAt: idle?.shutdownAt ?? null, message: promiseOf(minutes, expiresAt) } };
}

/** No extension outlasts the lifetime. */
function promiseOf(minutes: number, expiresAt: string | null): string {
  const isCutShort = expiresAt !== null && Date.parse(expiresAt) < Date.now() + minutes * 60_000;
  if (isCutShort) return `The workspace is kept until its lifetime ends, at ${expiresAt}.`;
  return `The workspace is kept for at least ${minutes} minutes from now.`;
}

async function audit(
  { store }: Services,
  action: string,
  id: string,
  requestId: string,
  details: Record<string, unknown> = {},
): Promise<void> {
  await store.audit.record({ actor: 'owner', action, subject: `workspace:${id}`, requestId, details });
}
