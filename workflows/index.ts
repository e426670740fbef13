/** Table of contents of the workflow bundle: one line per workflow. */
export { workspaceLifecycle } from './workspace/lifecycle.ts';
export { callbackDelivery } from './callback/delivery.ts';
export { orphanSweep } from './upkeep/orphan-sweep.ts';
export { retention } from './upkeep/retention.ts';
export { resourceLedger } from './upkeep/resource-ledger.ts';
