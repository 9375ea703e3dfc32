import { AzureError, type Retry } from '../azure/AzureError';
import { PreconditionUnavailable } from './PreconditionUnavailable';
import {
  nextTry,
  type RetryState,
  setbackAfterWrite,
  setbackOf,
} from './retry';

const NOW = 10_000_000;
const MINUTE = 60_000;
const spreads: Retry = { kind: 'when-access-spreads' };
const later: Retry = { kind: 'later' };

describe('the next try', () => {
  it.each<
    [
      why: string,
      retry: Retry,
      expectsFreshAccess: boolean,
      state: RetryState,
      seconds: number | undefined,
    ]
  >([
    ['comes after two seconds', later, false, {}, 2],
    ['comes later each time', later, false, { retries: 3 }, 16],
    ['comes within a minute', later, false, { retries: 30 }, 60],
    ['comes when Azure says', { ...later, afterSeconds: 7 }, false, {}, 7],
    ['may come at once', { ...later, afterSeconds: 0 }, false, {}, 0],
    [
      'comes as long as the window is open',
      later,
      false,
      { retryingSince: NOW - 30 * MINUTE, nextTryAt: NOW },
      2,
    ],
    [
      'does not come after the window',
      later,
      false,
      { retryingSince: NOW - 30 * MINUTE - 1, nextTryAt: NOW },
      undefined,
    ],
    [
      'does not come after the window, for a worker that was late',
      later,
      false,
      { retryingSince: NOW - 30 * MINUTE - 1, nextTryAt: NOW - MINUTE },
      undefined,
    ],
    [
      'does not come when nothing passes by itself',
      { kind: 'no' },
      true,
      {},
      undefined,
    ],
    ['waits for access that was just given', spreads, true, {}, 2],
    [
      'does not wait for access that nobody gave',
      spreads,
      false,
      {},
      undefined,
    ],
    [
      'does not wait for access for ever',
      spreads,
      true,
      { retryingSince: NOW - 31 * MINUTE, nextTryAt: NOW },
      undefined,
    ],
  ])('%s', (_why, retry, expectsFreshAccess, state, seconds) => {
    const next = nextTry({ retry }, { expectsFreshAccess, state, now: NOW });
    expect(next?.seconds).toBe(seconds);
  });

  it('is counted from the first failure on', () => {
    const first = nextTry(
      { retry: later },
      {
        expectsFreshAccess: false,
        state: {},
        now: NOW,
      },
    )!;
    expect(first.state).toEqual({
      retryingSince: NOW,
      retries: 1,
      nextTryAt: NOW + 2_000,
    });
    expect(
      nextTry(
        { retry: later },
        {
          expectsFreshAccess: false,
          state: first.state,
          now: NOW + MINUTE,
        },
      )!.state,
    ).toEqual({
      retryingSince: NOW,
      retries: 2,
      nextTryAt: NOW + MINUTE + 4_000,
    });
  });

  it('is not counted over the time in which nobody tried', () => {
    const away = nextTry(
      { retry: later },
      {
        expectsFreshAccess: false,
        state: { retryingSince: NOW - 10 * MINUTE, nextTryAt: NOW },
        now: NOW + 500 * MINUTE,
      },
    )!;
    // Ten minutes before it, and one by which a try may be late.
    expect(away.state.retryingSince).toBe(NOW + 489 * MINUTE);
  });

  it('does not come after a window of its own', () => {
    const over = { retryingSince: NOW - 11 * MINUTE, nextTryAt: NOW };
    const at = { expectsFreshAccess: false, state: over, now: NOW };
    expect(nextTry({ retry: later }, at)).toBeDefined();
    expect(nextTry({ retry: later, windowMs: 10 * MINUTE }, at)).toBe(
      undefined,
    );
  });
});

describe('a setback', () => {
  it('by Azure has the verdict of its error', () => {
    const error = new AzureError(
      { kind: 'refused', code: 'Conflict', message: 'busy' },
      { retry: { kind: 'later', afterSeconds: 5 } },
    );
    expect(setbackOf(error)).toMatchObject({
      code: 'Conflict',
      retry: { kind: 'later', afterSeconds: 5 },
    });
  });

  it('by a catalog that is away passes by itself, and is not Azure’s', () => {
    const setback = setbackOf(
      new PreconditionUnavailable('CatalogUnavailable', 'No answer'),
    );
    expect(setback).toEqual({
      retry: { kind: 'later' },
      code: 'CatalogUnavailable',
      message: 'No answer',
    });
    expect(setback).not.toBeInstanceOf(AzureError);
  });

  it('is nothing that a fault of ours is taken for', () => {
    const fault = new TypeError('x is undefined');
    expect(() => setbackOf(fault)).toThrow(fault);
  });
});

describe('a read that fails after a write', () => {
  const refused = (retry: Retry, kind: 'denied' | 'unconfigured' = 'denied') =>
    new AzureError(
      { kind, code: 'AuthorizationFailed', message: 'Refused' },
      { retry },
    );

  it.each<[why: string, changesAccess: boolean, windowMs: number | undefined]>([
    ['as long as any other, where access was changed', true, undefined],
    ['for ten minutes, where no access was changed', false, 10 * MINUTE],
  ])('is tried again, %s', (_why, changesAccess, windowMs) => {
    const setback = setbackAfterWrite(refused({ kind: 'no' }), {
      changesAccess,
    });
    expect(setback).toMatchObject({
      retry: later,
      code: 'AuthorizationFailed',
      message: 'Refused',
    });
    expect(setback.windowMs).toBe(windowMs);
  });

  it('keeps the verdict of an error that passes by itself', () => {
    const retry: Retry = { kind: 'later', afterSeconds: 5 };
    const setback = setbackAfterWrite(refused(retry), { changesAccess: false });
    expect(setback.retry).toEqual(retry);
    expect(setback.windowMs).toBeUndefined();
  });

  it('is not tried again without a credential', () => {
    const setback = setbackAfterWrite(refused({ kind: 'no' }, 'unconfigured'), {
      changesAccess: true,
    });
    expect(setback.retry).toEqual({ kind: 'no' });
  });
});
