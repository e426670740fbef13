import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { checkCli } from '../../engine/temporal/cli-version.ts';
import { downloadCli } from '../../engine/temporal/download-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const script = `#!/bin/sh\necho 'temporal version 1.8.2 (Server 1.31.2, UI 2.50.1)'\n`;

describe('downloading the Temporal CLI', () => {
  it('keeps the executable of an archive that is what it should be', async () => {
    await using folder = await temporaryFolder();
    const archive = await releaseArchive();
    await using host = await serve(archive);
    const target = path.join(folder.path, 'temporal');

    const outcome = await downloadCli(target, () => undefined, { url: host.url, sha256: sha256(archive) });

    assert.deepEqual(outcome, { path: target });
    assert.deepEqual(await checkCli(target), { path: target });
  });

  it('keeps nothing of an archive with another checksum', async () => {
    await using folder = await temporaryFolder();
    await using host = await serve(await releaseArchive());
    const target = path.join(folder.path, 'temporal');

    const outcome = await downloadCli(target, () => undefined, { url: host.url, sha256: sha256(Buffer.from('else')) });

    assert.match(JSON.stringify(outcome), /unusable.*has SHA-256/);
    assert.deepEqual(await readdir(folder.path), []);
  });

  it('says so when the host has no such file or is not there', async () => {
    await using folder = await temporaryFolder();
    const host = await serve(undefined);
    const archive = { url: host.url, sha256: '' };
    const target = path.join(folder.path, 'temporal');

    assert.match(JSON.stringify(await downloadCli(target, () => undefined, archive)), /HTTP 404/);
    await host[Symbol.asyncDispose]();
    assert.match(JSON.stringify(await downloadCli(target, () => undefined, archive)), /ECONNREFUSED/);
  });
});

async function releaseArchive(): Promise<Buffer> {
  const archive = pack();
  archive.entry({ name: 'LICENSE' }, 'MIT');
  archive.entry({ name: 'temporal', mode: 0o755 }, script);
  archive.finalize();
  return gzipSync(await buffer(archive));
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

async function serve(content: Buffer | undefined): Promise<AsyncDisposable & { url: string }> {
  const server = createServer((_request, response) => response.writeHead(content ? 200 : 404).end(content));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/temporal.tar.gz`,
    [Symbol.asyncDispose]: async () => {
      if (!server.listening) return;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
