import path from 'node:path';
import { dockerEngine, git } from '../engine/host/requirements.ts';
import type { Requirement } from '../engine/host/requirement.ts';
import type { CliSettings } from './config.ts';

/** What `pawl start` wants from this machine with these settings. */
export function startRequirements(settings: CliSettings): Requirement[] {
  return settings.MACHINE_PROVIDER === 'docker' ? [git, dockerOf(settings)] : [git];
}

function dockerOf(settings: CliSettings): Requirement {
  return dockerEngine({
    address: settings.DOCKER_HOST,
    pidFile: '/var/run/docker.pid',
    logFile: path.join(settings.PAWL_HOME, 'logs', 'dockerd.log'),
  });
}
