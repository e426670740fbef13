/** A terminal as a machine's proxy shows it: TLS with a certificate of its own, 401 without a password, 200 with one. */
import { once } from 'node:events';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { generate } from 'selfsigned';

export interface FakeTerminal {
  connectTo: { host: string; port: number };
  /** Its own, which nobody else has signed; PEM. */
  certificate: string;
  /** What it answers to a request with a password from now on. */
  answer(status: number): void;
  close(): Promise<void>;
}

/** `name` is what its certificate is for; a wildcard will do. */
export async function startFakeTerminal(name = 'localhost'): Promise<FakeTerminal> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: name }], certificateOptions(name));
  let status = 200;
  const server = https.createServer({ key, cert }, (request, response) => {
    response.writeHead(request.headers.authorization ? status : 401).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    connectTo: { host: '127.0.0.1', port },
    certificate: cert,
    answer: (next) => void (status = next),
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function certificateOptions(name: string) {
  return { extensions: [{ name: 'subjectAltName' as const, altNames: [{ type: 2 as const, value: name }] }] };
}
