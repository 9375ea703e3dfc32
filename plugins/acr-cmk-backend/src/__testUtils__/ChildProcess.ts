import { type ChildProcess as NodeChild, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

/** Command of a process, used again after each death. */
export interface Launch {
  name: string;
  args: string[];
  env: Record<string, string>;
  /** File for its output, appended over restarts. Default: it is in the error when the process does not start. */
  logFile?: string;
  /** Tells the line of its output that says it is ready. */
  isReady(line: string): boolean;
}

/** Message that asks a process for its memory. */
export const MEMORY = 'memory';

/** Arguments of a Node process that runs TypeScript. */
export const TYPESCRIPT = [
  '--require',
  require.resolve('@backstage/cli/config/nodeTransform.cjs'),
];

/** Ends a process when its parent is gone, even by SIGKILL. */
const END_WITH_PARENT = resolve(
  __dirname,
  '../../../../scripts/lib/end-with-parent.cjs',
);

/** Timeout of the start of a process, on a busy machine. Milliseconds. */
const START_MS = 600_000;

/**
 * A Node process that can be killed, frozen and started again. It does not outlive this one.
 */
export class ChildProcess {
  readonly #launch: Launch;
  #child: NodeChild | undefined;
  #starting: Promise<string> | undefined;
  /** Shell that ends the freeze. */
  #waker?: NodeChild;
  #isFrozen = false;
  /** Whether it was ready and has had no request to stop since. */
  #isWanted = false;

  constructor(launch: Launch) {
    this.#launch = launch;
  }

  get name(): string {
    return this.#launch.name;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get isRunning(): boolean {
    return (
      this.#child !== undefined &&
      this.#child.exitCode === null &&
      this.#child.signalCode === null
    );
  }

  /** Whether it has ended without a request to stop. */
  get hasEndedByItself(): boolean {
    return this.#isWanted && !this.isRunning;
  }

  /** @returns the line that said it is ready; a start that is under way is shared */
  start(): Promise<string> {
    this.#starting ??= this.#start().finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  async #start(): Promise<string> {
    this.#isWanted = false;
    const { name, args, env, logFile, isReady } = this.#launch;
    const log = logFile && createWriteStream(logFile, { flags: 'a' });
    const said: string[] = [];
    const child = spawn(
      process.execPath,
      ['--require', END_WITH_PARENT, ...args],
      {
        env: { PATH: process.env.PATH!, HOME: process.env.HOME!, ...env },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      },
    );
    this.#child = child;
    for (const output of [child.stderr!, child.stdout!]) {
      if (log) output.pipe(log, { end: false });
      else output.on('data', chunk => said.push(String(chunk)));
    }
    const ended = once(child, 'exit').then(([code, signal]) => {
      if (log) log.end(`${name} ended: ${signal ?? code}\n`);
      throw new Error(
        `${name} ended while it started: ${logFile ? `see ${logFile}` : said.join('')}`,
      );
    });
    ended.catch(() => undefined);
    const late = delay(START_MS, undefined, { ref: false }).then(() => {
      throw new Error(
        `${name} was not ready in time: ${logFile ?? said.join('')}`,
      );
    });
    late.catch(() => undefined);
    const line = await Promise.race([lineOf(child, isReady), ended, late]);
    this.#isWanted = true;
    return line;
  }

  /** Reads its memory usage, after a garbage collection. */
  async memory(): Promise<NodeJS.MemoryUsage> {
    return this.ask(MEMORY, message => message?.heapUsed !== undefined);
  }

  /** Sends a message, and waits for the answer among those of Backstage. */
  async ask<T>(question: string, isAnswer: (message: any) => boolean) {
    const child = this.#child!;
    child.send(question);
    for (;;) {
      const [message] = await once(child, 'message');
      if (isAnswer(message)) return message as T;
    }
  }

  /** Ends it at once: it has no chance to put anything in order. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Resolves once it has ended, in whatever way. */
  async ended(): Promise<void> {
    if (this.isRunning) await once(this.#child!, 'exit');
  }

  /** Asks it to end, and waits until it has. */
  async stop(graceMs = 10_000): Promise<void> {
    const gone = new AbortController();
    const impatience = delay(graceMs, undefined, { signal: gone.signal }).then(
      () => this.#child?.kill('SIGKILL'),
      () => undefined,
    );
    await this.#end('SIGTERM');
    gone.abort();
    await impatience;
  }

  /**
   * Stops it where it is. A shell wakes it again, also when this process is gone by then: a frozen
   * process notices nothing.
   */
  freeze(ms: number): void {
    if (!this.isRunning) return;
    this.#isFrozen = true;
    this.#child!.kill('SIGSTOP');
    const seconds = (ms / 1000).toFixed(1);
    this.#waker?.kill();
    this.#waker = spawn(
      'sh',
      ['-c', `sleep ${seconds}; kill -CONT ${this.#child!.pid}`],
      {
        stdio: 'ignore',
        detached: true,
      },
    );
    this.#waker.unref();
  }

  /** Lets it go on. Harmless when it is not frozen. */
  resume(): void {
    this.#isFrozen = false;
    // It would end a later freeze before its time.
    this.#waker?.kill();
    if (this.isRunning) this.#child!.kill('SIGCONT');
  }

  /**
   * Stops it for a moment, whether or not it is frozen.
   *
   * @returns what lets it go on, unless it is frozen for longer
   */
  pause(): () => void {
    if (this.isRunning) this.#child!.kill('SIGSTOP');
    return () => {
      if (!this.#isFrozen) this.resume();
    };
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    this.#isFrozen = false;
    this.#isWanted = false;
    if (!this.isRunning) return;
    const gone = once(this.#child!, 'exit');
    this.#child!.kill(signal);
    // A frozen process takes no signal but SIGKILL.
    this.#child!.kill('SIGCONT');
    await gone;
  }
}

async function lineOf(
  child: NodeChild,
  isWanted: (line: string) => boolean,
): Promise<string> {
  const lines = createInterface({ input: child.stdout! });
  return new Promise(found => {
    lines.on('line', line => {
      if (isWanted(line)) found(line);
    });
  });
}
