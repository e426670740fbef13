/** Docker by its command line: a way to look at the engine that shares nothing with the code under test. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What `docker …` prints, without the last line end. */
export async function docker(...args: string[]): Promise<string> {
  const { stdout } = await run('docker', args, { maxBuffer: 64 * 1024 * 1024 });
  return stdout.trimEnd();
}

/** Ids of containers, volumes and networks that bear all of these labels. */
export async function dockerThings(...labels: string[]): Promise<string[]> {
  const filters = labels.flatMap((label) => ['--filter', `label=${label}`]);
  const lists = await Promise.all([
    docker('ps', '--all', '--quiet', ...filters),
    docker('volume', 'ls', '--quiet', ...filters),
    docker('network', 'ls', '--quiet', ...filters),
  ]);
  return lists.flatMap((list) => list.split('\n')).filter(Boolean);
}

/** Ids of containers with this label that were made since, also of those that are gone; the engine remembers the last events only. */
export async function containersMadeSince(since: Date, label: string): Promise<string[]> {
  const filters = ['type=container', 'event=create', `label=${label}`].flatMap((filter) => ['--filter', filter]);
  const times = ['--since', seconds(since), '--until', seconds(new Date())];
  return (await docker('events', ...times, ...filters, '--format', '{{.ID}}')).split('\n').filter(Boolean);
}

function seconds(time: Date): string {
  return (time.getTime() / 1000).toFixed(3);
}

/** Removes containers and volumes that bear the label: for a test that failed, what the product should have removed. */
export async function removeThings(label: string): Promise<void> {
  const ids = (list: string): string[] => list.split('\n').filter(Boolean);
  const containers = ids(await docker('ps', '--all', '--quiet', '--filter', `label=${label}`));
  if (containers.length > 0) await docker('rm', '--force', '--volumes', ...containers);
  const volumes = ids(await docker('volume', 'ls', '--quiet', '--filter', `label=${label}`));
  if (volumes.length > 0) await docker('volume', 'rm', '--force', ...volumes);
}
