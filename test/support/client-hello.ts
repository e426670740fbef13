/** The first message of a TLS client (RFC 8446, 4.1.2), as bytes. */
import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { connect } from 'node:tls';

/** The message of a client that asks for this host. */
export async function clientHello(servername: string): Promise<Buffer> {
  const wire = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => (wire.emit('hello', chunk), done()),
  });
  const hello = once(wire, 'hello');
  const tls = connect({ socket: wire, servername }).on('error', () => undefined);
  const [bytes] = (await hello) as [Buffer];
  tls.destroy();
  return bytes;
}

/** The same message with one more extension at its end: the record, the message and the extensions each say their length. */
export function withExtension(hello: Buffer, id: number, data: Buffer): Buffer {
  const extension = Buffer.alloc(4 + data.length);
  extension.writeUInt16BE(id, 0);
  extension.writeUInt16BE(data.length, 2);
  data.copy(extension, 4);
  const longer = Buffer.concat([hello, extension]);
  const extensionsAt = startOfExtensions(hello);
  longer.writeUInt16BE(hello.readUInt16BE(3) + extension.length, 3);
  longer.writeUIntBE(hello.readUIntBE(6, 3) + extension.length, 6, 3);
  longer.writeUInt16BE(hello.readUInt16BE(extensionsAt) + extension.length, extensionsAt);
  return longer;
}

/** Behind two headers, a version, random bytes, and three lists that say their length. */
function startOfExtensions(hello: Buffer): number {
  const session = 5 + 4 + 2 + 32;
  const ciphers = session + 1 + hello.readUInt8(session);
  const compressions = ciphers + 2 + hello.readUInt16BE(ciphers);
  return compressions + 1 + hello.readUInt8(compressions);
}
