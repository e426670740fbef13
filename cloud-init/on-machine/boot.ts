/**
 * Makes a freshly started machine into a workspace: one step after the other, each reported. The first step that fails
 * ends the boot; its own words are the reason that the user gets to read.
 */
import type { BootStep } from '../../workflows/contract/workspace.schema.ts';
import { createBootReporter } from './boot-reporter.ts';
import { readMachineSettings } from './machine.ts';
import type { MachineSettings } from './machine.ts';
import { cloneRepository } from './steps/clone.ts';
import { startDevcontainer } from './steps/devcontainer.ts';
import { startDocker } from './steps/docker.ts';
import { installPackages } from './steps/packages.ts';
import { startProxy } from './steps/proxy.ts';
import { awaitTerminalThroughProxy } from './steps/ready.ts';
import { startTerminal } from './steps/terminal.ts';
import { startIdleTimer } from './steps/idle-timer.ts';

const steps: Record<BootStep, (machine: MachineSettings) => Promise<void>> = {
  // First of all the dead-man timer: from here on a machine that nobody asks for goes away by itself.
  boot: startIdleTimer,
  packages: installPackages,
  docker: startDocker,
  clone: cloneRepository,
  devcontainer: startDevcontainer,
  terminal: startTerminal,
  proxy: startProxy,
  ready: awaitTerminalThroughProxy,
};

async function boot(machine: MachineSettings): Promise<void> {
  const reporter = createBootReporter(machine);
  for (const [step, take] of Object.entries(steps) as [BootStep, (typeof steps)[BootStep]][]) {
    reporter.report(step, 'started');
    try {
      await take(machine);
      reporter.report(step, 'done');
    } catch (error) {
      reporter.report(step, 'failed', error instanceof Error ? error.message : String(error));
      process.exitCode = 1;
      break;
    }
  }
  await reporter.settled();
}

await boot(readMachineSettings());
