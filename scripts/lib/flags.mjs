// What a command was started with. What is wrong is said in a sentence, before anything is made.
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Stop } from './progress.mjs';

const MOST_PORT = 65_535;

/** The flags by their names, `help` among them. Stops with the help for one that is not known. */
export function readFlags(options, help) {
  try {
    return parseArgs({
      options: { ...options, help: { type: 'boolean', default: false } },
    }).values;
  } catch (error) {
    throw new Stop(`${error.message}\n\n${help}`);
  }
}

/** @throws Stop unless it is a port that can be listened on */
export function portOf(flag, text) {
  const port = Number(text);
  if (text.trim() === '' || !Number.isInteger(port)) {
    throw new Stop(`--${flag} must be a port, not '${text}'.`);
  }
  if (port < 1 || port > MOST_PORT) {
    throw new Stop(`--${flag} must be a port from 1 to ${MOST_PORT}.`);
  }
  return port;
}

/**
 * The whole path of a folder that can be written, whether it is there yet or not. Makes nothing.
 *
 * @throws Stop when it cannot
 */
export function folderOf(flag, text) {
  if (text.trim() === '') {
    throw new Stop(`--${flag} is empty. Name a folder.`);
  }
  const folder = resolve(text);
  let there = folder;
  while (!existsSync(there)) there = dirname(there);
  if (!statSync(there).isDirectory()) {
    throw new Stop(`${there} is a file. Name a folder with --${flag}.`);
  }
  try {
    // As root, and on file systems of their own kind, only trying shows it.
    rmSync(mkdtempSync(join(there, '.acr-cmk-')), { recursive: true });
  } catch (error) {
    throw new Stop(
      `${there} cannot be written (${error.code}). Name another folder with --${flag}.`,
    );
  }
  return folder;
}
