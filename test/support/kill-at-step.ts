/**
 * Loaded before a program (`--import`): kills the process just before its n-th step that changes something outside it, where n is
 * `KILL_AT_STEP`. Steps are writes, syncs and renames of files, and SQL statements that may write.
 */
import promises, { open } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { StatementSync } from 'node:sqlite';

const killAt = Number(process.env['KILL_AT_STEP']);
let steps = 0;

function beforeEach(target: object, method: string): void {
  const original: unknown = Reflect.get(target, method);
  if (typeof original !== 'function') throw new Error(`There is no ${method} to watch.`);
  Reflect.set(target, method, function (this: unknown, ...parameters: unknown[]): unknown {
    if (++steps === killAt) process.kill(process.pid, 'SIGKILL');
    return Reflect.apply(original, this, parameters) as unknown;
  });
}

{
  await using handle = await open(process.execPath);
  const fileHandle = Object.getPrototypeOf(handle) as object;
  for (const method of ['writeFile', 'sync']) beforeEach(fileHandle, method);
}
for (const method of ['rename', 'rm']) beforeEach(promises, method);
beforeEach(StatementSync.prototype, 'run');
syncBuiltinESMExports();
