import { join } from 'node:path';
import { ChildProcess, TYPESCRIPT } from './ChildProcess';
import { COMPILE_CACHE, keepCompiled } from './compileCache';

const READY = 'ready ';
const WORK = 'work';
const WORKING = 'working';

/** A process of its own for a test, from a file of this folder that calls `serveTest`. */
export class TestProcess<Ready> {
  readonly #process: ChildProcess;
  readonly ready: Ready;

  private constructor(process: ChildProcess, ready: Ready) {
    this.#process = process;
    this.ready = ready;
  }

  /** Starts a file, and waits until it is ready. */
  static async start<Settings extends object, Ready>(
    file: string,
    settings: Settings,
    env: Record<string, string>,
  ): Promise<TestProcess<Ready>> {
    const process = new ChildProcess({
      name: file,
      args: [...TYPESCRIPT, join(__dirname, file)],
      env: {
        ...COMPILE_CACHE,
        ...env,
        TEST_SETTINGS: JSON.stringify(settings),
      },
      isReady: line => line.startsWith(READY),
    });
    const line = await process.start();
    return new TestProcess<Ready>(
      process,
      JSON.parse(line.slice(READY.length)),
    );
  }

  /** Starts its worker. */
  async work(): Promise<void> {
    await this.#process.ask(WORK, message => message === WORKING);
  }

  get isRunning(): boolean {
    return this.#process.isRunning;
  }

  /** Resolves once it has ended, in whatever way. */
  async ended(): Promise<void> {
    await this.#process.ended();
  }

  /** Ends it at once: it has no chance to put anything in order. */
  async kill(): Promise<void> {
    await this.#process.kill();
  }
}

/**
 * Main function of such a process.
 *
 * @param prepare - makes it ready, by the settings of the test
 */
export function serveTest<Settings, Ready>(
  prepare: (
    settings: Settings,
  ) => Promise<{ ready: Ready; startWorker: () => void }>,
): void {
  prepare(JSON.parse(process.env.TEST_SETTINGS!)).then(
    ({ ready, startWorker }) => {
      keepCompiled();
      // A worker has nothing else that keeps its process alive until it starts.
      process.channel!.ref();
      process.on('message', message => {
        if (message !== WORK) return;
        startWorker();
        process.send!(WORKING);
      });
      process.stdout.write(`${READY}${JSON.stringify(ready)}\n`);
    },
    (error: Error) => {
      process.stderr.write(`${error.stack}\n`);
      process.exit(1);
    },
  );
}
