/** Opens the store at the place in its argument, uses it once and says so. */
import { openAt } from '../place.ts';
import type { Place } from '../place.ts';

await using store = await openAt(JSON.parse(process.argv[2]!) as Place);
await store.ping();
console.log('open');
