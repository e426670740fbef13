/** Loaded into every process of a dry run: who goes to port 443 of a machine that is none comes to its stand-in. */
import net from 'node:net';
import { env } from 'node:process';

/** Where machines of the fake cloud have their addresses, and their names. */
const machines = /^203\.0\.113\.|\.example\.com$/;

const connect = Reflect.get(net.Socket.prototype, 'connect') as (...args: unknown[]) => net.Socket;
net.Socket.prototype.connect = function (this: net.Socket, ...args: unknown[]) {
  const [options] = args.flat() as Partial<net.TcpNetConnectOpts>[];
  if (Number(options?.port) === 443 && machines.test(options?.host ?? '')) {
    Object.assign(options ?? {}, { host: '127.0.0.1', port: Number(env['DETOUR_PORT']) });
  }
  return Reflect.apply(connect, this, args);
};
