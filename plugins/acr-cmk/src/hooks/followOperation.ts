import { isTerminal, type Operation } from 'backstage-plugin-acr-cmk-common';
import type { AcrCmkApi } from '../api';
import { createEventStreamParser } from './eventStream';
import type { OperationEvent } from './operationReducer';
import { missingPermission } from './refusal';

/** Pause before the first new attempt; it doubles up to the longest. */
export const FIRST_PAUSE_MS = 1_000;
export const LONGEST_PAUSE_MS = 30_000;
/** A stream that is silent for so long may be held back by a proxy, so the operation is read beside it. */
export const SILENCE_MS = 10_000;

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

  /** Listens until the stream ends. Answers whether it brought anything. */
  async function listen(signal: AbortSignal): Promise<boolean> {
    const response = await api.events(id, {
      lastRevision: newest?.revision,
      signal,
    });
    if (!response.body) return false;
    const reader = response.body.getReader();
    const cancel = () => {
      reader.cancel().catch(() => undefined);
    };
    signal.addEventListener('abort', cancel, { once: true });
    const decoder = new TextDecoder();
    const parse = createEventStreamParser();
    let brought = false;
    let silence = setTimeout(onSilence, SILENCE_MS);
    function onSilence() {
      silence = setTimeout(onSilence, SILENCE_MS);
      // Its failure shows at the next attempt; the stream is still open.
      read(signal).then(
        () => ended() && cancel(),
        () => undefined,
      );
    }
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done || signal.aborted) return brought;
        clearTimeout(silence);
        silence = setTimeout(onSilence, SILENCE_MS);
        for (const event of parse(decoder.decode(value, { stream: true }))) {
          if (event.event === 'operation') {
            brought = true;
            seen(JSON.parse(event.data) as Operation);
          }
        }
        if (ended()) {
          cancel();
          return brought;
        }
      }
    } finally {
      clearTimeout(silence);
      signal.removeEventListener('abort', cancel);
    }
  }

  /** One attempt: the stream, and where it fails a plain reading. */
  async function attempt(signal: AbortSignal): Promise<boolean> {
    try {
      return await listen(signal);
    } catch (streamError) {
      if (signal.aborted) return false;
      const revision = newest?.revision;
      await read(signal);
      return newest?.revision !== revision;
    }
  }

  async function run() {
    let pause = FIRST_PAUSE_MS;
    while (!stopped.signal.aborted && !ended()) {
      await untilSeen(stopped.signal);
      if (stopped.signal.aborted) return;
      const visible = whileSeen(stopped.signal);
      try {
        const brought = await attempt(visible.signal);
        if (brought) pause = FIRST_PAUSE_MS;
      } catch (error) {
        if (stopped.signal.aborted) return;
        if (!visible.signal.aborted) {
          options.tell({
            type: 'cut off',
            error: error instanceof Error ? error : new Error(String(error)),
          });
          if (missingPermission(error)) return;
        }
      } finally {
        visible.end();
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

/** A signal that is aborted when the tab is hidden or the following has stopped. */
function whileSeen(stopped: AbortSignal): { signal: AbortSignal; end(): void } {
  const abort = new AbortController();
  const look = () => {
    if (document.hidden || stopped.aborted) abort.abort();
  };
  document.addEventListener('visibilitychange', look);
  stopped.addEventListener('abort', look);
  return {
    signal: abort.signal,
    end() {
      document.removeEventListener('visibilitychange', look);
      stopped.removeEventListener('abort', look);
    },
  };
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
