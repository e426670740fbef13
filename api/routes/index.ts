/** The lists of routes: what owners and operators reach, and what machines reach. */
import type { Route } from '../route.ts';
import { callbackRoutes } from './callbacks.ts';
import { costRoutes } from './costs.ts';
import { machineImageRoutes } from './machine-images.ts';
import { executeRoutes } from './execute.ts';
import { machineRoutes } from './machines.ts';
import { openApiRoute } from './openapi.ts';
import { resourceRoutes } from './resources.ts';
import { artifactRoutes } from './run-artifacts.ts';
import { runRoutes } from './runs.ts';
import { sessionRoutes } from './sessions.ts';
import { callbackSignerRoutes } from './callback-signers.ts';
import { storedCredentialRoutes } from './stored-credentials.ts';
import { systemRoutes } from './system.ts';
import { credentialRoutes } from './workspace-credentials.ts';
import { eventRoutes } from './workspace-events.ts';
import { workspaceRoutes } from './workspaces.ts';

export { machineRoutes };

const described: readonly Route[] = [
  ...workspaceRoutes,
  ...eventRoutes,
  ...credentialRoutes,
  ...runRoutes,
  ...artifactRoutes,
  ...sessionRoutes,
  ...executeRoutes,
  ...storedCredentialRoutes,
  ...callbackRoutes,
  ...callbackSignerRoutes,
  ...resourceRoutes,
  ...machineImageRoutes,
  ...costRoutes,
  ...systemRoutes,
];

export const ownerRoutes: readonly Route[] = [...described, openApiRoute([...described, ...machineRoutes])];
