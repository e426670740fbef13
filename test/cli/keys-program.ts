/** A `pawl` that has `keys` only. */
import { Command } from 'commander';
import { registerKeys } from '../../cli/keys.ts';

const program = new Command('pawl');
registerKeys(program);
await program.parseAsync();
