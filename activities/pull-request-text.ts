/** What a pull request says. Its words are an agent's, so they are looked at before they leave. */
import { fallbackMessage } from '../repositories/commit-message.ts';
import { fitWords } from '../repositories/gate/fit-words.ts';

export interface PullRequestWords {
  runId: string;
  /** In the order in which they are tried as a title. */
  titles: readonly string[];
  /** What the agent said last. */
  text: string | null;
}

/** Longer ones GitHub cuts, or refuses. */
const maxTitleLength = 120;
const maxTextLength = 20_000;

/** No other run's words have it; invisible in GitHub's pages. */
function markOf(runId: string): string {
  return `<!-- pawl:${runId} -->`;
}

/** Words that hold a secret, one of these values or what looks like one, are left out. */
export async function wordPullRequest(
  { runId, titles, text }: PullRequestWords,
  secrets: readonly string[],
): Promise<{ title: string; body: string; mark: string }> {
  const isFit = fitWords(secrets);
  const mark = markOf(runId);
  const summary = text !== null && (await isFit(text)) ? `${text.slice(0, maxTextLength).trim()}\n\n` : '';
  const body = `${summary}---\nMade by Pawl in run \`${runId}\`.\n${mark}\n`;
  for (const title of titles.map(firstLine)) {
    if (title !== '' && title !== fallbackMessage && (await isFit(title))) return { title, body, mark };
  }
  return { title: `Work of ${runId}`, body, mark };
}

function firstLine(text: string): string {
  const line = text.trim().split('\n', 1)[0] ?? '';
  return Array.from(line.replaceAll(/[\p{Cc}\p{Cf}]/gu, ''))
    .slice(0, maxTitleLength)
    .join('')
    .trim();
}
