/**
 * Looks once how active this machine is, tells the control plane, and powers the machine off when nobody has listened for
 * too long. A timer starts it again and again: between two looks nothing runs that could be killed.
 */
import { sendReport } from './control-plane.ts';
import { isForsaken, powerOff } from './idle/dead-man.ts';
import { heartbeatFrom } from './idle/heartbeat.ts';
import { look } from './idle/look.ts';
import { monotonicMs, readIdleState, writeIdleState } from './idle/state.ts';
import { readMachineSettings } from './machine.ts';

const machine = readMachineSettings();
const state = await look(readIdleState(monotonicMs()), monotonicMs());
writeIdleState(state);

const answer = await sendReport(machine, { route: 'heartbeat', body: heartbeatFrom(state, monotonicMs()) });
if (answer === 'accepted') writeIdleState({ ...state, heardMs: monotonicMs() });
else if (isForsaken(state, machine.deadManMinutes, monotonicMs())) await powerOff(machine);
