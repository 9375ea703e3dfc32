import type { Context } from '../../platform/context';
import type { OperationQueries } from '../../engine/OperationQueries';
import type { OperationRecord } from '../../engine/types';

/** One reading of an operation, for all who watch it. */
export interface Reading {
  /** Counts the readings of this operation while somebody watches it, from 1. */
  number: number;
  record: OperationRecord | undefined;
}

/** Watcher of an operation, until its signal aborts. */
export interface Watcher {
  /** The next reading, or nothing once the signal was given. */
  next(): Promise<Reading | undefined>;
}

/** State of an operation that is watched. */
interface Watched {
  watchers: number;
  readings: number;
  left: AbortController;
  next?: Promise<Reading | undefined>;
}

interface OperationWatchDeps extends Pick<Context, 'sleep'> {
  operations: Pick<OperationQueries, 'get'>;
  /** Time between two readings. Milliseconds. */
  everyMs: number;
}

/**
 * Awaits a reading, or nothing once the signal is given. Leaves no listener behind: a promise of the signal that each
 * call races with would keep every reading for as long as the stream is open.
 */
async function orNothing<T>(
  reading: Promise<T>,
  signal: AbortSignal,
): Promise<T | undefined> {
  if (signal.aborted) return undefined;
  let leave = () => {};
  const left = new Promise<undefined>(resolve => {
    leave = () => resolve(undefined);
  });
  signal.addEventListener('abort', leave);
  try {
    return await Promise.race([left, reading]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

/**
 * Reads operations for those who watch them: one reading at a time for each operation, however
 * many watch it, and none when nobody waits for one.
 */
export class OperationWatch {
  readonly #deps: OperationWatchDeps;
  readonly #watched = new Map<string, Watched>();

  constructor(deps: OperationWatchDeps) {
    this.#deps = deps;
  }

  /** Number of operations that are watched. */
  get size(): number {
    return this.#watched.size;
  }

  /** Watches an operation until `signal` is given. */
  join(id: string, signal: AbortSignal): Watcher {
    if (signal.aborted) return { next: async () => undefined };
    const watched = this.#watched.get(id) ?? {
      watchers: 0,
      readings: 0,
      left: new AbortController(),
    };
    this.#watched.set(id, watched);
    watched.watchers += 1;
    signal.addEventListener(
      'abort',
      () => {
        watched.watchers -= 1;
        if (watched.watchers === 0) {
          this.#watched.delete(id);
          watched.left.abort();
        }
      },
      { once: true },
    );
    return {
      next: () => orNothing(this.#next(id, watched), signal),
    };
  }

  #next(id: string, watched: Watched): Promise<Reading | undefined> {
    watched.next ??= this.#read(id, watched).finally(() => {
      watched.next = undefined;
    });
    return watched.next;
  }

  async #read(id: string, watched: Watched): Promise<Reading | undefined> {
    const { signal } = watched.left;
    await this.#deps.sleep(this.#deps.everyMs, signal);
    if (signal.aborted) return undefined;
    watched.readings += 1;
    const number = watched.readings;
    return { number, record: await this.#deps.operations.get(id) };
  }
}
