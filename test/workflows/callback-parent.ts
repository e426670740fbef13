/** A workflow that tells somebody that it has ended. */
import { callBack } from '../../workflows/callback/call-back.ts';
import type { CallbackOrder } from '../../workflows/contract/callback.ts';

export async function tellsAndEnds(order: CallbackOrder): Promise<void> {
  await callBack(order);
  // As a replaced execution of the same work would do.
  await callBack(order);
}
