/** A real S3-compatible server on loopback: S3Proxy, which checks signatures and keeps objects in a folder. Runs on Java. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { env } from 'node:process';
import path from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { execa } from 'execa';
import pRetry from 'p-retry';
import { until } from '../../engine/until.ts';
import { defaultCacheFolder } from '../../config/cache-folder.ts';
import { whileHolding } from '../../engine/cache-folder.ts';
import { download } from '../../engine/download.ts';
import { keepFile } from '../../engine/keep-file.ts';
import type { Report } from '../../engine/progress.ts';
import type { S3Options } from '../../store/blobs/s3.ts';
import { freePorts } from './free-ports.ts';
import { temporaryFolder } from './temporary-folder.ts';

const version = '4.1.0';
const jar = `org/gaul/s3proxy/${version}/s3proxy-${version}-jar-with-dependencies.jar`;

/** The program, and what it must be to the last bit. */
export const s3ServerSource = {
  url: `https://repo1.maven.org/maven2/${jar}`,
  sha256: 'a4d025969aaf796616ed4b1e2491d87d455ce84bb28cb9db086b2e6aaa68b48d',
};

const credentials = { accessKeyId: 'pawl-test', secretAccessKey: 'pawl-test-secret' };

export interface S3Server extends AsyncDisposable {
  endpoint: string;
  /** Makes a new, empty bucket. */
  createBucket(): Promise<S3Options>;
}

/** The path of the server's jar. It comes from Maven Central once, checked, and stays in the user's cache. */
export async function s3ServerJar(report: Report = console.error): Promise<string> {
  const folder = path.join(env['PAWL_CACHE_DIR'] ?? defaultCacheFolder(), 's3-server', version);
  const file = path.join(folder, path.basename(jar));
  if (existsSync(file)) return file;

  return whileHolding(folder, report, async () => {
    if (existsSync(file)) return file;
    report('downloading the S3 server of the tests (55 MB) from Maven Central');
    const { url, sha256 } = s3ServerSource;
    const content = await pRetry(() => download(url, sha256), { retries: 2 });
    return keepFile(file, content);
  });
}

/** Starts the server on a free port, with a folder of its own that goes with it; each bucket is a folder in there. */
export async function startS3Server(properties = propertiesFor): Promise<S3Server> {
  await using cleanup = new AsyncDisposableStack();
  const folder = cleanup.use(await temporaryFolder());
  const [port = 0] = await freePorts(1);
  const endpoint = `http://127.0.0.1:${port}`;
  await writeFile(path.join(folder.path, 'settings'), await properties(endpoint, folder.path));

  const quick = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto', '-Xmx512m'];
  const server = execa('java', [...quick, '-jar', await s3ServerJar(), '--properties', 'settings'], {
    ...{ cwd: folder.path, stdout: 'ignore', stderr: 'pipe', reject: false },
    env: { LOG_LEVEL: 'error', JETTY_LOG_LEVEL: 'error' },
  });
  cleanup.defer(async () => void (server.kill('SIGKILL'), await server));
  const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials });
  cleanup.defer(() => client.destroy());
  await Promise.race([
    until('the S3 server answers', () => answers(endpoint), { pollMs: 20 }),
    server.then(({ stderr }) => Promise.reject(new Error(`The S3 server ended: ${stderr}`))),
  ]);

  const stack = cleanup.move();
  let buckets = 0;
  return {
    endpoint,
    async createBucket() {
      const bucket = `pawl-${++buckets}`;
      await client.send(new CreateBucketCommand({ Bucket: bucket }));
      return { bucket, region: 'us-east-1', endpoint, pathStyle: true, credentials };
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function propertiesFor(endpoint: string, folder: string): Promise<string> {
  return `
s3proxy.endpoint=${endpoint}
s3proxy.authorization=aws-v2-or-v4
s3proxy.identity=${credentials.accessKeyId}
s3proxy.credential=${credentials.secretAccessKey}
jclouds.provider=filesystem-nio2
jclouds.filesystem.basedir=${folder}
`;
}

/** Without a signature it refuses, which is an answer. */
async function answers(endpoint: string): Promise<boolean> {
  return await fetch(endpoint).then(
    ({ status }) => status === 403,
    () => false,
  );
}
