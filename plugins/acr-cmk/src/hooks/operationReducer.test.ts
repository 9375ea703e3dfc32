import { operationStates } from '../fixtures/operationStates';
import { operationReducer, type OperationEvent } from './operationReducer';

const received = (operation: ReturnType<typeof operationStates.queued>) =>
  ({ type: 'received', operation, at: '2026-03-01T10:00:00Z' }) as const;
const queued = received(operationStates.queued());
const running = received(operationStates.running());
const succeeded = received(operationStates.succeeded());
const disconnected = {
  type: 'disconnected',
  error: new Error('gone'),
  at: '2026-03-01T10:01:00Z',
} as const;

const after = (...events: OperationEvent[]) =>
  events.reduce(operationReducer, {});

describe('what is known of an operation', () => {
  it.each<[order: string, events: OperationEvent[]]>([
    ['in order', [queued, running, succeeded]],
    ['twice each', [queued, queued, running, running, succeeded, succeeded]],
    ['reordered', [running, queued, succeeded, running]],
    ['replayed from the start', [queued, running, succeeded, queued, running]],
    ['backwards', [succeeded, running, queued]],
  ])('is the newest revision when the events arrive %s', (_order, events) => {
    expect(after(...events).operation).toEqual(succeeded.operation);
  });

  it('keeps the operation when the connection is lost, and reports the error', () => {
    expect(after(running, disconnected)).toEqual({
      operation: running.operation,
      at: running.at,
      connectionError: disconnected.error,
      disconnectedAt: disconnected.at,
    });
  });

  it('keeps since when the connection is lost', () => {
    const later = { ...disconnected, at: '2026-03-01T10:05:00Z' };
    expect(after(running, disconnected, later).disconnectedAt).toBe(
      disconnected.at,
    );
  });

  it('clears the error with the next update, even when nothing has changed', () => {
    expect(
      after(running, disconnected, running).connectionError,
    ).toBeUndefined();
  });

  it('reports no error after the end', () => {
    expect(after(succeeded, disconnected).connectionError).toBeUndefined();
  });

  it('replaces the operation by another one, whatever its revision', () => {
    const other = received({ ...operationStates.queued(), id: 'other' });
    expect(after(succeeded, other).operation?.id).toBe('other');
  });
});
