/** A supervisor in a process of its own, to be killed: `node supervisor-program.ts <home>`. Says `ready` when all serve. */
import { openSupervisor } from '../../engine/supervisor/supervisor.ts';
import { embeddedTemporal } from './embedded-temporal.ts';
import { diarist } from './programs.ts';

const [home = ''] = process.argv.slice(2);
const supervisor = await openSupervisor(home, () => undefined);
const temporal = await embeddedTemporal(home);
await supervisor.start(temporal.definition);
await supervisor.start(diarist(home, 'worker'));
console.log(`ready ${temporal.address}`);
