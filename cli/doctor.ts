import type { Command } from 'commander';
import type { Requirement } from '../engine/host/requirement.ts';
import { testRequirements } from '../engine/host/requirements.ts';
import { isFree, type NeededPort } from '../engine/free-port.ts';
import { runningSupervisor } from '../engine/supervisor/claim-home.ts';
import { openRunRecords } from '../engine/supervisor/run-records.ts';
import { findTemporalCli } from '../engine/temporal/provide-cli.ts';
import { type CliConfig, readCliConfig } from './config.ts';
import { apiPorts, gatewayPorts, machinesPort, temporalPorts, workerPorts } from './ports.ts';
import { startRequirements } from './requirements.ts';

/** `pawl doctor`: what this machine has and lacks. Changes nothing. */
export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('show what Pawl finds on this machine, what it lacks, and what works without that')
    .action(async () => {
      const diagnosis = await diagnose(readCliConfig());
      console.log(diagnosis.text);
      process.exitCode = diagnosis.canStart ? 0 : 1;
    });
}

interface Line {
  isFine: boolean;
  name: string;
  detail: string;
}

/** Everything that is looked at, as text; `canStart` tells whether `pawl start` would bring everything up. */
async function diagnose(config: CliConfig): Promise<{ text: string; canStart: boolean }> {
  const toStart = [
    ...(await lookAt(startRequirements(config.settings))),
    await temporal(config),
    ...(await ports(config)),
  ];
  const toTest = await lookAt(testRequirements);
  const text = ['To run:', ...toStart.map(draw), '', 'To run the tests, besides:', ...toTest.map(draw)].join('\n');
  return { text, canStart: toStart.every(({ isFine }) => isFine) };
}

function lookAt(requirements: readonly Requirement[]): Promise<Line[]> {
  return Promise.all(
    requirements.map(async (requirement) => {
      const { name, byHand, without } = requirement;
      const { isThere, detail } = await requirement.check();
      const advice = `${detail}\n      To do: ${byHand}\n      Without it: ${without}`;
      return { isFine: isThere, name, detail: isThere ? detail : advice };
    }),
  );
}

/** Downloading or building it is for `start`; here it is fine, if it can be found at all or made. */
async function temporal({ cluster, settings }: CliConfig): Promise<Line> {
  const name = 'Temporal';
  if (cluster) return { isFine: true, name, detail: `the cluster at ${cluster.address}` };
  const found = await findTemporalCli({ cliPath: settings.TEMPORAL_CLI_PATH, cacheFolder: settings.PAWL_CACHE_DIR });
  if ('path' in found) return { isFine: true, name, detail: found.path };
  return { isFine: true, name, detail: `not here yet, the first start gets it (${found.reasons.join('; ')})` };
}

async function ports({ settings, cluster }: CliConfig): Promise<Line[]> {
  const owner = runningSupervisor(openRunRecords(settings.PAWL_HOME));
  if (owner !== undefined) return [{ isFine: true, name: 'Ports', detail: `Pawl is running here (pid ${owner})` }];
  const router = settings.MACHINE_PROVIDER === 'docker' ? [machinesPort(settings)] : [];
  const needed = [
    ...apiPorts(settings),
    ...workerPorts(settings),
    ...gatewayPorts(settings),
    ...(cluster ? [] : temporalPorts(settings)),
    ...router,
  ];
  return Promise.all(needed.map(portLine));
}

async function portLine(needed: NeededPort): Promise<Line> {
  const name = `Port ${needed.port} (${needed.setting})`;
  const isFine = await isFree(needed);
  return { isFine, name, detail: isFine ? 'free' : 'in use by another program; choose another' };
}

function draw({ isFine, name, detail }: Line): string {
  return `  ${isFine ? '✔' : '✘'} ${name}: ${detail}`;
}
