/** One process that is started again whenever it ends, until it is told to stop. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { reasonOf, type Report, SetupError } from '../progress.ts';
import { endProcess } from './end-process.ts';
import type { ProcessDefinition } from './process-definition.ts';
import { openProcessLog, type ProcessLog } from './process-log.ts';
import { restartDelayMs } from './restart-delay.ts';
import type { RunRecords } from './run-records.ts';

/** A process that ends this often before it was ever ready will not get ready by more attempts. */
const attemptsToGetReady = 3;
const rotateEveryMs = 10 * 60_000;

export class SupervisedProcess {
  readonly #definition: ProcessDefinition;
  readonly #records: RunRecords;
  readonly #report: Report;
  readonly #log: ProcessLog;
  readonly #stopping = new AbortController();
  readonly #neverReady = Promise.withResolvers<never>();
  #running: Promise<void> = Promise.resolve();
  #isReady = false;

  constructor(definition: ProcessDefinition, home: string, records: RunRecords, report: Report) {
    this.#definition = definition;
    this.#records = records;
    this.#report = report;
    this.#log = openProcessLog(home, definition.name);
    this.#neverReady.promise.catch(() => undefined);
  }

  /** Resolves once the process serves; rejects with `SetupError` when it ends again and again before. */
  async start(): Promise<void> {
    await this.#definition.prepare?.();
    this.#running = this.#keepRunning();
    await Promise.race([this.#definition.untilReady?.(this.#stopping.signal), this.#neverReady.promise]);
    this.#isReady = true;
  }

  /** Ends the process gently and for good; resolves when it is gone. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const identity = this.#records.read(this.#definition.name);
    if (identity) await endProcess(identity, this.#definition.drainMs);
    await this.#running;
  }

  async #keepRunning(): Promise<void> {
    let waitMs: number | undefined;
    for (let attempt = 1; !this.#stopping.signal.aborted; attempt++) {
      const startedAtMs = Date.now();
      const ending = await this.#runOnce();
      if (this.#stopping.signal.aborted) return;
      if (!this.#isReady && attempt >= attemptsToGetReady) return this.#giveUp(ending);

      waitMs = restartDelayMs(waitMs, Date.now() - startedAtMs);
      this.#report(`${this.#definition.name} ended (${ending}), starting it again; its log: ${this.#log.file}`);
      await delay(waitMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
    }
  }

  async #runOnce(): Promise<string> {
    const child = this.#spawn();
    const ending = endingOf(child);
    if (child.pid) this.#records.write(this.#definition.name, child.pid);
    const rotation = setInterval(() => this.#log.rotate(), rotateEveryMs);
    try {
      return await ending;
    } finally {
      clearInterval(rotation);
      this.#records.remove(this.#definition.name);
    }
  }

  #spawn(): ChildProcess {
    const { command, args, env, exitsWithSupervisor } = this.#definition;
    const log = this.#log.open();
    this.#log.rotate();
    try {
      // In a process group of its own: Ctrl-C in a terminal reaches only the supervisor, which knows the right order.
      const stdio = ['ignore', log, log, ...(exitsWithSupervisor ? (['ipc'] as const) : [])] as const;
      return spawn(command, args, { env, stdio: [...stdio], detached: true });
    } finally {
      closeSync(log);
    }
  }

  #giveUp(ending: string): void {
    const { name } = this.#definition;
    const lastWords = this.#log.tail(5).map((line) => `  ${line}`);
    const message = [`${name} does not start (${ending}). Its last words in ${this.#log.file}:`, ...lastWords];
    this.#neverReady.reject(new SetupError(message.join('\n')));
  }
}

/** How it ended, in words; also when it could not even be started. */
function endingOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(reasonOf(error)));
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
}
