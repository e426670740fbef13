/** A house in a process of its own: it plays the schedules that it is sent, and sends back what they came to. */
import { openHouse } from './house.ts';
import type { Schedule } from './schedule.ts';

const house = await openHouse();
process.on('message', (schedules: Schedule[]) => {
  void house.play(schedules).then((outcomes) => process.send?.(outcomes));
});
process.once('disconnect', () => void leave());

async function leave(): Promise<void> {
  await house[Symbol.asyncDispose]();
  // After a fault of the server somebody waits for it for ever, and it would outlive this process: it is of this group.
  process.kill(-process.pid, 'SIGKILL');
}
