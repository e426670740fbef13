/** The one release of the Temporal CLI that Pawl is tested with, and what is known of it in advance. */
import { arch, platform } from 'node:process';

export const cliVersion = '1.8.2';

/** The oldest server Pawl works with: priorities and worker heartbeats came with 1.31. */
export const minimumServer = { major: 1, minor: 31 };

/** SHA-256 of the release's archives: a checksum fetched from the archive's own host would only prove the transfer. */
const archiveChecksums: Record<string, string> = {
  darwin_amd64: '489d7f5420cae02b559774ac23df035141954c33a51dba96f5759a0ddccdf1b6',
  darwin_arm64: 'dacdc3587682c04cf27e67c8878ca2d755230b6ad63c0c6ebddd7348ae90ed94',
  linux_amd64: 'd8421bda989e6514b4bdb4d63a9012a8a05a806892e881a5aad8510496349a94',
  linux_arm64: '83600a8fac6e3da54093e5da6918d399f501532b9f1172235603f9606f4ac6e4',
};

export interface CliArchive {
  url: string;
  sha256: string;
}

/** The release's archive for this machine, or `undefined` where there is none. */
export function cliArchive(): CliArchive | undefined {
  const target = `${platform}_${arch === 'x64' ? 'amd64' : arch}`;
  const sha256 = archiveChecksums[target];
  if (!sha256) return undefined;
  const release = `https://github.com/temporalio/cli/releases/download/v${cliVersion}`;
  return { url: `${release}/temporal_cli_${cliVersion}_${target}.tar.gz`, sha256 };
}
