#!/usr/bin/env node
/** The `pawl` command: one line per verb. */
import { Command } from 'commander';
import { SettingsError } from '../config/settings.ts';
import { SetupError } from '../engine/progress.ts';
import { registerDoctor } from './doctor.ts';
import { registerImage } from './image.ts';
import { registerKeys } from './keys.ts';
import { registerStart } from './start.ts';

const program = new Command('pawl').description('A self-hosted, durable control plane for coding agents');
registerStart(program);
registerDoctor(program);
registerKeys(program);
registerImage(program);

try {
  await program.parseAsync();
} catch (error) {
  const isForTheOperator = error instanceof SetupError || error instanceof SettingsError;
  console.error(isForTheOperator ? `\n${error.message}` : error);
  process.exitCode = 1;
}
