/** Finds what looks like somebody's credential; the only file that knows the library which does it. */
import { lintSource } from '@secretlint/core';
import { rules as recommended } from '@secretlint/secretlint-rule-preset-recommend';
import type { SecretLintCoreConfig } from '@secretlint/types';

/** The library would let a comment in a file switch it off. Whoever is checked here must not decide about the check. */
const rules = recommended.filter(({ meta }) => meta.id !== '@secretlint/secretlint-rule-filter-comments');

const config: SecretLintCoreConfig = { rules: rules.map((rule) => ({ id: rule.meta.id, rule })) };

export interface FoundSecret {
  /** What it looks like, e.g. `GITHUB_TOKEN`. */
  kind: string;
  text: string;
}

/** What a text holds; nothing in the text can keep it from being found. */
export async function findSecrets(text: string): Promise<FoundSecret[]> {
  const source = { content: text, contentType: 'text', ext: '.txt', filePath: 'file.txt' } as const;
  const { messages } = await lintSource({ source, options: { config, noPhysicFilePath: true } });
  return messages.flatMap((message) =>
    message.type === 'message' ? [{ kind: message.messageId, text: text.slice(...message.range) }] : [],
  );
}
