import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  isTerminal,
  type Operation,
  OperationUnknown,
} from 'backstage-plugin-acr-cmk-common';
import { callerOf } from '../../platform/callerOf';
import type { Context } from '../../platform/context';
import type { OperationQueries } from '../../engine/OperationQueries';
import type { OperationReader } from './OperationReader';
import { type Reading, OperationWatch } from './OperationWatch';

/** Time between two readings of an operation that somebody watches. Milliseconds. */
export const LOOK_EVERY_MS = 500;
/** Readings after which a watcher's permission is checked again: half a minute. */
const AUTHORISE_EVERY_READINGS = 60;

interface OperationStreamsDeps extends Pick<Context, 'sleep'> {
  reader: Pick<OperationReader, 'operation' | 'visible'>;
  operations: Pick<OperationQueries, 'get'>;
}

/** Changes of an operation, for callers who may see it. */
export class OperationStreams {
  readonly #deps: OperationStreamsDeps;
  readonly #watch: OperationWatch;
  /** Operation of each reading as each person may see it. Dropped with the reading. */
  readonly #views = new WeakMap<Reading, Map<string, Promise<Operation>>>();

  constructor(deps: OperationStreamsDeps) {
    this.#deps = deps;
    this.#watch = new OperationWatch({
      operations: deps.operations,
      sleep: deps.sleep,
      everyMs: LOOK_EVERY_MS,
    });
  }

  /** Operations that are watched: zero when nobody is there. */
  get size(): number {
    return this.#watch.size;
  }

  /**
   * Yields the operation first, then each later revision, and nothing for each reading that saw no
   * change. Ends after the terminal state, when the permission is lost, or with the signal.
   *
   * @throws OperationUnknown when there is none that they may see
   */
  async *changes(
    id: string,
    of: {
      credentials: BackstageCredentials;
      /** The revision that the watcher has. */
      after: number;
      signal: AbortSignal;
    },
  ): AsyncGenerator<Operation | undefined, void, void> {
    const { credentials } = of;
    // Ends the watching however this generator ends, by its reader leaving it too.
    const left = new AbortController();
    const signal = AbortSignal.any([of.signal, left.signal]);
    try {
      if (signal.aborted) return;
      let operation = await this.#deps.reader.operation(id, credentials);
      if (signal.aborted) return;
      const watcher = this.#watch.join(id, signal);
      let revision = Math.max(of.after, operation.revision);
      yield operation.revision > of.after ? operation : undefined;
      while (!isTerminal(operation.state)) {
        const reading = await watcher.next();
        if (!reading) return;
        const changed = (reading.record?.revision ?? 0) > revision;
        if (changed || reading.number % AUTHORISE_EVERY_READINGS === 0) {
          operation = await this.#view(id, reading, credentials);
        }
        yield changed ? operation : undefined;
        revision = Math.max(revision, operation.revision);
      }
    } finally {
      left.abort();
    }
  }

  /** The view of a reading that a caller gets: one permission check, however many streams they have. */
  #view(
    id: string,
    reading: Reading,
    credentials: BackstageCredentials,
  ): Promise<Operation> {
    const caller = callerOf(credentials);
    const views = this.#views.get(reading) ?? new Map();
    this.#views.set(reading, views);
    const view =
      views.get(caller) ??
      (reading.record
        ? this.#deps.reader.visible(reading.record, credentials)
        : Promise.reject(new OperationUnknown(id)));
    views.set(caller, view);
    return view;
  }
}
