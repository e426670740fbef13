/** What happens between `pawl start` and a running installation, step by step. */
import { nameProviders } from '../activities/names/index.ts';
import { machineProviders } from '../activities/providers/index.ts';
import { apiSettings } from '../api/config.ts';
import { ensureRequirement } from '../engine/host/ensure-requirement.ts';
import { installerOf } from '../engine/host/installer.ts';
import type { Requirement } from '../engine/host/requirement.ts';
import { gatewaySettings } from '../gateway/config.ts';
import { connectToGateway } from '../gateway/control/control-client.ts';
import { apiProcess, gatewayProcess, machinesRouterProcess, workerProcess } from '../engine/pawl-processes.ts';
import type { ProcessDefinition } from '../engine/supervisor/process-definition.ts';
import type { Supervisor } from '../engine/supervisor/supervisor.ts';
import { routerSettings } from '../local-cloud/config.ts';
import { workerSettings } from '../workers/config.ts';
import { apiUrl } from './addresses.ts';
import { agentImageSteps } from './agent-image.ts';
import type { CliConfig } from './config.ts';
import { machineListenerHost } from './machine-listener.ts';
import { machineImageStep } from './machine-image.ts';
import { withOwnSecrets } from './own-secrets.ts';
import { apiPorts, gatewayPorts, machinesPort, workerPorts } from './ports.ts';
import { readinessStep } from './readiness.ts';
import { startRequirements } from './requirements.ts';
import { type Step, takeSteps } from './steps.ts';
import { temporalSteps } from './temporal-steps.ts';

/**
 * Brings everything up in order and resolves with notes for the operator: what is missing, and what works without it.
 * Rejects at the first step that nothing works without.
 */
export async function boot(config: CliConfig, supervisor: Supervisor): Promise<string[]> {
  const notes: string[] = [];
  await takeSteps([
    ...startRequirements(config.settings).map((requirement) => requirementStep(config, requirement, notes)),
    ...temporalSteps(config, supervisor),
    // Before the worker, whose first report on the provider is then right.
    machineImageStep(config, notes),
    ...agentImageSteps(config, notes),
    ...pawlSteps(config, supervisor),
    readinessStep(config, notes),
  ]);
  return notes;
}

function requirementStep({ settings }: CliConfig, requirement: Requirement, notes: string[]): Step {
  return {
    title: requirement.name,
    run: async (report) => {
      const installer = installerOf({ noInstall: settings.PAWL_NO_INSTALL });
      const { isThere, detail } = await ensureRequirement(requirement, installer, report);
      if (isThere) return detail;
      notes.push(detail);
      return 'missing, see below';
    },
  };
}

function pawlSteps(config: CliConfig, supervisor: Supervisor): Step[] {
  const { settings, inherited } = config;
  const gateway = connectToGateway(settings.PAWL_HOME);
  const gatewayEnv = withOwnSecrets(inherited, gatewaySettings);
  const providers = [...machineProviders, ...nameProviders].map(({ settings: own }) => own);
  const workerEnv = withOwnSecrets(inherited, workerSettings, ...providers);
  const describeGateway = () =>
    gatewayProcess({ env: gatewayEnv, ports: gatewayPorts(settings), isUp: () => gateway.isUp() });
  const steps = [
    // Before the worker, which sends runs through it.
    processStep('Gateway', describeGateway, supervisor),
    processStep('Worker', () => workerProcess({ env: workerEnv, ports: workerPorts(settings) }), supervisor),
    processStep('API', () => describeApi(config), supervisor),
  ];
  if (settings.MACHINE_PROVIDER !== 'docker') return steps;
  const router = machinesRouterProcess(withOwnSecrets(inherited, routerSettings), machinesPort(settings));
  return [...steps, processStep('Way to local machines', () => router, supervisor)];
}

async function describeApi({ settings, inherited }: CliConfig): Promise<ProcessDefinition> {
  const machineHost = await machineListenerHost(settings);
  const env = { ...withOwnSecrets(inherited, apiSettings), MACHINE_API_HOST: machineHost };
  return apiProcess({ env, ports: apiPorts(settings, machineHost), url: apiUrl(settings) });
}

type Describe = () => ProcessDefinition | Promise<ProcessDefinition>;

function processStep(title: string, describe: Describe, supervisor: Supervisor): Step {
  return {
    title,
    run: async (report) => {
      report('starting');
      await supervisor.start(await describe());
    },
  };
}
