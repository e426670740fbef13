/** `npm run docs:imports`: draws the import picture of README.md anew. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { withImportPicture } from './import-picture.ts';

const readme = path.join(import.meta.dirname, '../../README.md');
await writeFile(readme, await withImportPicture(await readFile(readme, 'utf8')));
