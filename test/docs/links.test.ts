/** Where the documentation points to, there is something. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { documentation, readPage, root } from '../support/markdown.ts';

/** Something like `api/app.ts`, `docs/` or `.dependency-cruiser.cjs`, which is not made while Pawl runs. */
const pathPattern = /^(?!\.pawl)(\.?[\w@-]+\/)*(\.?[\w-]+\.)+(ts|cjs|md|json|sh|yaml)$|^(?!\.pawl)(\.?[\w-]+\/)+$/;

for (const { file, links, snippets } of documentation()) {
  describe(file, () => {
    it('links to files and headings that exist', () => {
      const relative = links.filter((link) => !/^\w+:/.test(link));
      assert.deepEqual(
        relative.filter((link) => !leadsSomewhere(file, link)),
        [],
      );
    });

    it('names files and folders that exist', () => {
      const paths = snippets.filter((text) => pathPattern.test(text));
      assert.deepEqual(
        paths.filter((name) => !isHere(name)),
        [],
      );
    });
  });
}

function leadsSomewhere(from: string, link: string): boolean {
  const [name = '', anchor] = link.split('#');
  const target = name === '' ? from : path.join(path.dirname(from), name);
  if (!existsSync(path.join(root, target))) return false;
  return anchor === undefined || readPage(target).anchors.includes(anchor);
}

/** A file without a folder, like `config.ts`, may stand for all of its name. */
function isHere(name: string): boolean {
  return existsSync(path.join(root, name)) || (name === 'config.ts' && existsSync(path.join(root, 'api', name)));
}
