/** The ports that an embedded installation listens on, each with the setting that chooses it. */
import type { NeededPort } from '../engine/free-port.ts';
import type { CliSettings } from './config.ts';

/** The API's ports: for clients and for machines. */
export function apiPorts(settings: CliSettings, machineHost = settings.MACHINE_API_HOST ?? '0.0.0.0'): NeededPort[] {
  return [
    { host: settings.HOST, port: settings.PORT, setting: 'PORT' },
    { host: machineHost, port: settings.MACHINE_API_PORT, setting: 'MACHINE_API_PORT' },
  ];
}

/** Where the worker answers: the Temporal Web UI asks it to decrypt. */
export function workerPorts({ CODEC_SERVER_PORT, TEMPORAL_UI }: CliSettings): NeededPort[] {
  return TEMPORAL_UI ? [{ host: '127.0.0.1', port: CODEC_SERVER_PORT, setting: 'CODEC_SERVER_PORT' }] : [];
}

/** Where the gateway tells its metrics; containers reach it by sockets of their own. */
export function gatewayPorts({ GATEWAY_METRICS_ADDRESS }: CliSettings): NeededPort[] {
  if (GATEWAY_METRICS_ADDRESS === 'off') return [];
  const { hostname, port } = new URL(`http://${GATEWAY_METRICS_ADDRESS}`);
  return [{ host: hostname, port: Number(port), setting: 'GATEWAY_METRICS_ADDRESS' }];
}

/** The port that leads to local machines. */
export function machinesPort(settings: CliSettings): NeededPort {
  return { host: '127.0.0.1', port: settings.MACHINES_PORT, setting: 'MACHINES_PORT' };
}

/** The embedded Temporal server's ports. */
export function temporalPorts(settings: CliSettings): NeededPort[] {
  const ui = { host: '127.0.0.1', port: settings.TEMPORAL_UI_PORT, setting: 'TEMPORAL_UI_PORT' };
  const server = { host: '127.0.0.1', port: settings.TEMPORAL_PORT, setting: 'TEMPORAL_PORT' };
  return settings.TEMPORAL_UI ? [server, ui] : [server];
}
