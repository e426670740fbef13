/** The agent's turn: started, listened to, limited, saved now and then. */
import { realpath } from 'node:fs/promises';
import type { AgentOutcome } from './agents/agent.ts';
import { packageVersion } from './agents/common/packages.ts';
import { createCheckpointer } from './checkpointer.ts';
import type { Host } from './host.ts';
import type { Job } from './job.ts';
import { watchLimits } from './limits.ts';
import { boundedLog } from './bounded-log.ts';
import type { Prepared } from './prepare.ts';
import { createStopping } from './stopping.ts';
import type { AgentProgram } from './turn/agent-program.ts';
import { runTurn } from './turn/run-turn.ts';

/** Tells `agent.started`, and everything that the agent tells; returns its outcome, or that of whatever stopped it. */
export async function work(host: Host, job: Job, prepared: Prepared, program: AgentProgram): Promise<AgentOutcome> {
  const { spool, places, memory, gateway } = host;
  const { agent, resumed, resume, prompt } = prepared;
  const cwd = await realpath(places.repo);
  const version = agent.package === null ? null : packageVersion(agent.package);
  await spool.append('agent.started', { agent: agent.id, version, resumed });

  const stopping = createStopping(host.cancelled);
  await using watches = new AsyncDisposableStack();
  watches.use(watchLimits(job.limits, host, stopping.stop));
  const log = boundedLog((stream, text) => spool.append('agent.log', { stream, text }));
  const checkpointer = createCheckpointer(host, agent, job.limits);
  const { options } = job;
  const request = { prompt, cwd, home: places.state, resume, options, gateway };
  const listener = {
    message: (message: unknown) => spool.append('agent.message', { message }),
    log,
    session: (providerSessionId: string) => memory.note({ providerSessionId }),
    wantsSettled: checkpointer.isDue,
    settled: checkpointer.save,
  };
  const outcome = await runTurn(program, request, listener, stopping.signal);
  await checkpointer.sent();
  return stopping.outcomeOf(outcome);
}
