/** The documentation as its readers' programs see it: headings, links, code. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import GithubSlugger from 'github-slugger';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { visit } from 'unist-util-visit';

export const root = path.join(import.meta.dirname, '../..');

export interface Page {
  /** From the root, e.g. `docs/security.md`. */
  file: string;
  /** What a link's `#…` may name. */
  anchors: string[];
  links: string[];
  blocks: { language: string; text: string }[];
  /** Code within sentences. */
  snippets: string[];
}

/** Every page of the documentation. */
export function documentation(): Page[] {
  return globSync(['*.md', 'docs/**/*.md'], { cwd: root }).toSorted().map(readPage);
}

/** One page, by its path from the root. */
export function readPage(file: string): Page {
  const page: Page = { file, anchors: [], links: [], blocks: [], snippets: [] };
  const slugger = new GithubSlugger();
  visit(fromMarkdown(readFileSync(path.join(root, file))), (node) => {
    if (node.type === 'heading') page.anchors.push(slugger.slug(textOf(node)));
    if (node.type === 'link') page.links.push(node.url);
    if (node.type === 'code') page.blocks.push({ language: node.lang ?? '', text: node.value });
    if (node.type === 'inlineCode') page.snippets.push(node.value);
  });
  return page;
}

function textOf(heading: Parameters<typeof visit>[0]): string {
  let text = '';
  visit(heading, (node) => {
    if ('value' in node) text += String(node.value);
  });
  return text;
}
