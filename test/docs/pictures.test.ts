/** Pictures that a browser can draw, and that show what is so. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { withImportPicture } from '../../docs/tools/import-picture.ts';
import { startChromium } from '../support/chromium.ts';
import { documentation, root } from '../support/markdown.ts';

/** What the library leaves in the page. */
interface Drawer {
  render(id: string, source: string): Promise<{ svg: string }>;
}

const pictures = documentation().flatMap(({ file, blocks }) =>
  blocks.filter(({ language }) => language === 'mermaid').map(({ text }) => ({ file, text })),
);

describe('the pictures of the documentation', () => {
  let browser: Browser;
  let page: Page;
  before(async () => {
    browser = await startChromium();
    page = await browser.newPage();
    await page.addScriptTag({ path: fileURLToPath(import.meta.resolve('@mermaid-js/tiny')) });
  });
  after(() => browser?.close());

  for (const { file, text } of pictures) {
    it(`can be drawn: ${file}, ${text.split('\n', 1)[0]}`, async () => {
      assert.match(await draw(page, text), /^<svg/);
    });
  }

  it('would be refused if they were not Mermaid', async () => {
    await assert.rejects(draw(page, 'flowchart TD\n  a --> --> b'), /Parse error/);
  });
});

describe('the picture of who imports whom', () => {
  it('shows the imports as they are; `npm run docs:imports` draws it anew', async () => {
    const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
    assert.equal(readme, await withImportPicture(readme));
  });
});

function draw(page: Page, text: string): Promise<string> {
  return page.evaluate(async (source) => {
    const { mermaid } = globalThis as unknown as { mermaid: Drawer };
    return (await mermaid.render('picture', source)).svg;
  }, text);
}
