/** What machines report of themselves. Every route here may be repeated at will. */
import { WorkflowNotFoundError } from '@temporalio/client';
import { z } from 'zod';
import type { WorkspaceEvents } from '../../workflows/contract/events.ts';
import {
  BootReport,
  CertificateRequest,
  CleanupRequest,
  HeartbeatReport,
  WorkspaceId,
} from '../../workflows/contract/workspace.schema.ts';
import { bootReportedSignal, heartbeatReceivedSignal, workspaceStream } from '../../workflows/contract/workspace.ts';
import { CertificateIssued, CleanupAccepted, ReportAccepted } from '../answers.ts';
import { concernsLifecycle } from '../boot-reports.ts';
import { Problem } from '../problems.ts';
import { route, type Call, type Reply } from '../route.ts';
import type { Services } from '../services.ts';
import { certifyMachine, stopWorkspace } from '../workspaces/ask-workspace.ts';
import { serverAnswerMs, within, workspaceHandle, type WorkspaceHandle } from '../workspaces/temporal.ts';

const OneWorkspace = z.object({ id: WorkspaceId });

export const machineRoutes = [
  route({
    method: 'post',
    path: '/vms/:id/boot',
    operationId: 'reportBoot',
    summary: 'Report a step of the boot',
    caller: 'machine',
    limit: 'report',
    params: OneWorkspace,
    body: BootReport,
    answer: { status: 200, schema: ReportAccepted, description: 'Noted.' },
    problems: ['workspace_already_stopped', 'temporal_unavailable'],
    handle: acceptBootReport,
  }),
  route({
    method: 'post',
    path: '/vms/:id/heartbeat',
    operationId: 'reportHeartbeat',
    summary: 'Report to be alive, and how active',
    caller: 'machine',
    limit: 'report',
    params: OneWorkspace,
    body: HeartbeatReport,
    answer: { status: 200, schema: ReportAccepted, description: 'Heard.' },
    problems: ['workspace_already_stopped', 'temporal_unavailable'],
    handle: acceptHeartbeat,
  }),
  route({
    method: 'post',
    path: '/vms/:id/certificate',
    operationId: 'requestCertificate',
    summary: 'Have a certificate signed for the names of this machine',
    caller: 'machine',
    limit: 'report',
    params: OneWorkspace,
    body: CertificateRequest,
    answer: { status: 200, schema: CertificateIssued, description: 'The same request has the same answer.' },
    problems: ['certificate_refused', 'workspace_already_stopped', 'temporal_unavailable', 'worker_unavailable'],
    handle: issueCertificate,
  }),
  route({
    method: 'post',
    path: '/vms/:id/cleanup',
    operationId: 'requestCleanup',
    summary: 'Ask to be removed',
    caller: 'machine',
    limit: 'cleanup',
    params: OneWorkspace,
    body: CleanupRequest,
    answer: { status: 200, schema: CleanupAccepted, description: 'The machine is being removed.' },
    problems: ['temporal_unavailable', 'worker_unavailable'],
    handle: acceptCleanup,
  }),
];

type One = typeof OneWorkspace;
type Accepted = Reply<z.infer<typeof ReportAccepted>>;

/** Into the log first, under the report's own number: a repeat after a crash adds nothing and still reaches the lifecycle. */
async function acceptBootReport(
  { params: { id }, body }: Call<One, z.ZodObject, typeof BootReport>,
  services: Services,
): Promise<Accepted> {
  const { seq, step, status, message = null } = body;
  const data: WorkspaceEvents['boot.step'] = { step, status, message };
  await services.store.events.append(workspaceStream(id), [{ key: `boot:${seq}`, type: 'boot.step', data }]);
  if (concernsLifecycle(body)) await signal(services, id, (handle) => handle.signal(bootReportedSignal, body));
  return { body: { id, accepted: true } };
}

async function acceptHeartbeat(
  { params: { id }, body }: Call<One, z.ZodObject, typeof HeartbeatReport>,
  services: Services,
): Promise<Accepted> {
  const { heartbeats, metrics } = services;
  metrics.heartbeatsReceived.inc();
  const verdict = await heartbeats.pass(id, body, () =>
    signal(services, id, (handle) => handle.signal(heartbeatReceivedSignal, body)),
  );
  if (verdict === 'forward') metrics.heartbeatsForwarded.inc();
  return { body: { id, accepted: true } };
}

/** Takes as long as it takes to publish the name; a machine that got no answer asks again, and finds its first question. */
async function issueCertificate(
  { params: { id }, body: { csr } }: Call<One, z.ZodObject, typeof CertificateRequest>,
  services: Services,
): Promise<Reply<z.infer<typeof CertificateIssued>>> {
  return { body: { id, certificate: await certifyMachine(services, id, csr) } };
}

/** The machine goes whether it asks first, again or late: the answer is the same. */
async function acceptCleanup(
  { params: { id }, body, log }: Call<One, z.ZodObject, typeof CleanupRequest>,
  services: Services,
): Promise<Reply<z.infer<typeof CleanupAccepted>>> {
  log.info({ reason: body.reason }, 'a machine asks to be removed');
  await stopWorkspace(services, id, 'machine').catch((error: unknown) => {
    if (!(error instanceof Problem && error.code === 'workspace_already_stopped')) throw error;
  });
  return { body: { id, dnsCleanedUp: true, message: 'The machine and its names are being removed.' } };
}

async function signal(services: Services, id: string, send: (to: WorkspaceHandle) => Promise<void>): Promise<void> {
  try {
    await within(services, serverAnswerMs, () => send(workspaceHandle(services, id)));
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    throw new Problem('workspace_already_stopped', 'This workspace has ended.');
  }
}
