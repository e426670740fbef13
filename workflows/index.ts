/** Table of contents of the workflow bundle: one line per workflow. */
export { workspaceLifecycle } from './workspace/lifecycle.ts';
export { callbackDelivery } from './callback/delivery.ts';
export { machineImageBuild } from './machine-image/build.ts';
export { orphanSweep } from './upkeep/orphan-sweep.ts';
export { retention } from './upkeep/retention.ts';
export { resourceLedger } from './upkeep/resource-ledger.ts';
export { agentRun } from './run/agent-run.ts';
export { session } from './session/session.ts';
