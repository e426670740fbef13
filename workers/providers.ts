/** Which of the listed providers this worker can use: those whose settings are complete. */
import type { Logger } from 'pino';
import type { z } from 'zod';
import type { NameProvider } from '../activities/names/name-provider.ts';
import type { MachineProvider, ProviderHost } from '../activities/providers/provider.ts';
import { SettingsError } from '../config/settings.ts';
import { readProviderSettings } from './config.ts';

/** A provider without its settings is listed too, with what it lacks. */
export type Choice<Provider> = { provider: Provider } | { id: string; reason: string };
export type ProviderChoice = Choice<MachineProvider>;
export type NameChoice = Choice<NameProvider>;

interface Definition<Provider> {
  readonly id: string;
  readonly settings: z.ZodObject;
  create(settings: z.infer<z.ZodObject>, host: ProviderHost): Provider;
}

/** One entry for each definition, in order. */
export function chooseProviders<Provider>(
  definitions: readonly Definition<Provider>[],
  host: Omit<ProviderHost, 'log'> & { log: Logger },
): Choice<Provider>[] {
  return definitions.map((definition) => {
    try {
      return { provider: definition.create(readProviderSettings(definition), host) };
    } catch (error) {
      if (error instanceof SettingsError) return { id: definition.id, reason: error.message };
      throw error;
    }
  });
}

/** The ones that can be used. */
export function usableIn<Provider>(choices: readonly Choice<Provider>[]): Provider[] {
  return choices.flatMap((choice) => ('provider' in choice ? [choice.provider] : []));
}
