/** What a published commit says. */
import { OutputTooLong, type Git } from './git.ts';

/** Says nothing of what changed. */
export const fallbackMessage = 'chore: auto-commit changes';
/** What the agent host calls the commits that it makes itself. */
const notTheAgents = ['Work that was not committed', 'fence'];

const maxSubjectLength = 72;
const maxMessageLength = 5000;

/** Commits back from the tip among which a message of the agent's is looked for. */
const maxCommits = 20;

/**
 * The last message that the agent gave a commit of its own (newer than the base), if it is fit to be published; else a
 * conventional one. `isFit` tells whether a text may leave.
 */
export async function readCommitMessage(
  git: Git,
  { tip, base }: { tip: string; base: string },
  isFit: (text: string) => Promise<boolean>,
): Promise<string> {
  for (const message of await readMessages(git, [tip, `^${base}`])) {
    const text = message.trim();
    if (notTheAgents.includes(text)) continue;
    if (isPlain(text) && (await isFit(text))) return text;
  }
  return fallbackMessage;
}

/** Latest first. Messages too long to be shown hide those that would come after them. */
async function readMessages(git: Git, range: readonly string[]): Promise<string[]> {
  const how = ['-z', '--format=%B', '--encoding=UTF-8', '--first-parent', `--max-count=${maxCommits}`];
  try {
    const log = await git(['log', ...how, ...range], { maxOutputBytes: maxCommits * maxMessageLength * 4 });
    return log.toString().split('\0');
  } catch (error) {
    if (error instanceof OutputTooLong) return error.output.toString().split('\0').slice(0, -1);
    throw error;
  }
}

/** A subject of one line, perhaps a body after an empty one, in plain characters, and no words that switch CI off. */
function isPlain(message: string): boolean {
  const [subject = '', gap = ''] = message.split('\n', 2);
  if (subject === '' || subject.length > maxSubjectLength || gap !== '') return false;
  if (message.length > maxMessageLength) return false;
  if (/[\p{Cc}\p{Cf}\uFFFD]/u.test(message.replaceAll(/[\n\t]/g, ''))) return false;
  return !/\[(skip ci|ci skip|no ci|skip actions|actions skip)\]|^skip-checks:/im.test(message);
}
