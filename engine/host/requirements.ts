/** Everything that Pawl or its tests want from the machine besides Node, and how each is had. */
import { checkDockerEngine, type DockerHost, startDockerEngine } from './docker-engine.ts';
import { findProgram } from './find-program.ts';
import { findPostgres } from './postgres.ts';
import type { Requirement } from './requirement.ts';

/** A Docker engine: machines of one's own are containers on it. */
export function dockerEngine(host: DockerHost): Requirement {
  return {
    id: 'docker',
    name: 'Docker engine',
    neededFor: 'workspaces on this machine (MACHINE_PROVIDER=docker)',
    check: () => checkDockerEngine(host),
    aptPackages: ['docker.io', 'iptables'],
    activate: (report) => startDockerEngine(host, report),
    byHand: 'install it (https://docs.docker.com/engine/install/), start it, and let this user reach it',
    without: 'the API and all records work, but no workspace can be made on this machine',
  };
}

export const git: Requirement = {
  id: 'git',
  name: 'git',
  neededFor: 'looking at repositories',
  check: () => findProgram(['git']),
  aptPackages: ['git', 'ca-certificates'],
  byHand: 'install git (https://git-scm.com/downloads)',
  without: 'workspaces work, but a wrong repository shows only when it is cloned',
};

/** What only the test suite wants. */
export const testRequirements: readonly Requirement[] = [
  {
    id: 'java',
    name: 'Java',
    neededFor: 'the time-skipping Temporal server and the S3 server of the tests',
    check: () => findProgram(['java'], '-version'),
    aptPackages: ['default-jre-headless'],
    byHand: 'install a Java runtime, 17 or newer (https://adoptium.net)',
    without: 'the workflow tests that skip time and the tests of blobs on S3 do not run',
  },
  {
    id: 'chromium',
    name: 'Chromium',
    neededFor: 'the end-to-end tests, which log in and type into a terminal',
    check: () => findProgram(['chromium', 'chromium-browser', 'google-chrome']),
    aptPackages: ['chromium'],
    byHand: 'install Chromium or Chrome',
    without: 'the end-to-end tests stop before the browser',
  },
  {
    id: 'postgres',
    name: 'PostgreSQL server',
    neededFor: 'the tests of the store on Postgres',
    check: findPostgres,
    aptPackages: ['postgresql'],
    byHand: 'install the PostgreSQL server, 14 or newer (https://www.postgresql.org/download/)',
    without: 'the store is tested on SQLite alone',
  },
];
