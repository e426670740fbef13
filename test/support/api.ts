/** Both listeners of the API on free ports, over a real store; with a Temporal server when the test brings one. */
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { pino } from 'pino';
import { createApp } from '../../api/app.ts';
import { readApiSettings } from '../../api/config.ts';
import { listen } from '../../api/listener.ts';
import { createMachineApp } from '../../api/machine-app.ts';
import { createServices, type Services } from '../../api/services.ts';
import { createDataConverter } from '../../codec/data-converter.ts';
import { createKeyring, type Keyring } from '../../store/keyring.ts';
import { openBlobStore } from '../../store/blobs/open-blob-store.ts';
import { openStore } from '../../store/open-store.ts';
import type { Store } from '../../store/store.ts';
import { workspaceSecretNames } from '../../workflows/contract/secrets.ts';
import { newKey } from './keys.ts';
import { temporaryFolder } from './temporary-folder.ts';

export const ownerToken = 'owner-token-of-the-test';

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** The body as JSON; `undefined` when it is none. */
  body: Record<string, unknown>;
}

export interface Request {
  body?: unknown;
  /** Sent as it is, instead of `body`. */
  raw?: string;
  /** `null` sends none; the owner's by default. */
  token?: string | null;
  headers?: Record<string, string>;
}

export interface Api extends AsyncDisposable {
  url: string;
  machineUrl: string;
  store: Store;
  services: Services;
  /** Where the blobs are. */
  blobFolder: string;
  /** Every log line so far. */
  logLines: string[];
  /** Calls the owner's listener. */
  call: (method: string, address: string, request?: Request) => Promise<Answer>;
  /** Calls the listener for machines. */
  callAsMachine(method: string, address: string, request?: Request): Promise<Answer>;
  /** Gives the workspace secrets as its creation does; returns its machine's token. */
  machineTokenFor(workspaceId: string): Promise<string>;
  /** Ends the process's streams as a shutdown does. */
  shutDown(): void;
}

export interface ApiOptions {
  settings?: Record<string, string>;
  /** Without them, Temporal is away and the store is the test's own. */
  house?: { temporal: Client; store: Store };
}

export async function openApi({ settings = {}, house }: ApiOptions = {}): Promise<Api> {
  const folder = await temporaryFolder();
  const keyring = createKeyring([newKey()]);
  const store = house?.store ?? (await openStore({ home: folder.path, keyring }));
  const temporal = house?.temporal ?? absentTemporal(keyring);
  const blobs = await openBlobStore({ home: folder.path });
  const logLines: string[] = [];
  const shutdown = new AbortController();
  const services = createServices({
    ...{ store, blobs, temporal, ownerToken },
    settings: readApiSettings({ PAWL_HOME: path.join(folder.path), RATE_LIMITS: 'off', ...settings }),
    installation: 'pawl-test',
    log: pino({ level: 'debug' }, { write: (line: string) => void logLines.push(line) }),
    shutdown: shutdown.signal,
  });
  const [listener, machineListener] = await Promise.all([
    listen(createApp(services), { host: '127.0.0.1', port: 0, settings: 'PORT' }),
    listen(createMachineApp(services), { host: '127.0.0.1', port: 0, settings: 'PORT' }),
  ]);
  const url = `http://${listener.address}`;
  const machineUrl = `http://${machineListener.address}`;

  return {
    ...{ url, machineUrl, store, services, logLines },
    blobFolder: path.join(folder.path, 'blobs'),
    call: (method, address, request) => send(`${url}${address}`, method, request),
    callAsMachine: (method, address, request) => send(`${machineUrl}${address}`, method, request),
    machineTokenFor: (id) => store.secrets.ensure(workspaceSecretNames(id).machineToken, `token-of-${id}`),
    shutDown: () => shutdown.abort(),
    async [Symbol.asyncDispose]() {
      shutdown.abort();
      await Promise.all([listener.close(), machineListener.close()]);
      await services.load.settled();
      if (!house) {
        await temporal.connection.close();
        await store.close();
      }
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Nothing listens on port 1. */
function absentTemporal(keyring: Keyring): Client {
  const connection = Connection.lazy({ address: '127.0.0.1:1' });
  return new Client({ connection, dataConverter: createDataConverter(keyring) });
}

/** Sends one request, as the owner unless it says otherwise; rejects only when there is no answer at all. */
export async function send(address: string, method: string, request: Request = {}): Promise<Answer> {
  const { body, raw, token = ownerToken, headers = {} } = request;
  const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const response = await fetch(address, {
    method,
    headers: {
      ...(sent !== undefined && { 'Content-Type': 'application/json' }),
      ...(token !== null && { Authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(sent !== undefined && { body: sent }),
    redirect: 'manual',
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: parse(text) };
}

/** Whether everything behind this API is ready. */
export async function isReady(url: string): Promise<boolean> {
  const answer = await send(`${url}/ready`, 'GET').catch(() => undefined);
  return answer?.status === 200;
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
