// Flags of a command. Invalid ones are reported before the command does anything.
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Stop } from './progress.mjs';

const MOST_PORT = 65_535;

/** Parses the flags, `help` among them. Stops with the help for an unknown one. */
export function readFlags(options, help) {
  try {
    return parseArgs({
      options: { ...options, help: { type: 'boolean', default: false } },
    }).values;
  } catch (error) {
    throw new Stop(`${error.message}\n\n${help}`);
  }
}

/** Parses a port. @throws Stop for a number that cannot be listened on */
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
 * Resolves the path of a writable folder, which need not exist. Creates nothing.
 *
 * @throws Stop when it is not writable
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
    // Permissions say little to root and on special file systems, so try.
    rmSync(mkdtempSync(join(there, '.acr-cmk-')), { recursive: true });
  } catch (error) {
    throw new Stop(
      `${there} cannot be written (${error.code}). Name another folder with --${flag}.`,
    );
  }
  return folder;
}
