/** The machine's side of the control plane's machine routes. */
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  BootReport,
  CertificateRequest,
  CleanupRequest,
  HeartbeatReport,
} from '../../workflows/contract/workspace.schema.ts';
import type { MachineSettings } from './machine.ts';

interface Reports {
  boot: BootReport;
  certificate: CertificateRequest;
  heartbeat: HeartbeatReport;
  cleanup: CleanupRequest;
}

type Report = { [Route in keyof Reports]: { route: Route; body: Reports[Route] } }[keyof Reports];

/** What became of a report; a `refused` one will never be accepted. */
export type Answer = 'accepted' | 'refused' | 'unanswered';

/** The answer, with its body when there is one. */
export interface Reply {
  answer: Answer;
  text: string;
}

/** Sends one report once. Never throws: who does not get through tries again in its own time. */
export async function sendReport(machine: MachineSettings, report: Report): Promise<Answer> {
  return (await send(machine, report)).answer;
}

async function send(machine: MachineSettings, { route, body }: Report): Promise<Reply> {
  try {
    const response = await fetch(reportUrl(machine, route), {
      method: 'POST',
      headers: { authorization: `Bearer ${machine.machineToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    const text = await response.text();
    if (response.ok) return { answer: 'accepted', text };
    return { answer: isFinal(response.status) ? 'refused' : 'unanswered', text };
  } catch {
    return { answer: 'unanswered', text: '' };
  }
}

/** Sends a report again and again, slower each time, until there is an answer or `patienceMs` have passed. */
export async function insist(machine: MachineSettings, report: Report, patienceMs: number): Promise<Reply> {
  const giveUpAt = performance.now() + patienceMs;
  for (let pauseMs = 250; ; pauseMs = Math.min(pauseMs * 2, 15_000)) {
    const reply = await send(machine, report);
    if (reply.answer !== 'unanswered' || performance.now() + pauseMs > giveUpAt) return reply;
    await sleep(pauseMs);
  }
}

function reportUrl(machine: MachineSettings, route: keyof Reports): string {
  return `${machine.machineApiUrl.replace(/\/+$/, '')}/vms/${machine.workspaceId}/${route}`;
}

/** A request time-out and a rate limit pass; every other 4xx says that the report itself is not wanted. */
function isFinal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}
