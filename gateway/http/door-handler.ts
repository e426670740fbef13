/** What is behind a door: the run's own work, the models, and nothing else. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { DoorState } from '../doors/door-state.ts';
import { callModel } from '../models/broker.ts';
import { findModelRoute } from '../models/index.ts';
import type { Services } from '../services.ts';
import { receiveEvents } from '../work/events.ts';
import { readFile, writeFile } from '../work/files.ts';
import { runFileName } from '../../store/run-blobs.ts';
import { readJob } from '../work/job.ts';
import { answerRefusal, Refusal } from './answers.ts';
import { hasRunToken } from './run-token.ts';

/** One request at a door. */
export interface Visit {
  services: Services;
  state: DoorState;
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
}

/** Answers the requests of one run. */
export function createDoorHandler(services: Services, state: DoorState): RequestListener {
  return (request, response) => {
    const serving = serve({ services, state, request, response }).finally(() => state.underWay.delete(serving));
    state.underWay.add(serving);
  };
}

async function serve(visit: Omit<Visit, 'url'>): Promise<void> {
  const { request, response, services, state } = visit;
  const startedAt = performance.now();
  let route = 'none';
  response.once('close', () => {
    const status = response.headersSent ? response.statusCode : 'aborted';
    services.metrics.requests.inc({ route, status });
    state.log[levelFor(route, response.statusCode)](
      { method: request.method, route, status, ms: Math.round(performance.now() - startedAt) },
      'request',
    );
  });
  try {
    const url = urlOf(request);
    if (!hasRunToken(request.headers, url.searchParams, state.door.token)) throw unauthorized();
    const found = findRoute(request.method ?? '', url);
    route = found.name;
    await found.answer({ ...visit, url });
  } catch (error) {
    answerError(visit, error);
  }
}

/** Ten batches of events a second would bury everything else. */
function levelFor(route: string, status: number): 'debug' | 'info' {
  return route === 'events' && status < 400 ? 'debug' : 'info';
}

/** Proxies are asked with whole URLs; this one only makes tunnels. */
function urlOf({ url = '' }: IncomingMessage): URL {
  const parsed = url.startsWith('/') ? URL.parse(`http://door${url}`) : null;
  if (!parsed) throw new Refusal(403, 'egress_denied', 'Plain HTTP does not lead out of here; use https.');
  return parsed;
}

interface Route {
  /** For logs and metrics: no names of files, no models. */
  name: string;
  answer(visit: Visit): Promise<void>;
}

function findRoute(method: string, url: URL): Route {
  const ownRoute = `${method} ${url.pathname}`;
  if (ownRoute === 'GET /pawl/job') return { name: 'job', answer: readJob };
  if (ownRoute === 'POST /pawl/events') return { name: 'events', answer: receiveEvents };
  const file = /^(GET|PUT) \/pawl\/files\/([^/]+)$/.exec(ownRoute)?.[2];
  if (file !== undefined && runFileName.test(file)) {
    const answer = method === 'GET' ? readFile : writeFile;
    return { name: 'files', answer: (visit) => answer(visit, file) };
  }
  const model = findModelRoute(method, url.pathname);
  if (model) return { name: model.api.id, answer: (visit) => callModel(visit, model) };
  throw new Refusal(404, 'not_found', `There is no ${method} ${url.pathname.slice(0, 200)} behind this door.`);
}

function unauthorized(): Refusal {
  return new Refusal(401, 'unauthorized', "This needs the run's token.");
}

function answerError({ request, response, state }: Omit<Visit, 'url'>, error: unknown): void {
  if (error instanceof Refusal) return answerRefusal(response, error);
  if (request.destroyed && !request.complete) return; // Whoever asked is gone.
  state.log.error({ err: error }, 'a request failed');
  answerRefusal(response, new Refusal(500, 'internal_error', 'The gateway failed; its log has the reason. Try again.'));
}
