/**
 * Decodes payloads for the Temporal Web UI, whose page asks from the operator's browser (temporal.io: "remote codec server").
 *
 * Whoever is answered reads everything, so it listens on loopback only and answers one web origin, the UI's. Browsers set the
 * Origin header of every POST themselves: no other page gets an answer, nor one that rebinds its own name to 127.0.0.1. A
 * program of another local user could forge the header; on a machine shared with people who must not read payloads, leave
 * the codec server off.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { bodyParser } from '@koa/bodyparser';
import Router from '@koa/router';
import type { Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import Koa from 'koa';
import type { Context, Middleware } from 'koa';
import { z } from 'zod';
import { EnvelopeDamaged } from '../store/envelope.ts';
import { UnknownKey } from '../store/keyring.ts';

const { Payloads } = proto.temporal.api.common.v1;

/** The JSON form of Temporal's `Payloads` message, in which bytes are base64. */
const PayloadList = z.object({
  payloads: z.array(z.object({ metadata: z.record(z.string(), z.base64()).default({}), data: z.base64().optional() })),
});

export interface CodecServer {
  /** Listens on 127.0.0.1 (port 0: any free one) and resolves to the address that the UI is given. */
  listen(port: number): Promise<string>;
  /** Stops listening and drops what is connected. */
  close(): Promise<void>;
}

/** Makes the codec server. `uiOrigin` is the Web UI's, exactly as browsers write it: `http://127.0.0.1:8233`. */
export function createCodecServer({ codec, uiOrigin }: { codec: PayloadCodec; uiOrigin: string }): CodecServer {
  const handle = createApp(codec, uiOrigin).callback();
  const server = createServer((request, response) => void handle(request, response));
  return {
    async listen(port) {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function createApp(codec: PayloadCodec, uiOrigin: string): Koa {
  const router = new Router();
  router.post('/decode', answerWith(codec.decode.bind(codec)));
  router.post('/encode', answerWith(codec.encode.bind(codec)));
  const app = new Koa();
  app.use(allowOnly(uiOrigin));
  // The UI sends the payloads of a page of history at once; each may have 2 MB.
  app.use(bodyParser({ enableTypes: ['json'], jsonLimit: '64mb', onError: refuseBody }));
  app.use(router.routes());
  app.use(router.allowedMethods());
  return app;
}

function allowOnly(uiOrigin: string): Middleware {
  return async (context, next) => {
    if (context.get('Origin') !== uiOrigin) context.throw(403, 'Only the Temporal Web UI is answered.');
    context.set('Access-Control-Allow-Origin', uiOrigin);
    context.set('Access-Control-Allow-Methods', 'POST');
    context.set('Access-Control-Allow-Headers', 'content-type, x-namespace');
    context.vary('Origin');
    if (context.method === 'OPTIONS') context.status = 204;
    else await next();
  };
}

function refuseBody(error: Error, context: Context): void {
  const isTooLarge = 'status' in error && error.status === 413;
  context.throw(isTooLarge ? 413 : 400, isTooLarge ? 'Too many payloads at once.' : 'The body is not JSON.');
}

function answerWith(convert: (payloads: Payload[]) => Promise<Payload[]>): Middleware {
  return async (context) => {
    const body = PayloadList.safeParse(context.request.body);
    if (!body.success) return context.throw(400, 'Not a list of payloads.');
    try {
      const payloads = await convert(Payloads.fromObject(body.data).payloads);
      context.body = Payloads.toObject(Payloads.create({ payloads }), { bytes: String });
    } catch (error) {
      if (error instanceof UnknownKey || error instanceof EnvelopeDamaged) context.throw(400, error.message);
      throw error;
    }
  };
}
