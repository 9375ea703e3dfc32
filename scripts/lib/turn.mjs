import {
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { inRoot } from './paths.mjs';
import { step } from './progress.mjs';

const EVERY_MS = 1_000;

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

const ownerOf = file => Number(readFileSync(file, 'utf8'));

/** Ends our turn, unless it has ended before and is somebody else's now. */
function giveBack(file) {
  if (existsSync(file) && ownerOf(file) === process.pid) {
    rmSync(file, { force: true });
  }
}

/** Takes the turn, or answers with the process that has it. */
function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    process.on('exit', () => giveBack(file));
    return undefined;
  } catch (error) {
    if (error.code !== 'EEXIST') {
      throw error;
    }
  }
  const owner = ownerOf(file);
  if (owner && !isAlive(owner)) {
    // Left behind by one that was killed.
    rmSync(file, { force: true });
    return take(file);
  }
  return owner;
}

/**
 * Lets one run at a time through in this checkout: they share reports and the built app, and
 * would count each other's results. Resolves when it is our turn, which lasts until we exit or
 * call what it resolves with.
 */
export async function waitForTurn(what) {
  mkdirSync(inRoot('.demo'), { recursive: true });
  const file = inRoot('.demo', `${what}.pid`);
  const owner = take(file);
  if (owner !== undefined) {
    await step(
      `wait for the other run in this checkout (process ${owner})`,
      async () => {
        while (take(file) !== undefined) {
          await new Promise(resolve => setTimeout(resolve, EVERY_MS));
        }
      },
    );
  }
  return () => giveBack(file);
}
