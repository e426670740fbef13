/** The picture of who imports whom, drawn from the imports themselves by the tool that also checks the rules. */
import { cruise, type ICruiseResult } from 'dependency-cruiser';

const beginMark = '<!-- imports: made by `npm run docs:imports` -->';
const endMark = '<!-- /imports -->';

/** The page with today's picture between its marks. Throws when it has no marks. */
export async function withImportPicture(page: string): Promise<string> {
  const [before, rest] = page.split(beginMark);
  const after = rest?.split(endMark)[1];
  if (before === undefined || after === undefined) throw new Error(`The page has no ${beginMark} and ${endMark}.`);
  return [before, beginMark, '\n\n', await importPicture(foldersOf(page)), '\n\n', endMark, after].join('');
}

/** Those of its table, but for what is not shipped; the contract is told apart from the workflows around it. */
function foldersOf(page: string): string[] {
  const rows = [...page.matchAll(/^\| `([a-z-]+)\/`/gm)].flatMap(([, folder = '']) => folder);
  return ['workflows/contract', ...rows.filter((folder) => !['test', 'bench', 'docs'].includes(folder))];
}

async function importPicture(folders: readonly string[]): Promise<string> {
  const arrows = (await importsBetweenFolders(folders)).map((arrow) => `  ${arrow}`);
  return ['```mermaid', 'flowchart TD', ...arrows, '```'].join('\n');
}

/** `from --> to` for each pair of folders of which one imports the other by value, in order. */
async function importsBetweenFolders(folders: readonly string[]): Promise<string[]> {
  const { output } = await cruise([...folders], { tsPreCompilationDeps: true, doNotFollow: 'node_modules' });
  const pairs = (output as ICruiseResult).modules.flatMap(({ source, dependencies }) =>
    dependencies
      .filter(({ dependencyTypes }) => !dependencyTypes.includes('type-only'))
      .map(({ resolved }) => [folderOf(source, folders), folderOf(resolved, folders)] as const),
  );
  const arrows = pairs.flatMap(([from, to]) => (from && to && from !== to ? `${from} --> ${to}` : []));
  return [...new Set(arrows)].toSorted();
}

/** The first that fits. */
function folderOf(file: string, folders: readonly string[]): string | undefined {
  return folders.find((folder) => file.startsWith(`${folder}/`));
}
