/** The control plane as a machine sees it: accepts what machines report, and remembers it. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface MachineReport {
  workspaceId: string;
  route: string;
  authorization: string | undefined;
  body: Record<string, unknown>;
}

export interface ControlPlaneStandIn {
  port: number;
  reports: MachineReport[];
  /** What every report is answered with from now on. */
  answerWith(status: number): void;
  /** What reports by this route are answered with beyond that, as JSON. */
  replies: Record<string, (body: Record<string, unknown>) => Promise<object>>;
  /** Resolves with the first report, past or future, that `matches`. */
  reportThat(matches: (report: MachineReport) => boolean, signal: AbortSignal): Promise<MachineReport>;
  close(): void;
}

/** Starts it on a free port of all addresses. */
export async function startControlPlaneStandIn(): Promise<ControlPlaneStandIn> {
  const reports: MachineReport[] = [];
  const arrivals = new EventTarget();
  const replies: ControlPlaneStandIn['replies'] = {};
  let status = 202;
  const server = createServer((request, response) => {
    void text(request).then(async (json) => {
      const [, , workspaceId = '', route = ''] = (request.url ?? '').split('/');
      const body = JSON.parse(json) as Record<string, unknown>;
      const reply = await replies[route]?.(body);
      response.writeHead(status).end(reply && JSON.stringify(reply));
      reports.push({ workspaceId, route, authorization: request.headers.authorization, body });
      arrivals.dispatchEvent(new Event('report'));
    });
  });
  server.listen(0, '0.0.0.0');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    reports,
    replies,
    answerWith(next) {
      status = next;
    },
    async reportThat(matches, signal) {
      for (;;) {
        const found = reports.find(matches);
        if (found) return found;
        await once(arrivals, 'report', { signal });
      }
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
