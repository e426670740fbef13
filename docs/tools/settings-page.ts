/** The page `docs/settings.md`, made from the schemas that the processes read their settings with. */
import { format, resolveConfig } from 'prettier';
import type { z } from 'zod';
import { nameProviders } from '../../activities/names/index.ts';
import { machineProviders } from '../../activities/providers/index.ts';
import { apiSettings, requestSettings } from '../../api/config.ts';
import { cliSettings } from '../../cli/config.ts';
import { agentSettings } from '../../config/settings/agents.ts';
import { blobSettings } from '../../config/settings/blobs.ts';
import { callbackSettings } from '../../config/settings/callbacks.ts';
import { gatewaySettings as gatewayGroup } from '../../config/settings/gateway.ts';
import { gitHubSettings } from '../../config/settings/github.ts';
import { hostSettings } from '../../config/settings/host.ts';
import { installationSettings } from '../../config/settings/installation.ts';
import { listenerSettings } from '../../config/settings/listeners.ts';
import { machineSettings } from '../../config/settings/machines.ts';
import { repositorySettings } from '../../config/settings/repositories.ts';
import { runnerSettings } from '../../config/settings/runners.ts';
import { runSettings } from '../../config/settings/runs.ts';
import { temporalSettings } from '../../config/settings/temporal.ts';
import { upkeepSettings } from '../../config/settings/upkeep.ts';
import { workspaceSettings } from '../../config/settings/workspaces.ts';
import { gatewaySettings } from '../../gateway/config.ts';
import { routerSettings } from '../../local-cloud/config.ts';
import { workerSettings } from '../../workers/config.ts';
import { defaultOf } from './setting-default.ts';

type Settings = z.ZodObject<Record<string, z.ZodType>>;

const groups: Record<string, Settings> = {
  Installation: installationSettings,
  Listeners: listenerSettings,
  Requests: requestSettings,
  Workspaces: workspaceSettings,
  Runs: runSettings,
  Agents: agentSettings,
  Runners: runnerSettings,
  Repositories: repositorySettings,
  GitHub: gitHubSettings,
  Machines: machineSettings,
  Blobs: blobSettings,
  Callbacks: callbackSettings,
  Upkeep: upkeepSettings,
  'The gateway': gatewayGroup,
  'The host': hostSettings,
  ...Object.fromEntries(machineProviders.map(({ id, settings }) => [`Machine provider \`${id}\``, settings])),
  ...Object.fromEntries(nameProviders.map(({ id, settings }) => [`Provider of names \`${id}\``, settings])),
  Temporal: temporalSettings,
};

/** The library that talks to the Docker engine reads this one by itself. */
const engineSettings = hostSettings.pick({ DOCKER_HOST: true });

/** Who reads what. The providers' settings are read where their machines are made. */
const readers: Record<string, Settings[]> = {
  pawl: [cliSettings],
  api: [apiSettings],
  worker: [workerSettings, engineSettings, ...[...machineProviders, ...nameProviders].map(({ settings }) => settings)],
  gateway: [gatewaySettings],
  router: [routerSettings, engineSettings],
};

const introduction = `<!-- Made by \`npm run docs:settings\`; a test compares it with the schemas. -->

# Settings

Every setting is an environment variable. One that is empty counts as unset. All of them are checked at the start of a
process: a value that does not work ends it with one message that names every setting at fault.

The last column says which process reads the setting: \`pawl\` is the command and supervisor, \`api\` and \`worker\` are the two
halves of the control plane, \`gateway\` is the only door out of agents' containers, \`router\` leads to local machines.
\`pawl start\` hands its whole environment to the processes it starts, and tells them where it put Temporal
(\`TEMPORAL_ADDRESS\`, \`TEMPORAL_NAMESPACE\`), how machines reach the API (\`MACHINE_API_URL\`) and where the Web UI is
(\`TEMPORAL_UI_ORIGIN\`), unless these are set.
`;

const connection = `
Which Temporal server is used, and how it is reached, is read by Temporal's own library, as every Temporal tool reads it:
\`TEMPORAL_ADDRESS\`, \`TEMPORAL_NAMESPACE\`, \`TEMPORAL_API_KEY\`, the \`TEMPORAL_TLS_*\` variables, or a profile
(\`TEMPORAL_PROFILE\`, \`TEMPORAL_CONFIG_FILE\`). With an address from there, \`pawl start\` starts no server of its own, and what
is said above about the embedded server has no effect.
`;

/** The page as it should be, formatted like everything else. */
export async function settingsPage(): Promise<string> {
  const described = new Set<string>();
  const sections = Object.entries(groups).map(([title, settings]) => sectionOf(title, settings, described));
  const options = await resolveConfig(import.meta.filename);
  return format([introduction, ...sections, connection].join('\n'), { ...options, parser: 'markdown' });
}

/** Settings that an earlier section has told of, e.g. a port that a provider shares, are not told of again. */
function sectionOf(title: string, settings: Settings, described: Set<string>): string {
  const rows = Object.entries(settings.shape)
    .filter(([name]) => !described.has(name))
    .map(([name, schema]) => rowOf(name, schema));
  for (const name of Object.keys(settings.shape)) described.add(name);
  return `## ${title}\n\n| Setting | Default | Meaning | Read by |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`;
}

function rowOf(name: string, schema: z.ZodType): string {
  const cells = [`\`${name}\``, defaultsOf(name, schema), schema.description ?? '', readersOf(name).join(', ')];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** The common default, and that of a process which has another. */
function defaultsOf(name: string, schema: z.ZodType): string {
  const common = defaultOf(name, schema);
  const own = Object.entries(readers).flatMap(([reader, all]) => {
    const theirs = all.flatMap(({ shape }) => shape[name] ?? []).map((one) => defaultOf(name, one));
    return theirs.filter((text) => text !== common).map((text) => `${text} for \`${reader}\``);
  });
  return [common, ...own].filter((text) => text !== '').join(', ');
}

function readersOf(name: string): string[] {
  const entries = Object.entries(readers).filter(([, all]) => all.some(({ shape }) => name in shape));
  return entries.map(([reader]) => reader);
}
