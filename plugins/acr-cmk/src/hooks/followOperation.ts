import { isTerminal, type Operation } from 'backstage-plugin-acr-cmk-common';
import { createParser } from 'eventsource-parser';
import type { AcrCmkApi } from '../api';
import type { OperationEvent } from './operationReducer';
import { missingPermission } from './refusal';

/** Pause before the first new attempt; it doubles up to the longest. */
export const FIRST_PAUSE_MS = 1_000;
export const LONGEST_PAUSE_MS = 30_000;
/**
 * A stream that is silent for so long, from the request on, may be buffered by a proxy or by
 * compression, so the operation is read as well. Doubles while nothing changes.
 */
export const FIRST_SILENCE_MS = 3_000;

/**
 * Reports every change of an operation until it has ended: by its stream of events, and by polling
 * where the stream does not get through. Tests of pulls go on after the end, without a stream, so it is polled
 * until they have a result.
 *
 * Paused in a hidden tab; one that is shown again resumes after the last revision.
 *
 * @returns a function that stops it
 */
export function followOperation(options: {
  api: Pick<AcrCmkApi, 'operation' | 'events'>;
  id: string;
  onEvent(event: OperationEvent): void;
}): () => void {
  const { api, id } = options;
  let newest: Operation | undefined;

  const ended = () => newest !== undefined && isTerminal(newest.state);

  function update(operation: Operation) {
    if (operation.id !== id) return;
    if (!newest || operation.revision > newest.revision) newest = operation;
    options.onEvent({
      type: 'received',
      operation,
      at: new Date().toISOString(),
    });
  }

  async function read(signal: AbortSignal) {
    const operation = await api.operation(id, { signal });
    if (!signal.aborted) update(operation);
  }

  /** Polls the operation while the stream is silent. */
  function pollWhileSilent(attempt: AbortController) {
    const { signal } = attempt;
    let pause = FIRST_SILENCE_MS;
    let timer: ReturnType<typeof setTimeout>;
    const poll = async () => {
      const revision = newest?.revision;
      // A failure shows at the next attempt; the stream may still be open.
      await read(signal).catch(() => undefined);
      if (signal.aborted) return;
      if (ended()) {
        attempt.abort();
        return;
      }
      pause =
        newest?.revision === revision
          ? Math.min(pause * 2, LONGEST_PAUSE_MS)
          : FIRST_SILENCE_MS;
      timer = setTimeout(poll, pause);
    };
    timer = setTimeout(poll, pause);
    signal.addEventListener('abort', () => clearTimeout(timer));
    return {
      broken() {
        clearTimeout(timer);
        pause = FIRST_SILENCE_MS;
        if (!signal.aborted) timer = setTimeout(poll, pause);
      },
    };
  }

  /** Reads the stream until it ends. Returns whether it had any event. */
  async function readStream(attempt: AbortController): Promise<boolean> {
    const { signal } = attempt;
    const silence = pollWhileSilent(attempt);
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
    let received = false;
    const parser = createParser({
      onEvent({ event, data }) {
        if (event !== 'operation') return;
        received = true;
        silence.broken();
        update(JSON.parse(data) as Operation);
      },
    });
    for (;;) {
      const { done, value } = await reader.read();
      if (done || signal.aborted) return received;
      parser.feed(decoder.decode(value, { stream: true }));
      if (ended()) return received;
    }
  }

  /** The stream, and where it fails one plain request. Returns whether there was anything new. */
  async function connect(attempt: AbortController): Promise<boolean> {
    const revision = newest?.revision;
    try {
      return await readStream(attempt);
    } catch {
      if (!attempt.signal.aborted) await read(attempt.signal);
      return newest?.revision !== revision;
    }
  }

  /** Polls the operation after its end, as long as pulls are tested. */
  async function pollPulls(signal: AbortSignal, firstPause: number) {
    let pause = firstPause;
    while (!signal.aborted && newest?.pulls?.state === 'watching') {
      await pauseFor(pause, signal);
      if (signal.aborted) return;
      pause = LONGEST_PAUSE_MS;
      try {
        await read(signal);
      } catch (error) {
        if (missingPermission(error)) return;
      }
    }
  }

  async function run(signal: AbortSignal) {
    // A tab that is shown again asks at once.
    const firstPause = ended() ? 0 : LONGEST_PAUSE_MS;
    let pause = FIRST_PAUSE_MS;
    while (!signal.aborted && !ended()) {
      const attempt = new AbortController();
      const abort = () => attempt.abort();
      signal.addEventListener('abort', abort);
      try {
        if (await connect(attempt)) pause = FIRST_PAUSE_MS;
      } catch (error) {
        if (!attempt.signal.aborted) {
          options.onEvent({
            type: 'disconnected',
            at: new Date().toISOString(),
            error: error instanceof Error ? error : new Error(String(error)),
          });
          if (missingPermission(error)) return;
        }
      } finally {
        signal.removeEventListener('abort', abort);
        abort();
      }
      if (signal.aborted || ended()) break;
      await pauseFor(pause, signal);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    }
    await pollPulls(signal, firstPause);
  }

  return whileVisible(run);
}

/**
 * Runs something while the tab is visible: it is aborted when the tab is hidden, and begins again when the tab is shown.
 *
 * @returns a function that stops it
 */
function whileVisible(run: (signal: AbortSignal) => void): () => void {
  let running = new AbortController();
  const onChange = () => {
    running.abort();
    if (document.hidden) return;
    running = new AbortController();
    run(running.signal);
  };
  document.addEventListener('visibilitychange', onChange);
  onChange();
  return () => {
    document.removeEventListener('visibilitychange', onChange);
    running.abort();
  };
}

function pauseFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(done, milliseconds);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}
