/** A visit of a terminal at its public name, as a browser makes it. */
import { get } from 'node:https';

const answerMs = 15_000;

export interface Doorway {
  hostname: string;
  /** Whether the certificate must be one that browsers trust. */
  isTrusted: boolean;
}

/** The status of the answer; with a password when there is an account. Rejects when there is none. */
export function knock(
  { hostname, isTrusted }: Doorway,
  account?: { username: string; password: string },
): Promise<number> {
  const credentials = account && Buffer.from(`${account.username}:${account.password}`).toString('base64');
  const options = {
    headers: { ...(credentials && { authorization: `Basic ${credentials}` }) },
    rejectUnauthorized: isTrusted,
    agent: false,
    timeout: answerMs,
  };
  return new Promise((resolve, reject) => {
    const request = get(`https://${hostname}/`, options, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on('timeout', () => request.destroy(new Error(`no answer within ${answerMs / 1000} s`)));
    request.on('error', reject);
  });
}
