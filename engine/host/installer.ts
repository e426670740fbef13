/** Whether Pawl may install packages on this machine, and doing so. */
import { existsSync } from 'node:fs';
import { execa } from 'execa';
import { lastLineOf, type Report } from '../progress.ts';

export interface Installer {
  /** Why nothing can be installed, or `undefined`. */
  whyNot: string | undefined;
  /** Installs packages; rejects with the package manager's last words. */
  install(packages: readonly string[], report: Report): Promise<void>;
}

/** The installer of this machine: apt as root, and nothing elsewhere or with `PAWL_NO_INSTALL`. */
export function installerOf(settings: { noInstall: boolean }): Installer {
  const isRoot = process.getuid?.() === 0;
  return {
    whyNot: whyNotInstall({ ...settings, isRoot, hasApt: existsSync('/usr/bin/apt-get') }),
    install: installWithApt,
  };
}

/** The reason in words, from what is known of the machine and its settings. */
export function whyNotInstall(machine: { noInstall: boolean; isRoot: boolean; hasApt: boolean }): string | undefined {
  if (machine.noInstall) return 'PAWL_NO_INSTALL forbids installing';
  if (!machine.hasApt) return 'only Debian-like systems can be set up by themselves';
  if (!machine.isRoot) return 'installing takes root';
  return undefined;
}

async function installWithApt(packages: readonly string[], report: Report): Promise<void> {
  if (await areInstalled(packages)) return;
  report('updating the package lists');
  // Stale lists may still do; if not, the installation says so.
  await aptGet(['update', '-q'], report).catch((error: unknown) => report(lastLineOf(error)));
  await aptGet(['install', '-y', '-q', '--no-install-recommends', ...packages], report);
}

async function areInstalled(packages: readonly string[]): Promise<boolean> {
  const query = ['--show', '--showformat', '${db:Status-Status}\\n', ...packages];
  const { failed, stdout } = await execa('dpkg-query', query, { reject: false });
  return !failed && stdout.split('\n').every((status) => status === 'installed');
}

async function aptGet(args: string[], report: Report): Promise<void> {
  const apt = execa('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...args], {
    env: { DEBIAN_FRONTEND: 'noninteractive' },
    stdin: 'ignore',
    all: true,
  });
  for await (const line of apt.iterable({ from: 'all' })) report(`apt-get: ${line}`);
  await apt;
}
