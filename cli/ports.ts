/** The ports that an embedded installation listens on, each with the setting that chooses it. */
import { SocketAddress } from 'node:net';
import type { NeededPort } from '../engine/free-port.ts';
import type { CliSettings } from './config.ts';

/** The API's ports: for clients and for machines. */
export function apiPorts(settings: CliSettings, machineHost = settings.MACHINE_API_HOST ?? '0.0.0.0'): NeededPort[] {
  return [
    { host: settings.HOST, port: settings.PORT, setting: 'PORT' },
    { host: machineHost, port: settings.MACHINE_API_PORT, setting: 'MACHINE_API_PORT' },
  ];
}

/** Where the worker answers: the Temporal Web UI, which asks it to decrypt, and whoever collects metrics. */
export function workerPorts({ CODEC_SERVER_PORT, TEMPORAL_UI, WORKER_METRICS_ADDRESS }: CliSettings): NeededPort[] {
  const codec = { host: '127.0.0.1', port: CODEC_SERVER_PORT, setting: 'CODEC_SERVER_PORT' };
  return [...(TEMPORAL_UI ? [codec] : []), ...metricsPorts('WORKER_METRICS_ADDRESS', WORKER_METRICS_ADDRESS)];
}

/** `off` is no address. */
function metricsPorts(setting: string, metricsAddress: string): NeededPort[] {
  const at = SocketAddress.parse(metricsAddress);
  if (!at) return [];
  return [{ host: at.address, port: at.port, setting, hint: 'set it to off' }];
}

/** Where the gateway tells its metrics; containers reach it by sockets of their own. */
export function gatewayPorts({ GATEWAY_METRICS_ADDRESS }: CliSettings): NeededPort[] {
  return metricsPorts('GATEWAY_METRICS_ADDRESS', GATEWAY_METRICS_ADDRESS);
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
