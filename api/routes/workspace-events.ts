/** Everything a workspace does and decides, replayed and live. */
import { z } from 'zod';
import { WorkspaceId } from '../../workflows/contract/workspace.schema.ts';
import { eventsAnswer, EventsQuery, showEvents, type EventsReply } from '../events/show-events.ts';
import { route, type Call } from '../route.ts';
import type { Services } from '../services.ts';
import { checkWorkspaceExists, eventsOfWorkspace } from '../workspaces/events.ts';

const OneWorkspace = z.object({ id: WorkspaceId });

export const eventRoutes = [
  route({
    method: 'get',
    path: '/vms/:id/events',
    operationId: 'followWorkspace',
    summary: 'Follow a workspace as server-sent events, or page through its events as JSON',
    caller: 'owner',
    limit: 'read',
    params: OneWorkspace,
    query: EventsQuery,
    answer: eventsAnswer,
    problems: ['workspace_not_found', 'not_acceptable', 'invalid_cursor', 'temporal_unavailable'],
    handle: followWorkspace,
  }),
];

async function followWorkspace(
  call: Call<typeof OneWorkspace, typeof EventsQuery>,
  services: Services,
): Promise<EventsReply> {
  await checkWorkspaceExists(services, call.params.id);
  return await showEvents(call, services, eventsOfWorkspace(call.params.id));
}
