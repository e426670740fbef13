/** The name of the branch that a run publishes: readable, safe in git and in shells, and the run's own. */

const maxSlugLength = 40;

/** Longer words are tokens, hashes and addresses more often than words, and a branch name is public. */
const maxWordLength = 24;

/** `claude/<slug of at most 40>-<last 8 of the run's id>`; the same for every retry of the run. */
export function runBranch(prompt: string, runId: string): string {
  return `claude/${slugOf(prompt)}-${runId.slice(-8)}`;
}

/** The first words of a text in `[a-z0-9-]`, at most 40 characters; `changes` when it has none that can be shown. */
export function slugOf(text: string): string {
  let slug = '';
  for (const word of plainWords(text)) {
    const longer = slug === '' ? word : `${slug}-${word}`;
    if (longer.length > maxSlugLength) break;
    slug = longer;
  }
  return slug === '' ? 'changes' : slug;
}

/** The words without their accents. What may hold a credential or an address is left out whole. */
function plainWords(text: string): string[] {
  const chunks = text.slice(0, 1000).split(/\s+/);
  const shown = chunks.filter((chunk) => chunk.length <= maxWordLength && !/:\/\/|[@=]/.test(chunk));
  const ascii = shown.join(' ').normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
  return ascii.split(/[^a-z0-9]+/).filter((word) => word !== '' && word.length <= maxWordLength);
}
