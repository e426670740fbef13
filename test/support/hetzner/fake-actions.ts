/** Things that take their time in the fake cloud. */
import type { FakeAction, FakeServer, FakeState } from './state.ts';

/** Begins an action, after another one if there is one; how it ends is decided by the test's options. */
export function beginAction(
  state: FakeState,
  command: string,
  { id: serverId }: FakeServer,
  effect: (hasSucceeded: boolean) => void,
  after?: FakeAction,
): FakeAction {
  const { options } = state;
  const startedAt = after?.endsAt ?? state.clock;
  const ownError = options.actionErrorOf(command) ?? null;
  const action: FakeAction = {
    ...{ id: state.nextId++, command, serverId, startedAt, created: new Date().toISOString() },
    endsAt: startedAt + (command === 'create_image' ? options.snapshotTurns : options.actionTurns),
    error: after?.error ? { code: 'action_failed', message: `${after.command} failed` } : ownError,
    effect,
  };
  state.actions.set(action.id, action);
  return action;
}
