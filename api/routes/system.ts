/** What operators and programs ask of the installation itself. */
import { tmpdir } from 'node:os';
import { z } from 'zod';
import type { SizeOffer } from '../../workflows/contract/resources.ts';
import { Alive, ProviderList, Readiness, WorkerState } from '../answers.ts';
import { containerId } from '../container-id.ts';
import { readCostCap } from '../costs/cap.ts';
import { decimal } from '../costs/money.ts';
import { checkReadiness } from '../readiness.ts';
import { route, type Call, type Reply } from '../route.ts';
import type { Services } from '../services.ts';

export const systemRoutes = [
  route({
    method: 'get',
    path: '/providers',
    operationId: 'listProviders',
    summary: 'Where machines can come from here, and why not',
    caller: 'owner',
    limit: 'read',
    answer: { status: 200, schema: ProviderList, description: 'As the workers found them.' },
    handle: showProviders,
  }),
  route({
    method: 'get',
    path: '/health',
    operationId: 'checkHealth',
    summary: 'Whether this process answers',
    caller: 'anyone',
    limit: null,
    answer: { status: 200, schema: Alive, description: 'It does.' },
    handle: showHealth,
  }),
  route({
    method: 'get',
    path: '/status',
    operationId: 'checkStatus',
    summary: 'Whether an agent could begin at once; when not, requests wait',
    caller: 'anyone',
    limit: null,
    answer: { status: 200, schema: WorkerState, description: 'About a second old.' },
    handle: showStatus,
  }),
  route({
    method: 'get',
    path: '/ready',
    operationId: 'checkReadiness',
    summary: 'Whether workspaces can be made now; status 503 names what is missing',
    caller: 'anyone',
    limit: null,
    answer: { status: 200, schema: Readiness, description: 'Each part, and why it is not ready.' },
    handle: showReadiness,
  }),
  route({
    method: 'get',
    path: '/metrics',
    operationId: 'readMetrics',
    summary: 'Metrics of this process, for Prometheus',
    caller: 'anyone',
    limit: null,
    answer: { status: 200, schema: z.string(), description: 'Text exposition format.', mediaType: 'text/plain' },
    handle: showMetrics,
  }),
];

async function showProviders(_call: Call, services: Services): Promise<Reply<z.infer<typeof ProviderList>>> {
  const { store, settings } = services;
  const reports = await store.providerReports.list();
  const providers = reports.map((report) => ({
    ...report,
    selected: report.id === settings.MACHINE_PROVIDER,
    sizes: report.sizes && (report.sizes as SizeOffer[]).map(describeSize),
  }));
  return { body: { providers, costCap: await readCostCap(services, new Date()) } };
}

function describeSize({ hourlyPrice, ...size }: SizeOffer) {
  return {
    ...size,
    hourlyPrice: hourlyPrice && decimal(hourlyPrice.micros),
    currency: hourlyPrice && hourlyPrice.currency,
  };
}

/** Also while nothing else answers: what it tells of the runners may be a moment old. */
async function showHealth(_call: Call, { load }: Services): Promise<Reply<Alive>> {
  const timestamp = new Date().toISOString();
  return { body: { status: 'ok', tmpDir: tmpdir(), workerStatus: load.lastKnown(), containerId, timestamp } };
}

/** Never refuses: what comes while it is busy waits. */
async function showStatus(_call: Call, { load }: Services): Promise<Reply<WorkerState>> {
  return { body: { status: await load.read(), containerId, timestamp: new Date().toISOString() } };
}

async function showReadiness(_call: Call, services: Services): Promise<Reply<Readiness>> {
  const readiness = await checkReadiness(services);
  return { status: readiness.ready ? 200 : 503, body: readiness };
}

async function showMetrics(_call: Call, { metrics: { registry } }: Services): Promise<Reply<string>> {
  return { headers: { 'Content-Type': registry.contentType }, body: await registry.metrics() };
}
