import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  isTerminal,
  LimitReached,
  type Operation,
  OperationUnknown,
} from 'backstage-plugin-acr-cmk-common';
import type { LimitTrace } from '../authority/LimitTrace';
import { personOf } from '../personOf';
import type { Pause } from '../Pause';
import type { OperationStore } from './engine/OperationStore';
import type { OperationReader } from './OperationReader';
import { type Reading, OperationWatch } from './OperationWatch';

/** Time between two readings of an operation that somebody watches. Milliseconds. */
export const LOOK_EVERY_MS = 500;
/** A watcher's permission is asked for again after this many readings: half a minute. */
const AUTHORISE_EVERY_READINGS = 60;
/** Nobody knows when a stream of the caller will end; this is our choice. Seconds. */
const RETRY_AFTER_SECONDS = 10;

/** An operation as it changes, for those who may see it, as many as one person may have open. */
export class OperationStreams {
  readonly #reader: Pick<OperationReader, 'operation' | 'visible'>;
  readonly #watch: OperationWatch;
  readonly #openStreams: number;
  readonly #trace?: LimitTrace;
  readonly #open = new Map<string, number>();
  /** What each reading shows to each person. Goes with the reading. */
  readonly #views = new WeakMap<Reading, Map<string, Promise<Operation>>>();

  constructor(options: {
    reader: Pick<OperationReader, 'operation' | 'visible'>;
    operations: Pick<OperationStore, 'get'>;
    pause: Pause;
    /** Streams that one person may have open, in this process. */
    openStreams: number;
    trace?: LimitTrace;
  }) {
    this.#reader = options.reader;
    this.#watch = new OperationWatch({
      operations: options.operations,
      pause: options.pause,
      everyMs: LOOK_EVERY_MS,
    });
    this.#openStreams = options.openStreams;
    this.#trace = options.trace;
  }

  /** Operations that are watched, and people with a stream: zero when nobody is there. */
  get size(): { operations: number; people: number } {
    return { operations: this.#watch.size, people: this.#open.size };
  }

  /**
   * Yields the operation first, then each later revision, and nothing for each reading that saw no
   * change. Ends after the terminal state, when the permission is lost, or with the signal.
   *
   * @throws LimitReached when the person has as many open as one may have
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
    const person = personOf(credentials);
    this.#enter(person);
    // Ends the watching however this generator ends, by its reader leaving it too.
    const left = new AbortController();
    const signal = AbortSignal.any([of.signal, left.signal]);
    try {
      if (signal.aborted) return;
      let operation = await this.#reader.operation(id, credentials);
      if (signal.aborted) return;
      const watcher = this.#watch.join(id, signal);
      let revision = Math.max(of.after, operation.revision);
      yield operation.revision > of.after ? operation : undefined;
      while (!isTerminal(operation.state)) {
        const reading = await watcher.next();
        if (!reading) return;
        const changed = (reading.record?.revision ?? 0) > revision;
        if (changed || reading.number % AUTHORISE_EVERY_READINGS === 0) {
          operation = await this.#view(id, reading, { credentials, person });
        }
        yield changed ? operation : undefined;
        revision = Math.max(revision, operation.revision);
      }
    } finally {
      left.abort();
      this.#leave(person);
    }
  }

  /** What a reading shows to a person: worked out once, however many streams they have. */
  #view(
    id: string,
    reading: Reading,
    by: { credentials: BackstageCredentials; person: string },
  ): Promise<Operation> {
    const views = this.#views.get(reading) ?? new Map();
    this.#views.set(reading, views);
    const view =
      views.get(by.person) ??
      (reading.record
        ? this.#reader.visible(reading.record, by.credentials)
        : Promise.reject(new OperationUnknown(id)));
    views.set(by.person, view);
    return view;
  }

  /**
   * Refuses, before anything is done for a request, whoever has as many open as one may have.
   *
   * @param person - as `personOf` names them
   * @throws LimitReached
   */
  requireRoom(person: string): void {
    if ((this.#open.get(person) ?? 0) < this.#openStreams) return;
    const error = new LimitReached(
      'openStreams',
      this.#openStreams,
      RETRY_AFTER_SECONDS,
    );
    this.#trace?.refused(person, error);
    throw error;
  }

  #enter(person: string): void {
    this.requireRoom(person);
    this.#open.set(person, (this.#open.get(person) ?? 0) + 1);
  }

  #leave(person: string): void {
    const open = (this.#open.get(person) ?? 1) - 1;
    if (open > 0) this.#open.set(person, open);
    else this.#open.delete(person);
  }
}
