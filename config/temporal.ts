/** How to reach Temporal: the `TEMPORAL_*` variables or a profile, as every Temporal tool reads them. */
import { loadClientConnectConfig, type ClientConnectConfig } from '@temporalio/envconfig';

export interface TemporalTarget {
  connection: ClientConnectConfig['connectionOptions'];
  namespace: string;
}

/** Fails when a named profile or a certificate file is missing. */
export function temporalTarget(): TemporalTarget {
  const { connectionOptions, namespace } = loadClientConnectConfig();
  return { connection: connectionOptions, namespace: namespace ?? 'default' };
}
