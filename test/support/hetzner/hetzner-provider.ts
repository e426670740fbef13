/** The Hetzner provider as tests use it: in a fake cloud, without waiting. */
import { hetznerProvider } from '../../../activities/providers/hetzner.ts';
import type { MachineProvider } from '../../../activities/providers/provider.ts';
import { readSettings } from '../../../config/settings.ts';
import type { FakeHetzner } from './fake-hetzner.ts';

export interface LogLine {
  level: 'info' | 'warn';
  fields: object;
  message: string;
}

/** A provider for an installation of this name; `environment` changes its settings, `log` hears what it says. */
export function openHetznerProvider(
  { url, state }: Pick<FakeHetzner, 'url' | 'state'>,
  installation: string,
  environment: NodeJS.ProcessEnv = {},
  log: LogLine[] = [],
): MachineProvider {
  const given = {
    HCLOUD_TOKEN: state.options.token,
    HCLOUD_ENDPOINT: url,
    HCLOUD_POLL_INTERVAL: '0ms',
    ...environment,
  };
  const hear = (level: LogLine['level']) => (fields: object, message: string) =>
    void log.push({ level, fields, message });
  return hetznerProvider.create(readSettings(hetznerProvider.settings, given), {
    installation,
    cacheDir: '/nowhere',
    log: { info: hear('info'), warn: hear('warn') },
  });
}
