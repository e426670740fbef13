import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { settingsPage } from '../../docs/tools/settings-page.ts';
import { documentation, readPage, root } from '../support/markdown.ts';
import { nameProviders } from '../../activities/names/index.ts';
import { machineProviders } from '../../activities/providers/index.ts';
import { apiSettings } from '../../api/config.ts';
import { cliSettings } from '../../cli/config.ts';
import { gatewaySettings } from '../../gateway/config.ts';
import { routerSettings } from '../../local-cloud/config.ts';
import { workerSettings } from '../../workers/config.ts';

const providers = [...machineProviders, ...nameProviders].map(({ settings }) => settings);
const all = [apiSettings, cliSettings, gatewaySettings, routerSettings, workerSettings, ...providers];
const names = new Set(all.flatMap(({ shape }) => Object.keys(shape)));

const elsewhere = ['FAULTS_SEED', 'MALLOC_ARENA_MAX', 'NO_LEAK_SCHEDULES'];

describe('docs/settings.md', () => {
  it('is what the schemas say; `npm run docs:settings` writes it anew', async () => {
    assert.equal(readFileSync(path.join(root, 'docs/settings.md'), 'utf8'), await settingsPage());
  });

  it('tells of every setting that any process reads, once', () => {
    const rows = readFileSync(path.join(root, 'docs/settings.md'), 'utf8').match(/^\| `\w+`/gm) ?? [];
    assert.deepEqual(rows.map((row) => row.slice(3, -1)).toSorted(), [...names].toSorted());
  });
});

describe('every setting', () => {
  it('that a page names exists, or is Temporal’s own', () => {
    const temporals = readPage('docs/settings.md').snippets.filter((text) => text.startsWith('TEMPORAL_'));
    const known = new Set([...names, ...temporals, 'ANTHROPIC_API_KEY', ...elsewhere]);
    const named = documentation().flatMap(({ snippets }) =>
      snippets.flatMap((text) => /^([A-Z]+(?:_[A-Z]+)+)(=.*)?$/.exec(text)?.[1] ?? []),
    );
    assert.deepEqual(
      named.filter((name) => !known.has(name)),
      [],
    );
  });
});
