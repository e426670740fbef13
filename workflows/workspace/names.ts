/** The name under which the world reaches a machine, where that must be published; and the certificate that goes with it. */
import { condition } from '@temporalio/workflow';
import type { MachineCertificate } from '../contract/workspace.ts';
import { ensureCertificateWithin, ensureNameWithin, removeNames } from './activities.ts';
import { failure } from './failure.ts';
import { record } from './record.ts';
import type { Workspace } from './workspace.ts';

/** Publishes the name. Fails when there is nothing that it could lead to. */
export async function publishName(workspace: Workspace, timeLeftMs: number): Promise<void> {
  const { workspaceId, hostname } = workspace.input;
  const ipAddress = workspace.machine?.ipAddress ?? null;
  if (ipAddress === null) throw failure('ProviderRefused', 'The machine has no address that its name could lead to.');
  await ensureNameWithin(timeLeftMs)({ workspaceId, hostname, ipAddress });
  await record(workspace, { type: 'name.published', data: { hostname, ipAddress } });
}

/** Has the certificate signed that the machine waits for. */
export async function signCertificate(workspace: Workspace, timeLeftMs: number): Promise<void> {
  const { workspaceId, hostname } = workspace.input;
  const { certification } = workspace;
  if (!certification) return;
  const { csr } = certification;
  certification.certificate = await ensureCertificateWithin(timeLeftMs)({ workspaceId, hostname, csr });
}

/** Whether the main line has a certificate to order. */
export function isCertificateDue({ certification }: Workspace): boolean {
  return certification !== null && certification.certificate === null;
}

/** The answer to the machine: waits until the main line has it. Fails when the workspace ends first. */
export async function awaitCertificate(workspace: Workspace): Promise<MachineCertificate> {
  await condition(() => !isCertificateDue(workspace) || workspace.status !== 'creating');
  const certificate = workspace.certification?.certificate;
  if (certificate) return { certificate };
  throw failure('InvalidState', 'This workspace ended before its machine had a certificate.');
}

/** Whether a name may have been published: that happens only to machines that are known here. */
export function mayHaveName({ machine }: Workspace): boolean {
  return machine?.needsName === true;
}

/** Takes the name back, and what was certified under it, for as long as that takes. */
export async function withdrawName(workspace: Workspace): Promise<void> {
  const { workspaceId, hostname } = workspace.input;
  await removeNames({ workspaceId });
  await record(workspace, { type: 'name.removed', data: { hostname } });
}
