/**
 * `npm run test:smoke`: one workspace in real accounts, from its creation to nothing left. It takes minutes and costs about
 * a cent. Whatever it made is removed also when it fails or is interrupted; `-- remove <name>` does that for a run that was
 * killed.
 */
import { randomBytes } from 'node:crypto';
import { env } from 'node:process';
import { SettingsError } from '../../config/settings.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { startInstallation } from './installation.ts';
import { listRemains } from './own-lists.ts';
import { removeEverything } from './remove-everything.ts';
import { readSmokeSettings, type SmokeSettings } from './settings.ts';
import { leadsHere } from './way-back.ts';
import { playStory } from './story.ts';

const patienceMs = 45 * 60_000;
const removalMs = 15 * 60_000;

try {
  const settings = readSmokeSettings(env);
  const [verb, name] = process.argv.slice(2);
  if (verb === 'remove' && name) await removeEverything(settings, name, { known: [], deadlineMs: removalMs });
  else await smoke(settings);
  tell('passed');
} catch (error) {
  const words = error instanceof Error ? error.message : String(error);
  console.error(error instanceof SettingsError ? words : `FAILED: ${words}`);
  process.exitCode = 1;
}

async function smoke(settings: SmokeSettings): Promise<void> {
  const name = `smoke-${randomBytes(4).toString('hex')}`;
  const signal = untilInterrupted();
  const known: string[] = [];
  // Accounts that cannot be read are no place to make anything in.
  await listRemains(settings, name);
  await using home = await temporaryFolder();
  tell(`installation ${name}. If this is killed, npm run test:smoke -- remove ${name} removes what it left`);

  const installation = await startInstallation(env, { home: home.path, name });
  try {
    await installation.untilReady(signal);
    tell('Pawl runs, and both providers can be used');
    if (!(await leadsHere(settings.MACHINE_API_URL))) {
      tell(
        `NOTE: from this host, MACHINE_API_URL=${settings.MACHINE_API_URL} does not lead to it; machines must get through`,
      );
    }
    await playStory({ settings, name, installation, onCreated: (id) => void known.push(id), tell, signal });
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    tell('what is left of it is being removed');
    await installation.stop();
    await removeEverything(settings, name, { known, deadlineMs: removalMs });
    tell('nothing is left');
  }
}

/** Ctrl-C again changes nothing: the removal is worth its wait. */
function untilInterrupted(): AbortSignal {
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => interruption.abort(new Error(`it was interrupted by ${signal}`)));
  }
  setTimeout(() => interruption.abort(new Error('it took too long')), patienceMs).unref();
  return interruption.signal;
}

function tell(line: string): void {
  console.log(`${new Date().toISOString()} ${line}`);
}
