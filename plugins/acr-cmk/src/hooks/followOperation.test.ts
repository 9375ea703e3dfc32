import type { Pulls } from 'backstage-plugin-acr-cmk-common';
import { setHidden } from '../__testUtils__/hiddenTab';
import { minutesAgo } from '../fixtures/ids';
import { InMemoryAcrCmk } from '../fixtures/InMemoryAcrCmk';
import { operationStates } from '../fixtures/operationStates';
import { refusals } from '../fixtures/refusals';
import {
  FIRST_PAUSE_MS,
  FIRST_SILENCE_MS,
  followOperation,
  LONGEST_PAUSE_MS,
} from './followOperation';
import type { OperationEvent } from './operationReducer';

const { id } = operationStates.queued();

beforeEach(() => jest.useFakeTimers());
afterEach(() => {
  setHidden(false);
  jest.useRealTimers();
});

/** Lets pending promises resolve. */
const settle = () => jest.advanceTimersByTimeAsync(0);

function start(prepare: (api: InMemoryAcrCmk) => void = () => undefined) {
  const api = new InMemoryAcrCmk({ operations: [operationStates.queued()] });
  prepare(api);
  const events: OperationEvent[] = [];
  const stop = followOperation({
    api,
    id,
    onEvent: event => events.push(event),
  });
  const states = () =>
    events.map(event =>
      event.type === 'received' ? event.operation.state : 'disconnected',
    );
  return { api, stop, states, events };
}

describe('following an operation', () => {
  it('reports every change, and stops when the operation ends', async () => {
    const { api, states } = start();
    await settle();
    api.emit(operationStates.running());
    await settle();
    api.emit(operationStates.succeeded());
    await settle();

    expect(states()).toEqual(['queued', 'running', 'succeeded']);
    await jest.advanceTimersByTimeAsync(600_000);
    expect(api.inputsOf('events')).toHaveLength(1);
    expect(api.listeners).toBe(0);
  });

  it('polls after the end until the tests of pulls have a result', async () => {
    const tested = (revision: number, state: Pulls['state']) => ({
      ...operationStates.succeeded(),
      revision,
      pulls: { wanted: 'refused', state, until: minutesAgo(-120) } as const,
    });
    const { api, events } = start();
    await settle();
    api.emit(tested(5, 'watching'));
    await settle();
    api.emit(tested(6, 'reached'));
    await jest.advanceTimersByTimeAsync(LONGEST_PAUSE_MS);

    expect(
      events.map(event => event.type === 'received' && event.operation.pulls),
    ).toEqual([
      undefined,
      expect.objectContaining({ state: 'watching' }),
      expect.objectContaining({ state: 'reached' }),
    ]);
    await jest.advanceTimersByTimeAsync(600_000);
    expect(api.inputsOf('operation')).toHaveLength(1);
    expect(api.inputsOf('events')).toHaveLength(1);
  });

  it('polls no pulls in a hidden tab, nor once it is stopped', async () => {
    const { api, stop } = start();
    await settle();
    api.emit({
      ...operationStates.succeeded(),
      pulls: { wanted: 'refused', state: 'watching', until: minutesAgo(-120) },
    });
    await settle();
    setHidden(true);
    await jest.advanceTimersByTimeAsync(600_000);
    expect(api.inputsOf('operation')).toHaveLength(0);
    setHidden(false);
    await settle();
    expect(api.inputsOf('operation')).toHaveLength(1);
    stop();
    await jest.advanceTimersByTimeAsync(600_000);
    expect(api.inputsOf('operation')).toHaveLength(1);
  });

  it.each([
    ['byte by byte', 1],
    ['in pieces that end inside of a character', 3],
  ])('reads an event that arrives %s', async (_how, size) => {
    const operation = operationStates.succeeded();
    const reason = 'Jährliche Rotation für „Ω“';
    const bytes = new TextEncoder().encode(
      `: ping\n\nid: 5\r\nevent: operation\r\ndata: ${JSON.stringify({
        ...operation,
        reason,
      })}\r\n\r\n`,
    );
    const { events, stop } = start(api => {
      api.events = async () =>
        new Response(
          new ReadableStream<Uint8Array>({
            start(controller) {
              for (let at = 0; at < bytes.length; at += size) {
                controller.enqueue(bytes.slice(at, at + size));
              }
            },
          }),
        );
    });
    await settle();

    expect(events).toEqual([
      expect.objectContaining({
        type: 'received',
        operation: expect.objectContaining({ reason, revision: 5 }),
      }),
    ]);
    stop();
  });

  it('ignores an event of another type', async () => {
    const { events, stop } = start(api => {
      api.events = async () =>
        new Response('event: other\ndata: {}\n\ndata: {}\n\n');
      api.hold('operation');
    });
    await settle();
    expect(events).toEqual([]);
    stop();
  });

  it('resumes after the last revision when the stream was interrupted', async () => {
    const { api, states, stop } = start();
    await settle();
    api.emit(operationStates.running());
    await settle();
    api.disconnect();
    await jest.advanceTimersByTimeAsync(FIRST_PAUSE_MS);
    api.emit(operationStates.succeeded());
    await settle();

    expect(api.inputsOf('events')).toEqual([
      { id, lastRevision: undefined },
      { id, lastRevision: 3 },
    ]);
    expect(states()).toEqual(['queued', 'running', 'succeeded']);
    stop();
  });

  it('polls the operation where the stream does not get through', async () => {
    const { api, states, stop } = start(it => {
      it.refuse('events', refusals.backendDown);
      it.refuse('events', refusals.backendDown);
    });
    await settle();
    expect(states()).toEqual(['queued']);
    api.emit(operationStates.running());
    await jest.advanceTimersByTimeAsync(FIRST_PAUSE_MS);

    expect(states()).toEqual(['queued', 'running']);
    expect(api.inputsOf('operation')).toHaveLength(2);
    stop();
  });

  it('reports that it is disconnected when nothing answers, and reconnects', async () => {
    const { states, stop } = start(it => {
      it.refuse('events', refusals.backendDown);
      it.refuse('operation', refusals.backendDown);
    });
    await settle();
    expect(states()).toEqual(['disconnected']);
    await jest.advanceTimersByTimeAsync(FIRST_PAUSE_MS);

    expect(states()).toEqual(['disconnected', 'queued']);
    stop();
  });

  it('polls while the stream is silent, as behind a buffering proxy', async () => {
    const { api, states, stop } = start();
    await settle();
    await jest.advanceTimersByTimeAsync(FIRST_SILENCE_MS);
    expect(api.inputsOf('operation')).toHaveLength(1);
    // And less often while nothing changes.
    await jest.advanceTimersByTimeAsync(2 * FIRST_SILENCE_MS);
    expect(api.inputsOf('operation')).toHaveLength(2);
    await jest.advanceTimersByTimeAsync(2 * FIRST_SILENCE_MS);
    expect(api.inputsOf('operation')).toHaveLength(2);
    expect(states()).toEqual(['queued', 'queued', 'queued']);
    stop();
  });

  it('reports the end of an operation whose stream gets no response', async () => {
    const { api, states } = start(it => it.hold('events'));
    await settle();
    expect(states()).toEqual([]);
    await jest.advanceTimersByTimeAsync(FIRST_SILENCE_MS);
    expect(states()).toEqual(['queued']);
    api.emit(operationStates.succeeded());
    await jest.advanceTimersByTimeAsync(FIRST_SILENCE_MS);

    expect(states()).toEqual(['queued', 'succeeded']);
    await jest.advanceTimersByTimeAsync(600_000);
    expect(api.inputsOf('operation')).toHaveLength(2);
  });

  it('pauses in a hidden tab, and resumes when it is shown', async () => {
    const { api, states, stop } = start();
    await settle();
    setHidden(true);
    await settle();
    expect(api.listeners).toBe(0);
    api.emit(operationStates.running());
    await jest.advanceTimersByTimeAsync(600_000);
    expect(states()).toEqual(['queued']);
    setHidden(false);
    await jest.advanceTimersByTimeAsync(0);

    expect(states()).toEqual(['queued', 'running']);
    stop();
  });

  it('stops when the permission is missing', async () => {
    const { api, states } = start(it => {
      it.refuse('events', refusals.permissionMissing);
      it.refuse('operation', refusals.permissionMissing);
    });
    await settle();
    await jest.advanceTimersByTimeAsync(600_000);

    expect(states()).toEqual(['disconnected']);
    expect(api.inputsOf('events')).toHaveLength(1);
  });

  it('closes the stream when it is stopped', async () => {
    const { api, stop, states } = start();
    await settle();
    stop();
    await settle();
    api.emit(operationStates.running());
    await jest.advanceTimersByTimeAsync(600_000);

    expect(states()).toEqual(['queued']);
    expect(api.listeners).toBe(0);
  });
});
