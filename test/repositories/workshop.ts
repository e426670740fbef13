/** A git server with one repository, an agent that works on clones of it, and a folder for the control plane's work. */
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { openGit, type Git } from '../../repositories/git.ts';
import type { PublishOrder } from '../../repositories/publish.ts';
import type { Remote } from '../../repositories/remote.ts';
import { startGitServer, type GitServer } from '../support/git-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

export interface Workshop extends AsyncDisposable {
  server: GitServer;
  remote: Remote;
  /** A fresh repository of the control plane's. */
  openGit(limits?: { timeoutMs?: number; maxFileBytes?: number; signal?: AbortSignal }): Promise<Git>;
  /** Lets an agent work in a checkout of `start` (the default branch) and returns the bundle it leaves. */
  agentLeaves(work: (checkout: Checkout) => Promise<unknown>, start?: string): Promise<WorkLeft>;
  /** What the server has. */
  onServer(...args: string[]): Promise<string>;
  folder: string;
}

export interface WorkLeft {
  bundle: string;
  baseCommit: string;
}

export interface Checkout {
  folder: string;
  git: (...args: string[]) => Promise<string>;
  write: (files: Record<string, string | Uint8Array>) => Promise<void>;
  link: (place: string, target: string) => Promise<void>;
  /** Commits all files there are. */
  commit: (message: string) => Promise<void>;
}

const agent = { GIT_AUTHOR_NAME: 'Agent', GIT_AUTHOR_EMAIL: 'agent@example.com' };
const identity = { ...agent, GIT_COMMITTER_NAME: 'Agent', GIT_COMMITTER_EMAIL: 'agent@example.com' };
const environment = { ...identity, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', LC_ALL: 'C' };

export async function openWorkshop(files: Record<string, string> = { 'README.md': '# Project\n' }): Promise<Workshop> {
  const folder = await temporaryFolder();
  const server = await startGitServer();
  const place = await server.addRepository('project.git', files);
  const url = `http://127.0.0.1:${server.port}${place}`;
  return {
    server,
    remote: { url, credential: null },
    folder: folder.path,
    async openGit({ timeoutMs = 60_000, maxFileBytes = 100_000_000, signal = new AbortController().signal } = {}) {
      return openGit({ folder: await mkdtemp(path.join(folder.path, 'work-')), timeoutMs, maxFileBytes, signal });
    },
    async agentLeaves(work, start = 'HEAD') {
      const checkout = await openCheckout(server.folderOf('project.git'), folder.path, start);
      const baseCommit = await checkout.git('rev-parse', 'HEAD');
      await work(checkout);
      const bundle = `${checkout.folder}.bundle`;
      await checkout.git('bundle', 'create', '--quiet', bundle, 'HEAD', `^${baseCommit}`);
      return { bundle, baseCommit };
    },
    onServer: async (...args) => (await execa('git', ['-C', server.folderOf('project.git'), ...args])).stdout,
    async [Symbol.asyncDispose]() {
      await server.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

async function openCheckout(repository: string, parent: string, start: string): Promise<Checkout> {
  const folder = await mkdtemp(path.join(parent, 'agent-'));
  const git = async (...args: string[]) => (await execa('git', ['-C', folder, ...args], { env: environment })).stdout;
  await git('clone', '--quiet', repository, '.');
  if (start !== 'HEAD') await git('checkout', '--quiet', start);
  return {
    folder,
    git,
    async write(files) {
      for (const [name, content] of Object.entries(files)) {
        await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
        await writeFile(path.join(folder, name), content);
      }
    },
    link: (place, target) => symlink(target, path.join(folder, place)),
    async commit(message) {
      await git('add', '--all', '--force');
      await git('commit', '--quiet', '--message', message);
    },
  };
}

/** Publishing this work on a new branch, by the strictest rules. */
export function orderFor(left: WorkLeft, changes: Partial<PublishOrder> = {}): PublishOrder {
  return {
    ...left,
    maxBundleBytes: 100_000_000,
    branch: 'claude/change-k3x9a1b2',
    expectedHead: null,
    at: '2026-11-21T18:00:00.000Z',
    identity: { name: 'Pawl', email: 'pawl@localhost' },
    policy: { ciFiles: false, maxFiles: 100, maxFileBytes: 1_000_000, maxTotalBytes: 2_000_000 },
    secrets: [],
    ...changes,
  };
}

/** Puts other bytes in the place of a bundle's. */
export async function rewrite(file: string, change: (bytes: Buffer) => Uint8Array): Promise<void> {
  const bytes = await readFile(file);
  await rm(file);
  await writeFile(file, change(bytes));
}
