/** What comes in from outside about workspaces, as zod schemas; each schema and its type share one name. */
import { z } from 'zod';

export const workspaceIdPattern = /^ws-[a-z0-9]{6}$/;
export const WorkspaceId = z
  .string()
  .regex(workspaceIdPattern)
  .meta({ examples: ['ws-k3x9a1'] });

export const WorkspaceSize = z.enum(['small', 'medium', 'large']);
export type WorkspaceSize = z.infer<typeof WorkspaceSize>;

/** As git has it, and nothing that git would take for an option or a range. */
export const BranchName = z
  .string()
  .min(1)
  .max(200)
  .regex(/^(?![-/.])(?!.*(\.\.|@\{|\/\/|\/\.|\.lock(\/|$)))[^\s~^:?*[\\\p{Cc}]+(?<![/.])$/u, 'not a valid branch name');

/** `POST /vms`. `repoUrl` is checked further by `api/repository-url.ts`, whose rules depend on settings. */
export const WorkspaceRequest = z.object({
  repoUrl: z
    .string()
    .max(500)
    .meta({ examples: ['https://github.com/octocat/Hello-World.git'] }),
  size: WorkspaceSize.default('medium'),
  name: z
    .string()
    .max(50)
    .regex(/^[A-Za-z0-9-_]+$/, 'letters, digits, - and _ only')
    .optional()
    .meta({ description: 'Taken from the repository when missing.' }),
  branch: BranchName.optional(),
});
export type WorkspaceRequest = z.infer<typeof WorkspaceRequest>;

/** `POST /vms/:id/extend` */
export const ExtendWorkspaceRequest = z.object({ minutes: z.number().int().min(1).max(1440) });
export type ExtendWorkspaceRequest = z.infer<typeof ExtendWorkspaceRequest>;

/** The steps of a boot, in the order in which a machine takes them. */
export const bootSteps = ['boot', 'packages', 'docker', 'clone', 'devcontainer', 'terminal', 'proxy', 'ready'] as const;
export const BootStep = z.enum(bootSteps);
export type BootStep = z.infer<typeof BootStep>;

/** `POST /vms/:id/boot`, from the machine. `seq` counts a machine's reports, so that repeats are recognised. */
export const BootReport = z.object({
  seq: z.number().int().min(1).max(1000),
  step: BootStep,
  status: z.enum(['started', 'done', 'failed']),
  message: z.string().max(2000).optional(),
});
export type BootReport = z.infer<typeof BootReport>;

export const activityKinds = ['files', 'terminal', 'web', 'agent', 'cpu', 'ssh'] as const;
export const ActivityKind = z.enum(activityKinds);
export type ActivityKind = z.infer<typeof ActivityKind>;

/** `POST /vms/:id/heartbeat`, from the machine. Ages, not times, so that its clock does not matter. */
export const HeartbeatReport = z.object({
  seq: z.number().int().min(1),
  idleSeconds: z.number().min(0).meta({ description: 'Seconds since the last activity of any kind.' }),
  keptAliveBy: z.array(z.object({ by: ActivityKind, secondsAgo: z.number().min(0) })).max(activityKinds.length),
});
export type HeartbeatReport = z.infer<typeof HeartbeatReport>;

/** `POST /vms/:id/certificate`, from the machine: its request, in the form of PKCS #10. Whatever it asks for beyond its key is ignored. */
export const CertificateRequest = z.object({
  csr: z
    .string()
    .max(4096)
    .regex(
      /^-----BEGIN CERTIFICATE REQUEST-----\n[A-Za-z0-9+/=\n]+\n-----END CERTIFICATE REQUEST-----\n?$/,
      'not a certificate request in PEM',
    ),
});
export type CertificateRequest = z.infer<typeof CertificateRequest>;

/** `POST /vms/:id/cleanup`, from the machine: it asks to be removed. */
export const CleanupRequest = z.object({ reason: z.enum(['idle_timeout', 'manual', 'error']) });
export type CleanupRequest = z.infer<typeof CleanupRequest>;
