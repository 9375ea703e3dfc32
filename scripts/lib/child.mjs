import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { inRoot } from './paths.mjs';

/** Time for a process to end by itself before it is killed. Milliseconds. */
const GRACE_MS = 3_000;

/**
 * Starts a long-running Node process in a process group of its own.
 *
 * `stop()` ends the whole group, first asking, then not; it resolves when the process is gone.
 * `exited` resolves with a message whenever the process ends, wanted or not. With `reloads`, Node starts it again
 * whenever a file that it has loaded changes.
 */
export function startNode({ args, cwd, env, log, onLine, reloads = false }) {
  const child = spawn(
    'node',
    [
      ...(reloads ? ['--watch', '--watch-preserve-output'] : []),
      '--require',
      inRoot('scripts/lib/end-with-parent.cjs'),
      ...args,
    ],
    {
      cwd,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    },
  );

  let unfinished = '';
  child.stdout.on('data', data => {
    log.write(data);
    if (onLine) {
      const lines = (unfinished + data).split('\n');
      unfinished = lines.pop();
      lines.forEach(onLine);
    }
  });
  child.stderr.on('data', data => log.write(data));

  let isGone = false;
  const exited = new Promise(resolve => {
    child.on('error', error => {
      isGone = true;
      resolve(error.message);
    });
    child.on('exit', (code, signal) => {
      isGone = true;
      resolve(signal ? `ended by ${signal}` : `ended with ${code}`);
    });
  });

  const kill = signal => {
    try {
      process.kill(-child.pid, signal);
    } catch (error) {
      if (error.code !== 'ESRCH') {
        throw error;
      }
    }
  };

  return {
    pid: child.pid,
    exited,
    async kill(signal = 'SIGKILL') {
      kill(signal);
      await exited;
    },
    async stop() {
      if (!isGone) {
        kill('SIGTERM');
        const impatience = setTimeout(() => kill('SIGKILL'), GRACE_MS);
        await exited;
        clearTimeout(impatience);
      }
    },
  };
}

/** Resolves when `check` answers with something; rejects when the process ends first. */
export async function until(
  check,
  { process: child, what, timeoutMs, everyMs = 250 },
) {
  const deadline = Date.now() + timeoutMs;
  let ended;
  let lastError;
  child.exited.then(how => {
    ended = how;
  });
  for (;;) {
    const result = await check().catch(error => {
      lastError = error;
    });
    if (result) {
      return result;
    }
    if (ended) {
      throw new Error(`${what}: the process ${ended}`);
    }
    if (Date.now() > deadline) {
      throw new Error(
        `${what}: not within ${timeoutMs / 1000} s${
          lastError ? `; it said last: ${lastError.message}` : ''
        }`,
      );
    }
    await new Promise(resolve => setTimeout(resolve, everyMs));
  }
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

export function isPortFree(port) {
  return new Promise(resolve => {
    const server = createServer();
    server.on('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
