/** Processes of their own for tests: started from TypeScript, with settings, and ended afterwards. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { COMPILE_CACHE, keepCompiled } from './compileCache';

/** A process that a test has started. */
export class TestProcess<Ready> {
  readonly #child: ChildProcess;
  readonly ready: Ready;

  private constructor(child: ChildProcess, ready: Ready) {
    this.#child = child;
    this.ready = ready;
  }

  /**
   * Starts a file of this folder that calls `serveTest`.
   *
   * @returns when it is ready, with what it answered
   */
  static async start<Settings extends object, Ready>(
    file: string,
    settings: Settings,
    env: Record<string, string>,
  ): Promise<TestProcess<Ready>> {
    const child = fork(join(__dirname, file), {
      execArgv: [
        '--require',
        require.resolve('@backstage/cli/config/nodeTransform.cjs'),
      ],
      // Nothing of Jest's own.
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        ...COMPILE_CACHE,
        ...env,
      },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let said = '';
    child.stderr!.on('data', chunk => {
      said = `${said}${chunk}`.slice(-4000);
    });
    child.send(settings);
    const answer = await Promise.race([
      answerOf(child),
      once(child, 'exit').then(() => {
        throw new Error(`${file} ended: ${said}`);
      }),
    ]);
    return new TestProcess<Ready>(child, answer as Ready);
  }

  /** Starts the worker of the process. */
  async work(): Promise<void> {
    const answer = answerOf(this.#child);
    this.#child.send('work');
    await answer;
  }

  /** Ends it at once: it has no chance to put anything in order. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
      return;
    }
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }
}

/** Backstage's transform reports the files that it reads over the same channel. */
async function answerOf(child: ChildProcess): Promise<unknown> {
  for (;;) {
    const [message] = await once(child, 'message');
    if ('answer' in message) return message.answer;
  }
}

/**
 * For the process itself.
 *
 * @param prepare - makes it ready, by the settings that it gets first
 */
export function serveTest<Settings, Ready>(
  prepare: (
    settings: Settings,
  ) => Promise<{ ready: Ready; startWorker: () => void }>,
): void {
  // Ends with the process that started it.
  process.on('disconnect', () => process.exit(0));
  process.once('message', async settings => {
    try {
      const { ready, startWorker } = await prepare(settings as Settings);
      keepCompiled();
      process.once('message', () => {
        startWorker();
        process.send!({ answer: 'working' });
      });
      process.send!({ answer: ready });
    } catch (error) {
      process.stderr.write(`${(error as Error).stack}\n`);
      process.exit(1);
    }
  });
}
