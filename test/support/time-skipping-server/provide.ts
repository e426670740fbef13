/** Temporal's time-skipping test server: hours of workflow time in milliseconds. Runs on Java. */
import { existsSync } from 'node:fs';
import { env } from 'node:process';
import path from 'node:path';
import pRetry from 'p-retry';
import { defaultCacheFolder } from '../../../config/cache-folder.ts';
import { whileHolding } from '../../../engine/cache-folder.ts';
import { download } from '../../../engine/download.ts';
import { keepFile } from '../../../engine/keep-file.ts';
import type { Report } from '../../../engine/progress.ts';

import jars from './jars.lock.json' with { type: 'json' };

type Jar = (typeof jars)[number];

const version = '1.38.0';
/** A repository holds back a client that opens many connections at once. */
const lanes = 4;
const repository = 'https://repo1.maven.org/maven2';

/**
 * The JVM must replace the shell, since the client kills only the process that it started. The quick compiler and the
 * simple collector have it serve in a second.
 */
const launcher = `#!/bin/sh
exec java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto -cp "$(dirname "$0")/lib/*" \\
  io.temporal.testserver.TestServer "$@"
`;

/**
 * The path of the server's executable, for `TestWorkflowEnvironment.createTimeSkipping`. Its jars come from Maven Central
 * once, each checked against the lock file, and stay in the user's cache.
 */
export async function timeSkippingServerPath(report: Report = console.error): Promise<string> {
  const folder = path.join(env['PAWL_CACHE_DIR'] ?? defaultCacheFolder(), 'time-skipping-server', version);
  const executable = path.join(folder, 'temporal-test-server');
  if (existsSync(executable)) return executable;

  return whileHolding(folder, report, async () => {
    if (existsSync(executable)) return executable;
    report(`downloading Temporal's time-skipping test server (${jars.length} jars, 38 MB) from Maven Central`);
    const waiting = jars.values();
    await Promise.all(Array.from({ length: lanes }, () => keepJars(folder, waiting)));
    return keepFile(executable, launcher, 0o755);
  });
}

/** Takes one jar after the other from those that still wait, so that several lanes share the work. */
async function keepJars(folder: string, waiting: IterableIterator<Jar>): Promise<void> {
  for (const jar of waiting) {
    const file = path.join(folder, 'lib', path.basename(jar.path));
    if (existsSync(file)) continue;
    const content = await pRetry(() => download(`${repository}/${jar.path}`, jar.sha256), { retries: 2 });
    await keepFile(file, content);
  }
}
