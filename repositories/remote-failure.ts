import type { Remote } from './remote.ts';
import type { RepositoryFailure } from './repository-error.ts';

/** The words by which git tells its failures apart, in the order in which they are looked for. */
const signs: [RegExp, RepositoryFailure][] = [
  [/died of signal 25|file too large|file size limit/i, 'RepositoryTooLarge'],
  [/couldn't find remote ref|not our ref|unadvertised object|no such remote ref/i, 'BranchMissing'],
  [/authentication failed|could not read (username|password)|error: 401|access denied/i, 'GitCredentialRefused'],
  [
    /repository .*not found|not found: did you|error: (403|404|410)|not a git repository|repository not found/i,
    'RepositoryMissing',
  ],
];

/**
 * Names what went wrong at a server, from git's words. What is not known counts as unreachable, which is worth another try.
 * A server that asks for a credential and was given none tells nothing else about a repository that is not there.
 */
export function remoteFailure(words: string, remote: Remote): RepositoryFailure {
  const failure = signs.find(([sign]) => sign.test(words))?.[1] ?? 'RepositoryUnreachable';
  return failure === 'GitCredentialRefused' && !remote.credential ? 'RepositoryMissing' : failure;
}
