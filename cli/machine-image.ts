import { machineProviders } from '../activities/providers/index.ts';
import { openInstallation } from '../config/installation.ts';
import { createLogger } from '../config/logger.ts';
import { reasonOf, SetupError } from '../engine/progress.ts';
import { chooseProviders } from '../workers/providers.ts';
import type { CliConfig, CliSettings } from './config.ts';
import type { Step } from './steps.ts';

/** Gets ready what machines are made from; when that fails, no workspace can be made, but the rest works. */
export function machineImageStep({ settings }: CliConfig, notes: string[]): Step {
  return {
    title: `Machines (${settings.MACHINE_PROVIDER})`,
    run: async (report) => {
      const provider = await chooseProvider(settings);
      try {
        await provider.prepare?.(report);
        return undefined;
      } catch (error) {
        notes.push(`No workspace can be made yet: ${reasonOf(error)}`);
        return 'not ready, see below';
      }
    },
  };
}

async function chooseProvider(settings: CliSettings) {
  const definitions = machineProviders.filter(({ id }) => id === settings.MACHINE_PROVIDER);
  const [choice] = chooseProviders(definitions, {
    installation: (await openInstallation(settings)).name,
    cacheDir: settings.PAWL_CACHE_DIR,
    // What goes on is shown as progress here.
    log: createLogger({ LOG_LEVEL: 'silent' }, 'cli'),
  });
  if (choice && 'provider' in choice) return choice.provider;
  const ids = machineProviders.map(({ id }) => id).join(', ');
  throw new SetupError(choice?.reason ?? `MACHINE_PROVIDER=${settings.MACHINE_PROVIDER} is none of: ${ids}.`);
}
