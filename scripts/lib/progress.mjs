import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { logDirectory } from './paths.mjs';

/** Interval of progress lines where the last line cannot be overwritten. Milliseconds. */
const HEARTBEAT_MS = 10_000;

export const seconds = sinceMs =>
  `${((Date.now() - sinceMs) / 1000).toFixed(1)} s`;

/** Error that the user can fix. Printed without a stack. */
export class Stop extends Error {}

/** Running steps with their start, oldest first. */
const running = new Set();
let clock;

function showRunning() {
  const line = [...running]
    .map(({ title, started }) => `${title} (${seconds(started)})`)
    .join(', ');
  if (process.stdout.isTTY) {
    process.stdout.write(`\r\x1b[2K${line && `… ${line}`}`);
  } else if (line) {
    console.log(`… ${line}`);
  }
}

/** Prints a line above the one with the progress. */
export function say(line) {
  if (process.stdout.isTTY) {
    process.stdout.write('\r\x1b[2K');
  }
  console.log(line);
  if (process.stdout.isTTY) {
    showRunning();
  }
}

/**
 * Runs `work` and shows its progress: a clock on a terminal, a line now and then elsewhere. Several steps may run at
 * the same time. `isFine` judges the result.
 */
export async function step(title, work, isFine = () => true) {
  const terminal = process.stdout.isTTY;
  const entry = { title, started: Date.now() };
  running.add(entry);
  if (terminal) {
    showRunning();
  } else {
    console.log(`… ${title}`);
  }
  clock ??= setInterval(showRunning, terminal ? 500 : HEARTBEAT_MS);
  const finish = mark => {
    running.delete(entry);
    if (running.size === 0) {
      clearInterval(clock);
      clock = undefined;
    }
    say(`${mark} ${title} (${seconds(entry.started)})`);
  };

  try {
    const result = await work();
    finish(isFine(result) ? '✓' : '✗');
    return result;
  } catch (error) {
    finish('✗');
    throw error;
  }
}

export function openLog(name) {
  mkdirSync(logDirectory, { recursive: true });
  const path = join(logDirectory, `${name}.log`);
  return { path, stream: createWriteStream(path) };
}

export function lastLines(path, count) {
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .slice(-count)
    .join('\n');
}

/**
 * Runs a command with its output in a log file. Returns the exit code and the path of the log; does not throw when
 * the code is not 0.
 */
export function runLogged(name, command, args, options = {}) {
  const log = openLog(name);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      ...options,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.pipe(log.stream, { end: false });
    child.stderr.pipe(log.stream, { end: false });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const last = signal ? `\n(ended by ${signal})\n` : '';
      log.stream.end(last, () =>
        resolve({ code: signal ? 1 : code, log: log.path }),
      );
    });
  });
}

/** Like `runLogged`, but stops the script when the command fails. */
export async function mustRun(name, command, args, options) {
  const { code, log } = await runLogged(name, command, args, options);
  if (code !== 0) {
    throw new Stop(
      `${lastLines(log, 40)}\n\n"${[command, ...args].join(
        ' ',
      )}" ended with ${code}; all of its output is in ${log}`,
    );
  }
}

/** Runs the main function of a script. Prints only the message of a `Stop`. */
export async function main(work) {
  try {
    await work();
  } catch (error) {
    console.error(`\n${error instanceof Stop ? error.message : error.stack}`);
    process.exit(1);
  }
}
