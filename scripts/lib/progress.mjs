import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { logDirectory } from './paths.mjs';

/** How often a line is printed where the same line cannot be written again. Milliseconds. */
const HEARTBEAT_MS = 10_000;

export const seconds = sinceMs =>
  `${((Date.now() - sinceMs) / 1000).toFixed(1)} s`;

/** Something is wrong that the person at the terminal can put right; needs no stack. */
export class Stop extends Error {}

/** What is going on, in the order in which it began: title and start of each step. */
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

/** Prints a line for good, above the one that shows what is going on. */
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
 * Runs `work` and shows that it is going on: a running clock on a terminal, now and then a
 * line elsewhere. Several steps may go on at a time. `isFine` looks at what came of it.
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
 * Runs a command to its end with its output in a log file.
 * Answers with the exit code and the log's path; does not throw when the code is not 0.
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

/** Like `runLogged`, and stops everything when the command fails. */
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

/** Runs a script's main function; a `Stop` is printed as its message alone. */
export async function main(work) {
  try {
    await work();
  } catch (error) {
    console.error(`\n${error instanceof Stop ? error.message : error.stack}`);
    process.exit(1);
  }
}
