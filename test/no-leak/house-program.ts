/** A house in a process of its own: it plays the schedules that it is sent, and sends back what they came to. */
import { openHouse } from './house.ts';
import type { Schedule } from './schedule.ts';

const house = await openHouse();
process.on('message', (schedules: Schedule[]) => {
  void house.play(schedules).then((outcomes) => process.send?.(outcomes));
});
process.once('disconnect', () => void house[Symbol.asyncDispose]());
