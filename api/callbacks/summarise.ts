import type { Callback } from '../../store/callback-log.ts';
import type { CallbackPage } from '../answers-callbacks.ts';

/** What a list shows of a callback. */
export function summarise({ signer: _, ...callback }: Callback): CallbackPage['callbacks'][number] {
  return callback;
}
