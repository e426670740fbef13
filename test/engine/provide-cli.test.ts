import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { CliOutcome } from '../../engine/temporal/cli-version.ts';
import { checkCli } from '../../engine/temporal/cli-version.ts';
import { type CliWay, provideTemporalCli, waysToProvide } from '../../engine/temporal/provide-cli.ts';
import { writeExecutable } from '../support/executable.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const silent = () => undefined;

describe('providing the Temporal CLI', () => {
  it('looks at the named path, PATH and the cache, then downloads, then builds', () => {
    const names = (ways: readonly CliWay[]) => ways.map(({ name }) => name);
    const ways = waysToProvide({ cliPath: '/opt/temporal', cacheFolder: '/cache' });

    assert.deepEqual(names(ways.find), ['TEMPORAL_CLI_PATH', '`temporal` on PATH', 'the cache']);
    assert.deepEqual(names(ways.make), ['the cache', 'the official download', "a build from Go's module proxy"]);
  });

  it('takes the first that is usable and asks no further', async () => {
    await using cache = await temporaryFolder();
    const asked: string[] = [];
    const find = [
      way('a', { unusable: 'not there' }, asked),
      way('b', { path: '/b' }, asked),
      way('c', { path: '/c' }, asked),
    ];

    const found = await provide(cache.path, { find, make: [way('made', { path: '/made' }, asked)] });

    assert.equal(found, '/b');
    assert.deepEqual(asked, ['a', 'b']);
  });

  it('names every way and why it failed when there is none', async () => {
    await using cache = await temporaryFolder();
    const find = [way('`temporal` on PATH', { unusable: 'temporal is not there' })];
    const make = [way('the official download', { unusable: 'no answer within 5 s' })];

    await assert.rejects(provide(cache.path, { find, make }), (error: Error) => {
      assert.equal(error.name, 'SetupError');
      for (const words of ['`temporal` on PATH: temporal is not there', 'no answer within 5 s'])
        assert.ok(error.message.includes(words));
      for (const remedy of ['TEMPORAL_ADDRESS', 'TEMPORAL_CLI_PATH', 'github.com', 'GOPROXY'])
        assert.ok(error.message.includes(remedy));
      return true;
    });
  });

  it('makes it once when two processes need it', async () => {
    await using cache = await temporaryFolder();
    const target = path.join(cache.path, 'made');
    let builds = 0;
    const build: CliWay = {
      name: 'build',
      provide: async () => {
        builds++;
        await new Promise((resolve) => setImmediate(resolve));
        return { path: await writeExecutable(target, versionLine('1.31.2')) };
      },
    };
    const ways = { find: [], make: [{ name: 'the cache', provide: () => checkCli(target) }, build] };

    assert.deepEqual(await Promise.all([provide(cache.path, ways), provide(cache.path, ways)]), [target, target]);
    assert.equal(builds, 1);
  });

  it('accepts an executable whose server is 1.31 or newer, and says what is wrong with any other', async () => {
    await using folder = await temporaryFolder();
    const write = (name: string, script: string) => writeExecutable(path.join(folder.path, name), script);
    const good = await write('good', versionLine('1.31.2'));
    const newer = await write('newer', versionLine('2.0.0'));
    const old = await write('old', versionLine('1.29.1'));
    const strange = await write('strange', 'echo hello');
    const broken = await write('broken', 'exit 1');

    assert.deepEqual(await checkCli(good), { path: good });
    assert.deepEqual(await checkCli(newer), { path: newer });
    assert.deepEqual(await checkCli(old), { unusable: `${old} has server 1.29, older than 1.31` });
    assert.deepEqual(await checkCli(strange), { unusable: `${strange} does not tell its server's version` });
    assert.deepEqual(await checkCli('/not/here'), { unusable: '/not/here is not there' });
    assert.match(JSON.stringify(await checkCli(broken)), /does not run/);
  });
});

function provide(cacheFolder: string, ways: Parameters<typeof provideTemporalCli>[2]): Promise<string> {
  return provideTemporalCli({ cliPath: undefined, cacheFolder }, silent, ways);
}

function way(name: string, outcome: CliOutcome, asked: string[] = []): CliWay {
  return {
    name,
    provide: async () => {
      asked.push(name);
      return outcome;
    },
  };
}

function versionLine(server: string): string {
  return `echo 'temporal version 1.8.2 (Server ${server}, UI 2.50.1)'`;
}
