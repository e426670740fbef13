/** What is told of a run on its way to its agent, and of what that says. All that comes from the container may be anything. */
import { z } from 'zod';
import type { RunEvents } from '../../workflows/contract/run-events.ts';
import type { ExecuteEventBody } from './execute-event.ts';
import type { RunFacts } from './project-events.ts';

const Started = z.object({ version: z.string().max(100).nullable() });
const Spoken = z.object({ message: z.unknown() });
const Refused = z.object({ credential: z.string() });
const Spent = z.object({ budget: z.string() });

export const agentProjections = {
  'run.accepted': ({ sessionId, agent, resuming }: RunEvents['run.accepted']): ExecuteEventBody[] => [
    { type: 'connected', sessionId, resuming, ...(resuming && { resumedFrom: sessionId }), provider: agent },
  ],
  'session.unreadable': ({ reason }: RunEvents['session.unreadable']) =>
    says(`The session cannot be resumed, so it begins anew. ${reason}`),
  'run.queued': () => says('Waiting for a place on a runner'),
  'run.preparing': ({ host, resuming }: RunEvents['run.preparing']) =>
    says(resuming ? `Resuming the session on ${host}` : `Preparing on ${host}`),
  'run.moved': ({ because }: RunEvents['run.moved']) => says(`Moving to another container: ${because}`),
  'agent.started': (data: unknown, { agent }: RunFacts) => {
    const { data: started } = Started.safeParse(data);
    return says(started?.version ? `Executing with ${agent} ${started.version}` : `Executing with ${agent}`);
  },
  /** One that was too large for the log comes as what is known of it. */
  'agent.message': (data: unknown): ExecuteEventBody[] => {
    const { data: spoken } = Spoken.safeParse(data);
    return [{ type: 'assistant_message', data: spoken ? spoken.message : data }];
  },
  'credential.refused': (data: unknown) =>
    says(`The provider does not take the credential ${Refused.safeParse(data).data?.credential ?? ''}`.trim()),
  'budget.spent': (data: unknown) =>
    says(`The run has used up its budget (${Spent.safeParse(data).data?.budget ?? 'unknown'})`),
};

function says(message: string): ExecuteEventBody[] {
  return [{ type: 'message', message }];
}
