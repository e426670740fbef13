/** What the API answers with; each schema and its type share one name. */
import { z } from 'zod';
import { activityKinds, WorkspaceId, WorkspaceSize } from '../workflows/contract/workspace.schema.ts';
import { stopReasons, workspaceStatuses } from '../workflows/contract/workspace.ts';
import { failures, type FailureName } from '../workflows/contract/failures.ts';
import { Cost, CostCap } from './cost-answers.ts';

export const Time = z.string().meta({ description: 'ISO 8601, UTC.', format: 'date-time' });
const Status = z.enum(workspaceStatuses);
const failureNames = Object.keys(failures) as [FailureName, ...FailureName[]];

export const Credentials = z
  .object({ username: z.string(), password: z.string() })
  .meta({ id: 'Credentials', description: 'Opens the terminal of a workspace.' });
export type Credentials = z.infer<typeof Credentials>;

export const WorkspaceCreated = z
  .object({
    id: WorkspaceId,
    name: z.string(),
    repoUrl: z.string(),
    status: z.literal('creating'),
    size: WorkspaceSize,
    hostname: z.string(),
    accessUrl: z.null(),
    createdAt: Time,
    message: z.string(),
    credentials: Credentials.meta({ description: 'Shown here once; later at `/vms/{id}/credentials`.' }),
  })
  .meta({ id: 'WorkspaceCreated' });
export type WorkspaceCreated = z.infer<typeof WorkspaceCreated>;

export const WorkspaceSummary = z
  .object({
    id: WorkspaceId,
    name: z.string(),
    status: Status,
    accessUrl: z.string().nullable(),
    createdAt: Time,
  })
  .meta({ id: 'WorkspaceSummary' });
export type WorkspaceSummary = z.infer<typeof WorkspaceSummary>;

export const WorkspacePage = z
  .object({
    workspaces: z.array(WorkspaceSummary),
    count: z.number().int().meta({ description: 'Workspaces on this page.' }),
    nextCursor: z.string().nullable().meta({ description: 'Give it as `cursor` for the next page; null on the last.' }),
  })
  .meta({ id: 'WorkspacePage' });
export type WorkspacePage = z.infer<typeof WorkspacePage>;

export const WorkspaceDetails = z
  .object({
    id: WorkspaceId,
    name: z.string(),
    repoUrl: z.string(),
    branch: z.string().nullable(),
    size: WorkspaceSize,
    status: Status,
    provider: z.string(),
    providerId: z.string().nullable(),
    ipAddress: z.string().nullable(),
    hostname: z.string(),
    accessUrl: z.string().nullable(),
    createdAt: Time,
    expiresAt: Time.nullable().meta({ description: 'When it is stopped for its age, whatever goes on in it.' }),
    lastActivityAt: Time.nullable(),
    stopReason: z.enum(stopReasons).nullable(),
    error: z.string().nullable(),
    errorCode: z.enum(failureNames).nullable(),
    waitingFor: z.object({ what: z.string(), until: Time.nullable() }).nullable(),
    cost: Cost.nullable().meta({ description: 'null when its machine costs nothing, or is not there yet.' }),
    idle: z
      .object({
        state: z.enum(['active', 'idle', 'unknown']),
        keptAliveBy: z.array(z.object({ by: z.enum(activityKinds), lastAt: Time })),
        shutdownAt: Time,
      })
      .nullable(),
  })
  .meta({ id: 'WorkspaceDetails' });

export const WorkspaceStopping = z
  .object({ id: WorkspaceId, status: z.literal('stopping'), message: z.string() })
  .meta({ id: 'WorkspaceStopping' });

export const WorkspaceExtended = z
  .object({ id: WorkspaceId, status: Status, shutdownAt: Time.nullable(), message: z.string() })
  .meta({ id: 'WorkspaceExtended', description: '`shutdownAt` is null until the workspace runs.' });

export const EventPage = z
  .object({
    events: z.array(z.object({ seq: z.number().int(), type: z.string(), data: z.unknown(), at: Time })),
    nextAfter: z.number().int().meta({ description: 'Give it as `after` for what follows.' }),
  })
  .meta({ id: 'EventPage' });

export const ReportAccepted = z.object({ id: WorkspaceId, accepted: z.literal(true) }).meta({ id: 'ReportAccepted' });

export const CertificateIssued = z
  .object({ id: WorkspaceId, certificate: z.string().meta({ description: 'PEM, for the machine’s own names alone.' }) })
  .meta({ id: 'CertificateIssued' });

export const CleanupAccepted = z
  .object({ id: WorkspaceId, dnsCleanedUp: z.literal(true), message: z.string() })
  .meta({ id: 'CleanupAccepted' });

export const ProviderList = z
  .object({
    providers: z.array(
      z.object({
        id: z.string(),
        selected: z.boolean().meta({ description: 'New workspaces get their machine from it.' }),
        available: z.boolean(),
        reason: z.string().nullable().meta({ description: 'Why it is not available, and what to do about it.' }),
        checkedAt: Time,
        sizes: z
          .array(
            z.object({
              size: WorkspaceSize,
              type: z.string().meta({ description: "The provider's own word for it." }),
              vcpu: z.number(),
              memoryGb: z.number(),
              diskGb: z.number(),
              hourlyPrice: z.string().nullable(),
              currency: z.string().nullable(),
            }),
          )
          .nullable()
          .meta({ description: 'null where that is not known.' }),
        isFree: z.boolean().meta({ description: 'Its machines cost nothing, so no cost cap pauses their creation.' }),
        breaker: z
          .object({ state: z.enum(['closed', 'open', 'half-open']), since: Time, until: Time.nullable() })
          .nullable()
          .meta({
            description:
              'While it is open, new machines wait until the provider is tried again; removals do not. Of the worker that reported last.',
          }),
      }),
    ),
    costCap: CostCap.nullable().meta({ description: 'null when there is none.' }),
  })
  .meta({ id: 'ProviderList' });

const ContainerId = z.string().meta({ description: 'The process that answers; also in the header `X-Container-ID`.' });
const LoadStatus = z.enum(['idle', 'busy']);

export const Alive = z
  .object({
    status: z.literal('ok'),
    tmpDir: z.string(),
    workerStatus: LoadStatus,
    containerId: ContainerId,
    timestamp: Time,
  })
  .meta({ id: 'Alive' });
export type Alive = z.infer<typeof Alive>;

export const WorkerState = z
  .object({ status: LoadStatus, containerId: ContainerId, timestamp: Time })
  .meta({ id: 'WorkerState' });
export type WorkerState = z.infer<typeof WorkerState>;

const Part = z.object({ ready: z.boolean(), reason: z.string().nullable() });
export const Readiness = z
  .object({
    ready: z.boolean(),
    parts: z.object({ store: Part, blobs: Part, temporal: Part, worker: Part, provider: Part, costs: Part }),
  })
  .meta({ id: 'Readiness' });
export type Readiness = z.infer<typeof Readiness>;

export const ProblemDetails = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    instance: z.string(),
    error: z.string().meta({ description: 'Code for programs.' }),
    message: z.string().meta({ description: 'Words for people; the same as `detail`.' }),
    details: z.unknown(),
    field: z.string().optional().meta({ description: 'The first field at fault, where it is one.' }),
  })
  .meta({ id: 'ProblemDetails', description: 'RFC 9457 problem details, with a code of the closed list in `error`.' });
