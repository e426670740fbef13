/** The password of a workspace's terminal; every look at it is written down. */
import { z } from 'zod';
import { WorkspaceId } from '../../workflows/contract/workspace.schema.ts';
import { Credentials } from '../answers.ts';
import { Problem } from '../problems.ts';
import { route, type Call, type Reply } from '../route.ts';
import type { Services } from '../services.ts';
import { readCredentials } from '../workspaces/credentials.ts';
import { checkWorkspaceExists } from '../workspaces/events.ts';

const OneWorkspace = z.object({ id: WorkspaceId });

export const credentialRoutes = [
  route({
    method: 'get',
    path: '/vms/:id/credentials',
    operationId: 'readCredentials',
    summary: "Read the username and password of a workspace's terminal; audited",
    caller: 'owner',
    limit: 'read',
    params: OneWorkspace,
    answer: { status: 200, schema: Credentials, description: 'What opens the terminal.' },
    problems: ['workspace_not_found', 'credentials_gone', 'temporal_unavailable'],
    handle: showCredentials,
  }),
];

async function showCredentials(
  { params: { id }, requestId }: Call<typeof OneWorkspace>,
  services: Services,
): Promise<Reply<Credentials>> {
  const credentials = await readCredentials(services.store.secrets, id);
  if (!credentials) {
    await checkWorkspaceExists(services, id);
    throw new Problem('credentials_gone', 'The credentials went away with the machine they opened.');
  }
  const subject = `workspace:${id}`;
  await services.store.audit.record({ actor: 'owner', action: 'credentials.read', subject, requestId });
  return { body: credentials, headers: { 'Cache-Control': 'no-store' } };
}
