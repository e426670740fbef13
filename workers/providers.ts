/** Which of the listed providers this worker can use: those whose settings are complete. */
import type { Logger } from 'pino';
import { withBreaker } from '../activities/providers/with-breaker.ts';
import type { MachineProvider, MachineProviderDefinition, ProviderHost } from '../activities/providers/provider.ts';
import { SettingsError } from '../config/settings.ts';
import { readProviderSettings } from './config.ts';

/** One entry for each definition, in order. A provider without its settings is listed too, with what it lacks. */
export type ProviderChoice = { provider: MachineProvider } | { id: string; reason: string };

export function chooseProviders(
  definitions: readonly MachineProviderDefinition[],
  host: Omit<ProviderHost, 'log'> & { log: Logger },
): ProviderChoice[] {
  return definitions.map((definition) => {
    try {
      return { provider: withBreaker(definition.create(readProviderSettings(definition), host)) };
    } catch (error) {
      if (error instanceof SettingsError) return { id: definition.id, reason: error.message };
      throw error;
    }
  });
}
