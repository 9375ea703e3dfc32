import { operationStates } from '../fixtures/operations';
import { operationReducer, type OperationEvent } from './operationReducer';

const seen = (operation: ReturnType<typeof operationStates.queued>) =>
  ({ type: 'seen', operation, at: '2026-03-01T10:00:00Z' } as const);
const queued = seen(operationStates.queued());
const running = seen(operationStates.running());
const succeeded = seen(operationStates.succeeded());
const cutOff = { type: 'cut off', error: new Error('gone') } as const;

const after = (...events: OperationEvent[]) =>
  events.reduce(operationReducer, {});

describe('what is known of an operation', () => {
  it.each<[order: string, events: OperationEvent[]]>([
    ['in order', [queued, running, succeeded]],
    ['doubled', [queued, queued, running, running, succeeded, succeeded]],
    ['reordered', [running, queued, succeeded, running]],
    ['replayed from the start', [queued, running, succeeded, queued, running]],
    ['backwards', [succeeded, running, queued]],
  ])('is the newest revision when the events come %s', (_order, events) => {
    expect(after(...events).operation).toEqual(succeeded.operation);
  });

  it('keeps the operation when the news are cut off, and says so', () => {
    expect(after(running, cutOff)).toEqual({
      operation: running.operation,
      at: running.at,
      trouble: cutOff.error,
    });
  });

  it('forgets the trouble with the next news, even when nothing has changed', () => {
    expect(after(running, cutOff, running).trouble).toBeUndefined();
  });

  it('has no trouble after the end', () => {
    expect(after(succeeded, cutOff).trouble).toBeUndefined();
  });

  it('starts anew with another operation, whatever its revision', () => {
    const other = seen({ ...operationStates.queued(), id: 'other' });
    expect(after(succeeded, other).operation?.id).toBe('other');
  });
});
