/** The server that a workspace's machine is. */
import type { WorkspaceSize } from '../workflows/contract/workspace.schema.ts';
import type { HetznerCloud } from './cloud.ts';
import { identityOf } from './firewall.ts';
import { hostnameLabels } from './labels.ts';
import type { ServerSpec } from './order-server.ts';
import { imageFor } from './snapshot.ts';

export interface WorkspaceServerSpec {
  workspaceId: string;
  size: WorkspaceSize;
  /** `ui.<id>.vm.<domain>` */
  hostname: string;
  userData: string;
}

/** A server that is reached by TLS alone, made from a snapshot with everything installed where there is one. */
export function workspaceServer(cloud: HetznerCloud, spec: WorkspaceServerSpec): ServerSpec {
  const { workspaceId, size, hostname, userData } = spec;
  return {
    identity: identityOf(cloud, workspaceId),
    owner: { workspaceId },
    labels: hostnameLabels(hostname),
    openPorts: ['443'],
    imageFor: (type) => imageFor(cloud, type),
    ...{ size, userData },
  };
}
