/** Which of the listed providers this worker can use: those whose settings are complete. */
import type { Logger } from 'pino';
import type { NameProvider, NameProviderDefinition } from '../activities/names/name-provider.ts';
import type { MachineProvider, MachineProviderDefinition, ProviderHost } from '../activities/providers/provider.ts';
import { withBreaker } from '../activities/providers/with-breaker.ts';
import { SettingsError } from '../config/settings.ts';
import { readProviderSettings } from './config.ts';

/** A provider without its settings is listed too, with what it lacks. */
type Choice<Provider> = { provider: Provider } | { id: string; reason: string };
export type ProviderChoice = Choice<MachineProvider>;
export type NameChoice = Choice<NameProvider>;

type Host = Omit<ProviderHost, 'log'> & { log: Logger };

/** One entry for each definition, in order, each behind a breaker of its own. */
export function chooseProviders(definitions: readonly MachineProviderDefinition[], host: Host): ProviderChoice[] {
  return definitions.map((definition) =>
    choose(definition.id, () => withBreaker(definition.create(readProviderSettings(definition), host))),
  );
}

/** One entry for each definition, in order; the first that can be used is. */
export function chooseNames(definitions: readonly NameProviderDefinition[], host: Host): NameChoice[] {
  return definitions.map((definition) =>
    choose(definition.id, () => definition.create(readProviderSettings(definition), host)),
  );
}

/** The ones that can be used. */
export function usableIn<Provider>(choices: readonly Choice<Provider>[]): Provider[] {
  return choices.flatMap((choice) => ('provider' in choice ? [choice.provider] : []));
}

function choose<Provider>(id: string, create: () => Provider): Choice<Provider> {
  try {
    return { provider: create() };
  } catch (error) {
    if (error instanceof SettingsError) return { id, reason: error.message };
    throw error;
  }
}
