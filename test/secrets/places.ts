/** Everywhere that something of a run comes to lie or to be seen. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { docker } from '../support/docker.ts';
import type { Installation } from '../support/installation.ts';
import type { Contents } from './search.ts';
import { unfoldFolder, type Workbench } from './unfold.ts';

/** What the engine tells of a container that runs, what the container printed, what its image was made by. */
export async function containerContents(id: string): Promise<Contents> {
  const [inspected = '', image = '', volume = ''] = await Promise.all([
    docker('inspect', id),
    docker('inspect', '--format', '{{.Image}}', id),
    docker('inspect', '--format', '{{range .Mounts}}{{.Name}}{{end}}', id),
  ]);
  return textContents({
    inspected,
    volume: await docker('volume', 'inspect', volume),
    logs: await docker('logs', id),
    image: await docker('image', 'inspect', image),
    history: await docker('history', '--no-trunc', image),
  });
}

/** The files of an installation: logs, databases and blobs, each for itself. */
export async function homeContents(home: string, bench: Workbench): Promise<Record<string, Contents>> {
  const all = [...(await unfoldFolder(home, bench))];
  const those = (isMeant: (name: string) => boolean) => new Map(all.filter(([name]) => isMeant(name)));
  const log = await readFile(path.join(home, 'pawl.log'));
  return {
    'every file that it keeps': new Map(all),
    'the store': those((name) => name.startsWith('pawl.db')),
    "Temporal's database": those((name) => name.startsWith('temporal.db')),
    'the blobs': those((name) => name.startsWith('blobs/')),
    'the logs': new Map([...those((name) => name.startsWith('logs/')), ['pawl.log', log]]),
  };
}

/** What the owner is answered, about these runs and in general. */
export async function answerContents({ call }: Pick<Installation, 'call'>, runIds: string[]): Promise<Contents> {
  const general = [
    'runs',
    'sessions',
    'credentials',
    'callbacks',
    'status',
    'resources',
    'costs',
    'metrics',
    'openapi.json',
  ];
  const ofRun = [
    '',
    '/events?limit=1000',
    ...['diff', 'bundle', 'transcript', 'logs'].map((name) => `/artifacts/${name}`),
  ];
  const addresses = [
    ...general.map((name) => `/${name}`),
    ...runIds.flatMap((id) => ofRun.map((rest) => `/runs/${id}${rest}`)),
  ];
  const headers = { Accept: 'application/json' };
  const answers = addresses.map(async (address) => {
    const answer = await call('GET', address, { headers });
    return [address, `${JSON.stringify([...answer.headers])}\n${answer.text}`] as const;
  });
  return textContents(Object.fromEntries(await Promise.all(answers)));
}

/** Texts as contents. */
export function textContents(texts: Record<string, string>): Contents {
  return new Map(Object.entries(texts).map(([name, text]) => [name, Buffer.from(text)]));
}
