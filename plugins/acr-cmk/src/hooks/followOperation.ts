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
  const stopped = new AbortController();
  let newest: Operation | undefined;

  const ended = () => newest !== undefined && isTerminal(newest.state);

  function update(operation: Operation) {
    if (stopped.signal.aborted || operation.id !== id) return;
    if (!newest || operation.revision > newest.revision) newest = operation;
    options.onEvent({
      type: 'received',
      operation,
      at: new Date().toISOString(),
    });
  }

  async function read(signal: AbortSignal) {
    update(await api.operation(id, { signal }));
  }

  /** Polls the operation while the stream is silent. */
  function pollWhileSilent(attempt: Attempt) {
    let pause = FIRST_SILENCE_MS;
    let timer: ReturnType<typeof setTimeout>;
    const poll = async () => {
      const revision = newest?.revision;
      // A failure shows at the next attempt; the stream may still be open.
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
      timer = setTimeout(poll, pause);
    };
    timer = setTimeout(poll, pause);
    attempt.signal.addEventListener('abort', () => clearTimeout(timer));
    return {
      broken() {
        clearTimeout(timer);
        pause = FIRST_SILENCE_MS;
        if (!attempt.signal.aborted) timer = setTimeout(poll, pause);
      },
    };
  }

  /** Reads the stream until it ends. Returns whether it had any event. */
  async function readStream(attempt: Attempt): Promise<boolean> {
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
  async function connect(attempt: Attempt): Promise<boolean> {
    const revision = newest?.revision;
    try {
      return await readStream(attempt);
    } catch {
      if (!attempt.signal.aborted) await read(attempt.signal);
      return newest?.revision !== revision;
    }
  }

  /** Polls the operation after its end, as long as pulls are tested. */
  async function pollPulls() {
    while (!stopped.signal.aborted && newest?.pulls?.state === 'watching') {
      await pauseFor(LONGEST_PAUSE_MS, stopped.signal);
      await untilVisible(stopped.signal);
      if (stopped.signal.aborted) return;
      try {
        await read(stopped.signal);
      } catch (error) {
        if (missingPermission(error)) return;
      }
    }
  }

  async function run() {
    let pause = FIRST_PAUSE_MS;
    while (!stopped.signal.aborted && !ended()) {
      await untilVisible(stopped.signal);
      if (stopped.signal.aborted) return;
      const attempt = whileVisible(stopped.signal);
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
        attempt.end();
      }
      if (stopped.signal.aborted || ended()) break;
      await pauseFor(pause, stopped.signal);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    }
    await pollPulls();
  }

  run();
  return () => stopped.abort();
}

/** Resolves at once in a visible tab, else when it becomes visible. */
function untilVisible(stopped: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (!document.hidden || stopped.aborted) {
      resolve();
      return;
    }
    const onChange = () => {
      if (document.hidden && !stopped.aborted) return;
      document.removeEventListener('visibilitychange', onChange);
      stopped.removeEventListener('abort', onChange);
      resolve();
    };
    document.addEventListener('visibilitychange', onChange);
    stopped.addEventListener('abort', onChange);
  });
}

/** One connection: from the request for the stream to its end. */
interface Attempt {
  signal: AbortSignal;
  end(): void;
}

/** An attempt that ends when the tab is hidden, or when following has stopped. */
function whileVisible(stopped: AbortSignal): Attempt {
  const abort = new AbortController();
  const onChange = () => {
    if (document.hidden || stopped.aborted) end();
  };
  function end() {
    document.removeEventListener('visibilitychange', onChange);
    stopped.removeEventListener('abort', onChange);
    abort.abort();
  }
  document.addEventListener('visibilitychange', onChange);
  stopped.addEventListener('abort', onChange);
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
