/** Activities that do nothing, so that what is left is the engine. */
import type { MachineFacts } from '../../workflows/contract/workspace.ts';

export type StepActivities = ReturnType<typeof createStepActivities>;

/** `heard` learns of every event that a workflow records: its stream, and what it was. */
export function createStepActivities(heard: (stream: string, type: string) => void) {
  return {
    doNothing: async (): Promise<void> => undefined,
    recordEvents: async (stream: string, events: readonly { type: string }[]): Promise<void> => {
      for (const { type } of events) heard(stream, type);
    },
    ensureMachine: async (): Promise<MachineFacts> => machine,
    waitForTerminal: async (): Promise<void> => undefined,
    removeMachine: async (): Promise<void> => undefined,
    removeSecrets: async (): Promise<void> => undefined,
  };
}

const machine: MachineFacts = { providerId: 'machine-1', ipAddress: '127.0.0.1', accessUrl: 'https://machine.test/' };
