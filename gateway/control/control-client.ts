/** How the rest of Pawl speaks to the gateway of its host. */
import { request as sendRequest } from 'node:http';
import { json } from 'node:stream/consumers';
import { z } from 'zod';
import { CredentialVerdict } from '../credentials/verdict.ts';
import { controlSocket } from '../places.ts';

const answerMs = 10_000;

/** The gateway does not answer: it is starting, or does not run on this host. */
export class GatewayUnreachable extends Error {
  override name = 'GatewayUnreachable';
}

/** The store has no door for the run at this host. */
export class NoSuchDoor extends Error {
  override name = 'NoSuchDoor';
}

export interface GatewayControl {
  /**
   * Resolves once the door that the store has for this run is listening, with the folder to mount into the container. Safe to
   * repeat. Rejects with `NoSuchDoor`, and with `GatewayUnreachable`.
   */
  openDoor(runId: string): Promise<string>;
  /**
   * Resolves once the door, which the store must no longer have, lets nobody through and its folder is gone. Safe to repeat.
   * Rejects with `GatewayUnreachable`: then the gateway closes it by itself when it looks at the store next.
   */
  closeDoor(runId: string): Promise<void>;
  /**
   * Whether a stored credential's provider takes it, asked within seconds; an answer of the last minute counts, except where `isFresh`
   * wants another. Rejects with `GatewayUnreachable`.
   */
  checkCredential(name: string, options?: { isFresh: boolean }): Promise<CredentialVerdict>;
  /** Whether the gateway answers. */
  isUp(): Promise<boolean>;
}

/** The gateway under this home. */
export function connectToGateway(home: string): GatewayControl {
  const socketPath = controlSocket(home);
  return {
    async openDoor(runId) {
      const folder = await align(socketPath, runId);
      if (folder === null) throw new NoSuchDoor(`There is no door for ${runId} at this host.`);
      return folder;
    },
    async closeDoor(runId) {
      const folder = await align(socketPath, runId);
      if (folder !== null) throw new Error(`The store still has a door for ${runId}.`);
    },
    async checkCredential(name, { isFresh } = { isFresh: false }) {
      return CredentialVerdict.parse(await ask(socketPath, isFresh ? 'POST' : 'GET', `/credentials/${name}/check`));
    },
    isUp: () =>
      ask(socketPath, 'GET', '/health').then(
        () => true,
        () => false,
      ),
  };
}

async function align(socketPath: string, runId: string): Promise<string | null> {
  return z.object({ folder: z.string().nullable() }).parse(await ask(socketPath, 'PUT', `/doors/${runId}`)).folder;
}

async function ask(socketPath: string, method: string, path: string): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const request = sendRequest({ socketPath, method, path, signal: AbortSignal.timeout(answerMs) }, (response) => {
    if (response.statusCode === 200) json(response).then(resolve, reject);
    else {
      response.resume();
      reject(new Error(`The gateway answered ${response.statusCode}.`));
    }
  });
  request.on('error', (cause) => reject(new GatewayUnreachable('The gateway does not answer.', { cause })));
  request.end();
  return promise;
}
