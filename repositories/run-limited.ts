/** Runs git within limits of the system's: of memory, of the size of files, of time. */
import type { Readable } from 'node:stream';
import { execa } from 'execa';

export interface LimitedRun {
  folder: string;
  environment: Record<string, string>;
  input: string | Readable;
  maxFileBytes: number;
  maxOutputBytes: number;
  /** Ends the program, and all that it started. */
  signal: AbortSignal;
}

export interface Ending {
  /** The program did what it was to do. */
  ok: boolean;
  output: Buffer;
  errors: string;
}

/** The system keeps these limits itself, whatever a pack claims. */
const underLimits = 'ulimit -f "$1"; ulimit -v "$2"; shift 2; exec git "$@"';
const fileBlockBytes = 512;
const maxMemoryKib = 2 * 1024 * 1024;
const maxErrorBytes = 1024 * 1024;

/** Resolves when the program has ended, however that came. */
export async function runLimited(args: readonly string[], run: LimitedRun): Promise<Ending> {
  const limits = [String(Math.floor(run.maxFileBytes / fileBlockBytes)), String(maxMemoryKib)];
  const program = execa('sh', ['-c', underLimits, 'git', ...limits, ...args], {
    cwd: run.folder,
    env: run.environment,
    extendEnv: false,
    input: run.input,
    encoding: 'buffer',
    stripFinalNewline: false,
    maxBuffer: { stdout: run.maxOutputBytes, stderr: maxErrorBytes },
    // A group of its own: git leaves helpers behind that wait for a server, if it is killed alone.
    detached: true,
    reject: false,
  });
  const end = () => killGroup(program.pid);
  run.signal.addEventListener('abort', end);
  if (run.signal.aborted) end();
  const { failed, stdout, stderr } = await program;
  run.signal.removeEventListener('abort', end);
  return { ok: !failed, output: Buffer.from(stdout), errors: Buffer.from(stderr).toString() };
}

function killGroup(leader: number | undefined): void {
  try {
    if (leader !== undefined) process.kill(-leader, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
