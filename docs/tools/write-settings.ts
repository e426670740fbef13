/** `npm run docs:settings`: writes the page anew, after a setting has changed. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { settingsPage } from './settings-page.ts';

await writeFile(path.join(import.meta.dirname, '../settings.md'), await settingsPage());
