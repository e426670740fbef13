/** The very program of the smoke test, in accounts that are none: the stand-ins of both providers, machines that are played. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { env as ours } from 'node:process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { startFakeCloudflare, type FakeCloudflare } from '../../support/cloudflare/fake-cloudflare.ts';
import { startFakeTerminal, type FakeTerminal } from '../../support/fake-terminal.ts';
import { freePorts } from '../../support/free-ports.ts';
import { openFakeHetzner, type FakeHetzner } from '../../support/hetzner/fake-hetzner.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

export interface DryRun extends AsyncDisposable {
  hetzner: FakeHetzner;
  cloudflare: FakeCloudflare;
  terminal: FakeTerminal;
  /** What everything in both accounts is called, whoever made it. */
  things(): string[];
  /** Runs the program; `interrupt` ends it as Ctrl-C does. */
  run(
    settings?: NodeJS.ProcessEnv,
    args?: string[],
  ): { interrupt: () => void; ended: Promise<{ code: number | null; output: string }> };
}

const program = fileURLToPath(new URL('../run.ts', import.meta.url));
const detour = new URL('detour.ts', import.meta.url);

export async function openDryRun(): Promise<DryRun> {
  await using cleanup = new AsyncDisposableStack();
  const hetzner = await openFakeHetzner();
  cleanup.defer(() => hetzner.close());
  const cloudflare = cleanup.use(await startFakeCloudflare());
  const terminal = await startFakeTerminal('*.example.com');
  cleanup.defer(() => terminal.close());
  const folder = cleanup.use(await temporaryFolder());
  const trusted = path.join(folder.path, 'trusted.pem');
  await writeFile(trusted, terminal.certificate);
  const [machinePort] = await freePorts(1);
  const { PATH, HOME, TEMPORAL_CLI_PATH, PAWL_CACHE_DIR } = ours;
  const environment = {
    ...{ PATH, HOME, TEMPORAL_CLI_PATH, PAWL_CACHE_DIR },
    ...{ HCLOUD_TOKEN: hetzner.state.options.token, HCLOUD_ENDPOINT: hetzner.url, HCLOUD_POLL_INTERVAL: '10ms' },
    ...{ CLOUDFLARE_API_TOKEN: cloudflare.token, CLOUDFLARE_BASE_URL: cloudflare.baseUrl },
    // One label, as the stand-in's certificate covers; a real zone would have one for both layouts.
    ...{ BASE_DOMAIN: cloudflare.zone.name, DNS_LAYOUT: 'flat', NODE_EXTRA_CA_CERTS: trusted },
    ...{ MACHINE_API_URL: `http://127.0.0.1:${machinePort}`, MACHINE_API_PORT: String(machinePort) },
    ...{ MACHINE_API_HOST: '127.0.0.1', HEARTBEAT_SECONDS: '1' },
    ...{ ORPHAN_SWEEP_MINUTES: '0.05', ORPHAN_AGE_MINUTES: '0.05' },
    ...{ NODE_OPTIONS: `--import=${detour.href}`, DETOUR_PORT: String(terminal.connectTo.port) },
  };
  const stack = cleanup.move();

  return {
    ...{ hetzner, cloudflare, terminal },
    things: () => [
      ...[hetzner.state.servers, hetzner.state.firewalls, hetzner.state.sshKeys].flatMap((things) =>
        [...things.values()].flatMap(({ name, goneAt }) => (goneAt === undefined ? [name] : [])),
      ),
      ...cloudflare.dns.all().map(({ name }) => name),
    ],
    run(settings = {}, args = []) {
      const child = spawn(process.execPath, [program, ...args], { env: { ...environment, ...settings } });
      stack.defer(() => void child.kill('SIGKILL'));
      const output = Promise.all([text(child.stdout), text(child.stderr)]).then((parts) => parts.join(''));
      const ended = once(child, 'exit').then(async ([code]) => ({ code: code as number | null, output: await output }));
      return { interrupt: () => void child.kill('SIGINT'), ended };
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
