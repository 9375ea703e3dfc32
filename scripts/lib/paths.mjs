import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

export const inRoot = (...parts) => join(root, ...parts);

/** Where the demo and the tests keep what they make: databases, logs, the emulator's world. */
export const demoDirectory = inRoot('.demo');
export const logDirectory = inRoot('.demo', 'logs');
