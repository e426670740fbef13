/** The image that agents work in, which the first run on a host may have to wait for. */
import { engineErrorKind, engineWords } from '../local-cloud/engine-errors.ts';
import { failure } from './failures.ts';
import { finalAfter } from './patience.ts';

/** A build takes some minutes, and a registry that is away for longer than this needs somebody to look. */
const patienceMs = 20 * 60_000;

/** Returns its name. Fails with `RunnerUnavailable`, which is final once builds have failed for long; an engine's silence is passed on. */
export async function withAgentImage(ensureImage: () => Promise<string>): Promise<string> {
  try {
    return await ensureImage();
  } catch (cause) {
    // An engine that is away builds nothing, but that is not the image's fault: it is waited for as in every other step.
    if (engineErrorKind(cause) === 'unreachable') throw cause;
    const words = `The image that agents work in cannot be built: ${engineWords(cause)}`;
    throw finalAfter(patienceMs, failure('RunnerUnavailable', words, { cause }));
  }
}
