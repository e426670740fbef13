import { randomUUID } from 'node:crypto';
import type { Middleware } from 'koa';
import type { Logger } from 'pino';
import { workspaceIdPattern } from '../../workflows/contract/workspace.schema.ts';
import { workspaceWorkflowId } from '../../workflows/contract/workspace.ts';
import { containerId } from '../container-id.ts';
import type { Metrics } from '../metrics.ts';
import type { RequestState } from '../request-state.ts';

/** Gives each request an id, a log that carries it, one line at its end, and a place in the histogram. */
export function logRequests(log: Logger, metrics: Metrics): Middleware<RequestState> {
  return async (ctx, next) => {
    const startedAt = performance.now();
    ctx.state.requestId = saneId(ctx.get('X-Request-Id')) ?? randomUUID();
    ctx.state.log = log.child({ requestId: ctx.state.requestId, ...workspaceFields(ctx.path) });
    ctx.set({ 'X-Request-Id': ctx.state.requestId, 'X-Container-ID': containerId });
    await next();

    const route = (ctx.state as Partial<RequestState>).route?.path ?? 'none';
    const seconds = (performance.now() - startedAt) / 1000;
    metrics.requestSeconds.observe({ method: knownMethod(ctx.method), route, status: ctx.status }, seconds);
    const fields = { method: ctx.method, route, status: ctx.status, ms: Math.round(seconds * 1000) };
    ctx.state.log[levelFor(route, ctx.status)](fields, 'request');
  };
}

/** A caller's own id is taken over if it cannot do harm in a log or a header. */
function saneId(given: string): string | undefined {
  return /^[A-Za-z0-9._:-]{1,100}$/.test(given) ? given : undefined;
}

function workspaceFields(path: string): object {
  const workspaceId = path.split('/')[2] ?? '';
  return workspaceIdPattern.test(workspaceId) ? { workspaceId, workflowId: workspaceWorkflowId(workspaceId) } : {};
}

/** Methods come from outside; labels must stay few. */
function knownMethod(method: string): string {
  return ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'].includes(method) ? method : 'other';
}

/** Thousands of heartbeats a minute, and probes, are no news. */
function levelFor(route: string, status: number): 'debug' | 'info' {
  return status < 400 && /\/(heartbeat|health|status|ready|metrics)$/.test(route) ? 'debug' : 'info';
}
