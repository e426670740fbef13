/** The picture of who imports whom, drawn from the imports themselves by the tool that also checks the rules. */
import { cruise, type ICruiseResult } from 'dependency-cruiser';

const folders = [
  ...['workflows/contract', 'workflows', 'activities', 'workers', 'api', 'store', 'codec', 'repositories'],
  ...['local-cloud', 'cloud-init', 'engine', 'cli', 'config'],
];

const beginMark = '<!-- imports: made by `npm run docs:imports` -->';
const endMark = '<!-- /imports -->';

/** The page with today's picture between its marks. Throws when it has no marks. */
export async function withImportPicture(page: string): Promise<string> {
  const [before, rest] = page.split(beginMark);
  const after = rest?.split(endMark)[1];
  if (before === undefined || after === undefined) throw new Error(`The page has no ${beginMark} and ${endMark}.`);
  return [before, beginMark, '\n\n', await importPicture(), '\n\n', endMark, after].join('');
}

async function importPicture(): Promise<string> {
  const arrows = (await importsBetweenFolders()).map((arrow) => `  ${arrow}`);
  return ['```mermaid', 'flowchart TD', ...arrows, '```'].join('\n');
}

/** `from --> to` for each pair of folders of which one imports the other by value, in order. */
async function importsBetweenFolders(): Promise<string[]> {
  const { output } = await cruise(folders, { tsPreCompilationDeps: true, doNotFollow: 'node_modules' });
  const pairs = (output as ICruiseResult).modules.flatMap(({ source, dependencies }) =>
    dependencies
      .filter(({ dependencyTypes }) => !dependencyTypes.includes('type-only'))
      .map(({ resolved }) => [folderOf(source), folderOf(resolved)] as const),
  );
  const arrows = pairs.flatMap(([from, to]) => (from && to && from !== to ? `${from} --> ${to}` : []));
  return [...new Set(arrows)].toSorted();
}

/** The first that fits, so that the contract is told apart from the workflows around it. */
function folderOf(file: string): string | undefined {
  return folders.find((folder) => file.startsWith(`${folder}/`));
}
