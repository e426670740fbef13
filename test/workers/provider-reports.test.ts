/** What workers report of the providers they can use. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pino } from 'pino';
import type { NameProvider } from '../../activities/names/name-provider.ts';
import type { MachineProvider } from '../../activities/providers/provider.ts';
import { until } from '../../engine/until.ts';
import type { ProviderReport } from '../../store/store.ts';
import { startProviderReports } from '../../workers/provider-reports.ts';
import type { NameChoice } from '../../workers/providers.ts';
import { createScriptedProvider } from '../support/scripted-provider.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function reportsOn(
  names: NameChoice[],
  needsNames: boolean,
  apiUrl = 'http://control-plane.test',
): Promise<Map<string, ProviderReport>> {
  await using folder = await temporaryFolder();
  const connectTo = { host: '127.0.0.1', port: 1 };
  const provider: MachineProvider = { ...createScriptedProvider({ folder: folder.path, connectTo }), needsNames };
  const reports = new Map<string, ProviderReport>();
  const stop = startProviderReports(
    { providers: [{ provider }], names, machineSettings: { apiUrl } },
    { report: async (report) => void reports.set(report.id, report), list: async () => [] },
    pino({ level: 'silent' }),
  );
  try {
    await until('every provider is reported', () => reports.size === 1 + names.length);
  } finally {
    stop();
  }
  return reports;
}

function namesThatAre(available: boolean): NameChoice {
  const reason = available ? null : 'the token was revoked';
  const provider: Partial<NameProvider> = { id: 'dns', checkAvailability: async () => ({ available, reason }) };
  return { provider: provider as NameProvider };
}

function availabilityIn(reports: Map<string, ProviderReport>, id: string): unknown {
  const report = reports.get(id);
  return report && { available: report.available, reason: report.reason };
}

describe('the report on a provider whose machines need names', () => {
  it('is good when names can be published', async () => {
    const reports = await reportsOn([namesThatAre(true)], true);
    assert.deepEqual(availabilityIn(reports, 'scripted'), { available: true, reason: null });
    assert.deepEqual(availabilityIn(reports, 'dns'), { available: true, reason: null });
  });

  it('has the reason why they cannot', async () => {
    const reports = await reportsOn([namesThatAre(false)], true);
    assert.deepEqual(availabilityIn(reports, 'scripted'), { available: false, reason: 'the token was revoked' });
  });

  it('says that names are not asked for at the moment', async () => {
    const breaker = { state: 'open' as const, since: '2026-11-21T10:00:00.000Z', until: '2026-11-21T10:00:30.000Z' };
    const checkAvailability = async () => ({ available: true, reason: null });
    const spared: Partial<NameProvider> = { id: 'dns', checkAvailability, breaker: () => breaker };
    const reports = await reportsOn([{ provider: spared as NameProvider }], true);
    const reason = 'dns failed too often in a row; it is tried again at 2026-11-21T10:00:30.000Z.';
    assert.deepEqual(availabilityIn(reports, 'scripted'), { available: false, reason });
    assert.deepEqual(reports.get('dns')?.breaker, breaker);
  });

  it('says what to set when nobody publishes names', async () => {
    const reports = await reportsOn([{ id: 'dns', reason: 'no token' }], true);
    assert.match(reports.get('scripted')?.reason ?? '', /Set CLOUDFLARE_API_TOKEN/);
    assert.deepEqual(reports.get('dns'), { id: 'dns', available: false, reason: 'no token' });
  });

  it('says what to set when machines elsewhere would not find their way back', async () => {
    const onlyHere = 'http://host.docker.internal:3101';
    const reports = await reportsOn([namesThatAre(true)], true, onlyHere);
    assert.match(reports.get('scripted')?.reason ?? '', /Set it to a public URL/);
    assert.equal((await reportsOn([namesThatAre(true)], false, onlyHere)).get('scripted')?.available, true);
  });

  it('does not ask for names where machines need none', async () => {
    const reports = await reportsOn([namesThatAre(false)], false);
    assert.equal(reports.get('scripted')?.available, true);
  });
});
