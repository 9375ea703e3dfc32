import { isTerminal, type Operation } from 'backstage-plugin-acr-cmk-common';
import type { AcrCmkApi } from '../api';
import { createEventStreamParser } from './eventStream';
import type { OperationEvent } from './operationReducer';
import { missingPermission } from './refusal';

/** Pause before the first new attempt; it doubles up to the longest. */
export const FIRST_PAUSE_MS = 1_000;
export const LONGEST_PAUSE_MS = 30_000;
/**
 * A stream that is silent for so long, from the request on, may be held back by something on the
 * way (a proxy, a compression), so the operation is read beside it. Doubles while nothing changes.
 */
export const FIRST_SILENCE_MS = 3_000;

/**
 * Tells of every change of an operation until it has ended: by its stream of events, and by
 * reading it where the stream does not come through.
 *
 * A hidden tab hears nothing; one that is shown again goes on after the last revision.
 *
 * @returns ends it
 */
export function followOperation(options: {
  api: Pick<AcrCmkApi, 'operation' | 'events'>;
  id: string;
  tell(event: OperationEvent): void;
}): () => void {
  const { api, id } = options;
  const stopped = new AbortController();
  let newest: Operation | undefined;

  const ended = () => newest !== undefined && isTerminal(newest.state);

  function seen(operation: Operation) {
    if (stopped.signal.aborted || operation.id !== id) return;
    if (!newest || operation.revision > newest.revision) newest = operation;
    options.tell({ type: 'seen', operation, at: new Date().toISOString() });
  }

  async function read(signal: AbortSignal) {
    seen(await api.operation(id, { signal }));
  }

  /** Reads the operation again and again while the stream brings nothing. */
  function watchSilence(attempt: Attempt) {
    let pause = FIRST_SILENCE_MS;
    let timer: ReturnType<typeof setTimeout>;
    const look = async () => {
      const revision = newest?.revision;
      // Its failure shows at the next attempt; the stream may still be open.
      await read(attempt.signal).catch(() => undefined);
      if (attempt.signal.aborted) return;
      if (ended()) {
        attempt.end();
        return;
      }
      pause =
        newest?.revision === revision
          ? Math.min(pause * 2, LONGEST_PAUSE_MS)
          : FIRST_SILENCE_MS;
      timer = setTimeout(look, pause);
    };
    timer = setTimeout(look, pause);
    attempt.signal.addEventListener('abort', () => clearTimeout(timer));
    return {
      broken() {
        clearTimeout(timer);
        pause = FIRST_SILENCE_MS;
        if (!attempt.signal.aborted) timer = setTimeout(look, pause);
      },
    };
  }

  /** Listens until the stream ends. Answers whether it brought anything. */
  async function listen(attempt: Attempt): Promise<boolean> {
    const { signal } = attempt;
    const silence = watchSilence(attempt);
    const response = await api.events(id, {
      lastRevision: newest?.revision,
      signal,
    });
    if (!response.body) return false;
    const reader = response.body.getReader();
    signal.addEventListener('abort', () => {
      reader.cancel().catch(() => undefined);
    });
    const decoder = new TextDecoder();
    const parse = createEventStreamParser();
    let brought = false;
    for (;;) {
      const { done, value } = await reader.read();
      if (done || signal.aborted) return brought;
      for (const event of parse(decoder.decode(value, { stream: true }))) {
        if (event.event === 'operation') {
          brought = true;
          silence.broken();
          seen(JSON.parse(event.data) as Operation);
        }
      }
      if (ended()) return brought;
    }
  }

  /** The stream, and where it fails a plain reading. Answers whether there was anything new. */
  async function hear(attempt: Attempt): Promise<boolean> {
    const revision = newest?.revision;
    try {
      return await listen(attempt);
    } catch {
      if (!attempt.signal.aborted) await read(attempt.signal);
      return newest?.revision !== revision;
    }
  }

  async function run() {
    let pause = FIRST_PAUSE_MS;
    while (!stopped.signal.aborted && !ended()) {
      await untilSeen(stopped.signal);
      if (stopped.signal.aborted) return;
      const attempt = whileSeen(stopped.signal);
      try {
        if (await hear(attempt)) pause = FIRST_PAUSE_MS;
      } catch (error) {
        if (!attempt.signal.aborted) {
          options.tell({
            type: 'cut off',
            error: error instanceof Error ? error : new Error(String(error)),
          });
          if (missingPermission(error)) return;
        }
      } finally {
        attempt.end();
      }
      if (stopped.signal.aborted || ended()) return;
      await pauseFor(pause, stopped.signal);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    }
  }

  run();
  return () => stopped.abort();
}

/** Ends at once in a tab that is seen, else when it is shown. */
function untilSeen(stopped: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (!document.hidden || stopped.aborted) {
      resolve();
      return;
    }
    const look = () => {
      if (document.hidden && !stopped.aborted) return;
      document.removeEventListener('visibilitychange', look);
      stopped.removeEventListener('abort', look);
      resolve();
    };
    document.addEventListener('visibilitychange', look);
    stopped.addEventListener('abort', look);
  });
}

/** From one request for the stream to its end. */
interface Attempt {
  signal: AbortSignal;
  end(): void;
}

/** An attempt that ends by itself when the tab is hidden or the following has stopped. */
function whileSeen(stopped: AbortSignal): Attempt {
  const abort = new AbortController();
  const look = () => {
    if (document.hidden || stopped.aborted) end();
  };
  function end() {
    document.removeEventListener('visibilitychange', look);
    stopped.removeEventListener('abort', look);
    abort.abort();
  }
  document.addEventListener('visibilitychange', look);
  stopped.addEventListener('abort', look);
  return { signal: abort.signal, end };
}

function pauseFor(milliseconds: number, stopped: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(done, milliseconds);
    function done() {
      clearTimeout(timer);
      stopped.removeEventListener('abort', done);
      resolve();
    }
    stopped.addEventListener('abort', done);
  });
}
