import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the repository. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

export const inRoot = (...parts) => join(root, ...parts);

/** Folder for the data of the demo and of tests: databases, logs, the emulator's world. */
export const demoDirectory = inRoot('.demo');
export const logDirectory = inRoot('.demo', 'logs');
