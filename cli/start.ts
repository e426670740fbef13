import type { Command } from 'commander';
import { openApiToken } from '../config/api-token.ts';
import { openInstallation } from '../config/installation.ts';
import { openSupervisor } from '../engine/supervisor/supervisor.ts';
import { boot } from './boot.ts';
import { type CliConfig, readCliConfig } from './config.ts';
import { untilToldToStop } from './signals.ts';
import { welcome } from './welcome.ts';

/** `pawl start`: everything that an embedded installation needs, until it is told to stop. */
export function registerStart(program: Command): void {
  program
    .command('start')
    .description('start everything and keep it running: Temporal (unless TEMPORAL_ADDRESS names one), worker, API')
    .action(() => start(readCliConfig()));
}

async function start(config: CliConfig): Promise<void> {
  // Made before any other process runs, so that all of them find the same name, keys and token.
  await openInstallation(config.settings);
  await openApiToken(config.settings);

  const supervisor = await openSupervisor(config.settings.PAWL_HOME, log);
  const told = untilToldToStop();
  const booted = boot(config, supervisor).then((notes) => console.log(welcome(config, notes)));
  try {
    await Promise.race([told, booted.then(() => told)]);
    log('stopping; the worker gets up to 30 s to hand over its work');
  } finally {
    await supervisor.stop();
  }
  log('stopped');
  // Also out of the middle of a download or a build, which ends with this process.
  process.exit();
}

function log(message: string): void {
  console.log(`${new Date().toISOString()} ${message}`);
}
