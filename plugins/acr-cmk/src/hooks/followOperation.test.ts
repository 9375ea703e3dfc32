import { InMemoryAcrCmk } from '../fixtures/InMemoryAcrCmk';
import { operationStates } from '../fixtures/operations';
import { refusals } from '../fixtures/refusals';
import {
  FIRST_PAUSE_MS,
  FIRST_SILENCE_MS,
  followOperation,
} from './followOperation';
import type { OperationEvent } from './operationReducer';

const { id } = operationStates.queued();

beforeEach(() => jest.useFakeTimers());
afterEach(() => {
  setHidden(false);
  jest.useRealTimers();
});

function setHidden(hidden: boolean) {
  Object.defineProperty(document, 'hidden', {
    configurable: true,
    get: () => hidden,
  });
  document.dispatchEvent(new Event('visibilitychange'));
}

/** Lets what waits for nothing but its turn go on. */
const settle = () => jest.advanceTimersByTimeAsync(0);

function start(prepare: (api: InMemoryAcrCmk) => void = () => undefined) {
  const api = new InMemoryAcrCmk({ operations: [operationStates.queued()] });
  prepare(api);
  const events: OperationEvent[] = [];
  const stop = followOperation({ api, id, tell: event => events.push(event) });
  const told = () =>
    events.map(event =>
      event.type === 'seen' ? event.operation.state : 'cut off',
    );
  return { api, stop, told };
}

describe('following an operation', () => {
  it('tells of every change, and ends with the operation', async () => {
    const { api, told } = start();
    await settle();
    api.tell(operationStates.running());
    await settle();
    api.tell(operationStates.succeeded());
    await settle();

    expect(told()).toEqual(['queued', 'running', 'succeeded']);
    await jest.advanceTimersByTimeAsync(600_000);
    expect(api.inputsOf('events')).toHaveLength(1);
    expect(api.listeners).toBe(0);
  });

  it('goes on after the last revision when the stream was cut', async () => {
    const { api, told, stop } = start();
    await settle();
    api.tell(operationStates.running());
    await settle();
    api.cut();
    await jest.advanceTimersByTimeAsync(FIRST_PAUSE_MS);
    api.tell(operationStates.succeeded());
    await settle();

    expect(api.inputsOf('events')).toEqual([
      { id, lastRevision: undefined },
      { id, lastRevision: 3 },
    ]);
    expect(told()).toEqual(['queued', 'running', 'succeeded']);
    stop();
  });

  it('reads the operation where the stream does not come through', async () => {
    const { api, told, stop } = start(it => {
      it.refuse('events', refusals.backendDown);
      it.refuse('events', refusals.backendDown);
    });
    await settle();
    expect(told()).toEqual(['queued']);
    api.tell(operationStates.running());
    await jest.advanceTimersByTimeAsync(FIRST_PAUSE_MS);

    expect(told()).toEqual(['queued', 'running']);
    expect(api.inputsOf('operation')).toHaveLength(2);
    stop();
  });

  it('says that it is cut off when nothing answers, and comes back by itself', async () => {
    const { told, stop } = start(it => {
      it.refuse('events', refusals.backendDown);
      it.refuse('operation', refusals.backendDown);
    });
    await settle();
    expect(told()).toEqual(['cut off']);
    await jest.advanceTimersByTimeAsync(FIRST_PAUSE_MS);

    expect(told()).toEqual(['cut off', 'queued']);
    stop();
  });

  it('looks for itself when the stream brings nothing, as behind a proxy that holds it back', async () => {
    const { api, told, stop } = start();
    await settle();
    await jest.advanceTimersByTimeAsync(FIRST_SILENCE_MS);
    expect(api.inputsOf('operation')).toHaveLength(1);
    // And less often while nothing changes.
    await jest.advanceTimersByTimeAsync(2 * FIRST_SILENCE_MS);
    expect(api.inputsOf('operation')).toHaveLength(2);
    await jest.advanceTimersByTimeAsync(2 * FIRST_SILENCE_MS);
    expect(api.inputsOf('operation')).toHaveLength(2);
    expect(told()).toEqual(['queued', 'queued', 'queued']);
    stop();
  });

  it('sees the end of an operation whose stream is never answered', async () => {
    const { api, told } = start(it => it.hold('events'));
    await settle();
    expect(told()).toEqual([]);
    await jest.advanceTimersByTimeAsync(FIRST_SILENCE_MS);
    expect(told()).toEqual(['queued']);
    api.tell(operationStates.succeeded());
    await jest.advanceTimersByTimeAsync(FIRST_SILENCE_MS);

    expect(told()).toEqual(['queued', 'succeeded']);
    await jest.advanceTimersByTimeAsync(600_000);
    expect(api.inputsOf('operation')).toHaveLength(2);
  });

  it('hears nothing in a hidden tab, and goes on when it is shown', async () => {
    const { api, told, stop } = start();
    await settle();
    setHidden(true);
    await settle();
    expect(api.listeners).toBe(0);
    api.tell(operationStates.running());
    await jest.advanceTimersByTimeAsync(600_000);
    expect(told()).toEqual(['queued']);
    setHidden(false);
    await jest.advanceTimersByTimeAsync(0);

    expect(told()).toEqual(['queued', 'running']);
    stop();
  });

  it('gives up when the permission is missing', async () => {
    const { api, told } = start(it => {
      it.refuse('events', refusals.permissionMissing);
      it.refuse('operation', refusals.permissionMissing);
    });
    await settle();
    await jest.advanceTimersByTimeAsync(600_000);

    expect(told()).toEqual(['cut off']);
    expect(api.inputsOf('events')).toHaveLength(1);
  });

  it('lets go of the stream when it is stopped', async () => {
    const { api, stop, told } = start();
    await settle();
    stop();
    await settle();
    api.tell(operationStates.running());
    await jest.advanceTimersByTimeAsync(600_000);

    expect(told()).toEqual(['queued']);
    expect(api.listeners).toBe(0);
  });
});
