/** The ledger of everything that exists at providers. */
import { ResourceLedger } from '../resource-answers.ts';
import { readLedger } from '../resources/read-ledger.ts';
import { route, type Call, type Reply } from '../route.ts';
import type { Services } from '../services.ts';

export const resourceRoutes = [
  route({
    method: 'get',
    path: '/resources',
    operationId: 'listResources',
    summary: 'Everything that exists at every provider at this moment, whose it is, and when it goes',
    caller: 'owner',
    limit: 'read',
    answer: { status: 200, schema: ResourceLedger, description: 'Asked of the providers, not of records.' },
    problems: ['temporal_unavailable', 'worker_unavailable'],
    handle: showResources,
  }),
];

async function showResources(_call: Call, services: Services): Promise<Reply<ResourceLedger>> {
  return { body: await readLedger(services) };
}
