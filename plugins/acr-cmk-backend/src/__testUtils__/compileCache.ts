import { flushCompileCache } from 'node:module';
import { resolve } from 'node:path';

/**
 * For the environment of a process that a test starts: where Node keeps compiled code. A third of the
 * processor time of a start goes into compiling.
 */
export const COMPILE_CACHE = {
  NODE_COMPILE_CACHE: resolve(
    __dirname,
    '../../../../node_modules/.cache/node-compile-cache',
  ),
};

/** Node keeps it at the end of a process, and one that is killed has none. Node 20 keeps nothing. */
export function keepCompiled(): void {
  flushCompileCache?.();
}
