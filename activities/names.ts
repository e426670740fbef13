/** The name of a workspace: published, certified, removed. Every activity may be repeated at any time. */
import type { Store } from '../store/store.ts';
import { failure } from './failures.ts';
import { whileHeartbeating } from './heartbeat.ts';
import type { CertificateRequest, NameProvider, WorkspaceName } from './names/name-provider.ts';
import { announcingRetries, neverFinal } from './retries.ts';

export interface NameDependencies {
  store: Store;
  /** The one that this worker can use; `undefined` when none has its settings. */
  names: NameProvider | undefined;
}

export function createNameActivities({ store, names }: NameDependencies) {
  /** Returns once the provider lists the name with this address. */
  async function ensureName(name: WorkspaceName): Promise<void> {
    await announcingRetries(store.events, name.workspaceId, () =>
      whileHeartbeating((signal) => provider().ensureName(name, signal)),
    );
  }

  /** The machine's certificate, PEM, for its own names alone. */
  async function ensureCertificate(request: CertificateRequest): Promise<string> {
    return await announcingRetries(store.events, request.workspaceId, () =>
      whileHeartbeating((signal) => provider().ensureCertificate(request, signal)),
    );
  }

  /** Returns once the provider lists nothing of the workspace. No failure of it is final: what was published must go. */
  async function removeNames({ workspaceId }: { workspaceId: string }): Promise<void> {
    await announcingRetries(store.events, workspaceId, () =>
      whileHeartbeating((signal) => provider().removeNames(workspaceId, signal)).catch(neverFinal),
    );
  }

  return { ensureName, ensureCertificate, removeNames };

  function provider(): NameProvider {
    if (names) return names;
    throw failure('ProviderRefused', noNameProvider);
  }
}

/** What to do where machines need names and nobody can publish them. */
export const noNameProvider =
  'This machine needs a name in DNS, and the worker has no provider of names. Set CLOUDFLARE_API_TOKEN and BASE_DOMAIN; GET /providers tells what is wrong with them.';
