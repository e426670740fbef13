/** What a provider of names promises. One is one folder and one line in `index.ts`; a worker uses one at most. */
import type { z } from 'zod';
import type { BreakerReport } from '../../store/store.ts';
import type { Resource } from '../../workflows/contract/resources.ts';
import type { Availability, ProviderHost } from '../providers/provider.ts';

export interface NameProviderDefinition<Settings extends z.ZodObject = z.ZodObject> {
  readonly id: string;
  /** The environment this provider reads. It is used when these are complete. */
  readonly settings: Settings;
  create(settings: z.infer<Settings>, host: Pick<ProviderHost, 'installation'>): NameProvider;
}

export interface NameProvider {
  readonly id: string;

  /** Whether the provider is spared at the moment; see `with-breaker.ts`. */
  breaker?(): BreakerReport;

  /** Whether names can be published here now. Never throws; answers within a few seconds. */
  checkAvailability(): Promise<Availability>;

  /**
   * Publishes the workspace's name, and nothing else under that name; called again after a crash or with another address,
   * there is one record. What another installation marked as its own is never touched. Returns when the provider itself
   * lists the record. Fails with `ProviderUnavailable`, `ProviderRefused` or `QuotaExceeded`. Honours `signal`.
   */
  ensureName(name: WorkspaceName, signal: AbortSignal): Promise<void>;

  /**
   * A certificate for exactly this workspace's names, signed for the key of the request. The same request gets the same
   * certificate. What else the request asks for counts for nothing. Fails like `ensureName`.
   */
  ensureCertificate(request: CertificateRequest, signal: AbortSignal): Promise<string>;

  /**
   * Removes every record of the workspace, whether or not its id is known, and revokes its certificates. Resolves only when
   * the provider lists none; nothing there to begin with is fine.
   */
  removeNames(workspaceId: string, signal: AbortSignal): Promise<void>;

  /** Everything with exactly this installation's mark. Fails rather than return a partial list. */
  listResources(): Promise<Resource[]>;
}

export interface WorkspaceName {
  workspaceId: string;
  /** The terminal's, see `workflows/contract/hostnames.ts`. */
  hostname: string;
  /** IPv4 or IPv6. */
  ipAddress: string;
}

export interface CertificateRequest {
  workspaceId: string;
  hostname: string;
  /** PKCS #10, PEM. */
  csr: string;
}
