/** What exists at providers, and what it costs. Plain JSON: it crosses Temporal. */
import type { WorkspaceSize } from './workspace.schema.ts';

/** An amount of money in millionths, so that sums stay exact. */
export interface Money {
  micros: number;
  /** ISO 4217 */
  currency: string;
}

/** The kinds of things that installations have at providers. */
export const resourceKinds = [
  'container',
  'volume',
  'server',
  'firewall',
  'ssh-key',
  'snapshot',
  'dns-record',
  'certificate',
] as const;
export type ResourceKind = (typeof resourceKinds)[number];

/** A thing that exists at a provider now and bears exactly this installation's mark. */
export interface Resource {
  /** Id of the provider that has it: `docker`, `hetzner`, `cloudflare`. */
  provider: string;
  kind: ResourceKind;
  /** The provider's own id, unique among its kind. */
  id: string;
  name: string;
  /** Whose it is; `null` when the whole installation uses it. */
  workspaceId: string | null;
  /** ISO 8601, UTC. */
  createdAt: string;
  /** `null` when it costs nothing. */
  hourlyPrice: Money | null;
}

/** A size of workspace as a provider makes it. */
export interface SizeOffer {
  size: WorkspaceSize;
  /** The provider's own word for it. */
  type: string;
  vcpu: number;
  memoryGb: number;
  diskGb: number;
  /** `null` when it costs nothing. */
  hourlyPrice: Money | null;
}
