/** What compose.yaml offers, tried with the same program and the same properties, without the container around it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { z } from 'zod';
import { openBlobs } from '../../config/open-blobs.ts';
import { readSettings } from '../../config/settings.ts';
import { blobSettings } from '../../config/settings/blobs.ts';
import { readPage, root } from '../support/markdown.ts';
import { s3ServerSource, startS3Server } from '../support/s3-server.ts';

const Compose = z.object({
  'x-pawl': z.record(z.string(), z.string()),
  services: z.object({
    s3: z.object({ build: z.object({ dockerfile_inline: z.string() }), ports: z.array(z.string()) }),
  }),
  configs: z.object({ s3proxy: z.object({ content: z.string() }) }),
});

const secret = 'chosen-by-the-operator';
const file = readFileSync(path.join(root, 'compose.yaml'), 'utf8');
const compose = Compose.parse(parse(file.replaceAll(/\$\{PAWL_S3_SECRET:\?[^}]+\}/g, secret)));
const { s3 } = compose.services;
const told = compose['x-pawl'];

describe('the S3-compatible store of compose.yaml', () => {
  it('is the one of the tests, to the last bit', () => {
    assert.ok(s3.build.dockerfile_inline.includes(`--checksum=sha256:${s3ServerSource.sha256} \\\n`));
    assert.ok(s3.build.dockerfile_inline.includes(` ${s3ServerSource.url} /s3proxy.jar`));
  });

  it('keeps blobs for a Pawl that is told of it as it says', async () => {
    await using server = await startS3Server(async (endpoint, folder) => {
      // The image makes this folder.
      await mkdir(path.join(folder, told['S3_BUCKET'] ?? ''));
      const { content } = compose.configs.s3proxy;
      return content.replace(/endpoint=.*/, `endpoint=${endpoint}`).replace(/basedir=.*/, `basedir=${folder}`);
    });
    const settings = readSettings(blobSettings, { ...told, S3_ENDPOINT: server.endpoint });
    const blobs = await openBlobs({ ...settings, PAWL_HOME: '/nowhere' });
    try {
      await blobs.ping();
      await blobs.put('run/run-1/a', Readable.from(['kept']), { maxBytes: 4 });
      assert.equal(await text((await blobs.get('run/run-1/a'))!.stream), 'kept');
    } finally {
      blobs.close();
    }
  });

  it('is reached by this host alone, where it says', () => {
    const { host } = new URL(told['S3_ENDPOINT'] ?? '');
    assert.deepEqual(s3.ports, [`${host}:9000`]);
    assert.match(compose.configs.s3proxy.content, /^s3proxy\.endpoint=http:\/\/0\.0\.0\.0:9000$/m);
  });

  it('is told of in docs/operations.md with the same settings', () => {
    const page = readPage('docs/operations.md')
      .blocks.map((block) => block.text)
      .join('\n');
    for (const [name, value] of Object.entries(told)) {
      assert.ok(page.includes(`${name}=${value === secret ? '$PAWL_S3_SECRET' : value}`), name);
    }
  });
});
