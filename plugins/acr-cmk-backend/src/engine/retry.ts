/** Schedule of retries. The error's own verdict says whether a retry can help. */
import { AzureError, type Retry } from '../azure/AzureError';
import { backOff } from '../platform/time/backOff';
import { PreconditionUnavailable } from './PreconditionUnavailable';

/** Retry state in the checkpoint of a step. */
export interface RetryState {
  /**
   * Time since which Azure does not answer, or refuses for a cause that passes. Later by the time in which no
   * backend was there to try. Epoch milliseconds.
   */
  retryingSince?: number;
  retries?: number;
  /** Time of the next try. Epoch milliseconds. */
  nextTryAt?: number;
  /** The write after which Azure was given time to show its effect, by its number. */
  observedAfter?: number;
  /** Time of the last write that Azure did not refuse. Epoch milliseconds. */
  wroteAt?: number;
}

/** Longest duration of a transient cause before the step fails. Our choice. */
const RETRY_WINDOW_MS = 30 * 60_000;
/**
 * Time for which a read is retried that Azure refuses after a write, where the operation itself changes
 * nobody's access. The refusal is transient if somebody has just restored the permission; Azure documents up to
 * ten minutes for this.
 */
const REFUSED_READ_WINDOW_MS = 10 * 60_000;
/** Time in which a single fact has to be readable that the plan of a campaign's operation depends on. Our choice. */
const UNDECIDED_WINDOW_MS = 10 * 60_000;
/** Wait before the next try. Seconds. Our choice. */
const BACK_OFF = { first: 2, longest: 60 };
/**
 * Longest delay of a try whose worker is busy or waits for an answer. A longer delay means that no backend was
 * running. Our choice.
 */
const LATE_TRY_MS = 60_000;

/** Delay before a step that this release does not know is tried again. Seconds. */
export const PARKED_SECONDS = BACK_OFF.longest;

/** Cause that stopped a step: Azure, or a precondition of a write that cannot be read now. */
export interface Setback {
  retry: Retry;
  /** Time in which another try can succeed. Default: half an hour. Milliseconds. */
  windowMs?: number;
  code: string;
  message: string;
  correlationId?: string;
  /** A write was tried, and refused. */
  hasTried?: true;
}

/** @throws whatever else it is: a fault of ours, which ends the run */
export function setbackOf(error: unknown): Setback {
  if (error instanceof AzureError) {
    const { retry, code, message, correlationId } = error;
    return { retry, code, message, correlationId };
  }
  if (error instanceof PreconditionUnavailable) {
    return {
      retry: { kind: 'later' },
      ...(error.code === 'PLAN_UNDECIDED' && { windowMs: UNDECIDED_WINDOW_MS }),
      code: error.code,
      message: error.message,
    };
  }
  throw error;
}

/**
 * The setback of a read once something was written. Every refusal may pass then, because the outcome of the write has
 * to be known; for longest where the operation itself changes access, which takes time to be known
 * everywhere. What is not configured does not pass.
 *
 * @throws as `setbackOf` does
 */
export function setbackAfterWrite(
  error: unknown,
  { changesAccess }: { changesAccess: boolean },
): Setback {
  const setback = setbackOf(error);
  if (
    setback.retry.kind === 'later' ||
    (error instanceof AzureError && error.kind === 'unconfigured')
  ) {
    return setback;
  }
  return {
    ...setback,
    retry: { kind: 'later' },
    ...(changesAccess ? {} : { windowMs: REFUSED_READ_WINDOW_MS }),
  };
}

/**
 * Whether the cause may still pass, and when to try again. Only time in which somebody tried counts.
 *
 * @returns nothing when another try is of no use, or no longer
 */
export function nextTry(
  { retry, windowMs = RETRY_WINDOW_MS }: Pick<Setback, 'retry' | 'windowMs'>,
  {
    expectsFreshAccess,
    state,
    now,
  }: {
    expectsFreshAccess: boolean;
    state: RetryState;
    now: number;
  },
): { seconds: number; state: RetryState } | undefined {
  const mayPass =
    retry.kind === 'later' ||
    (retry.kind === 'when-access-spreads' && expectsFreshAccess);
  const retryingSince = failingSince(state, now);
  if (!mayPass || now - retryingSince > windowMs) return undefined;
  const retries = (state.retries ?? 0) + 1;
  const asked = retry.kind === 'later' ? retry.afterSeconds : undefined;
  const seconds = asked ?? backOff(retries, BACK_OFF);
  return {
    seconds,
    state: { retryingSince, retries, nextTryAt: now + seconds * 1000 },
  };
}

/** Start of the failing tries, moved later by the time in which nobody tried. */
function failingSince(
  { retryingSince, nextTryAt }: RetryState,
  now: number,
): number {
  if (retryingSince === undefined || nextTryAt === undefined) return now;
  return retryingSince + Math.max(0, now - nextTryAt - LATE_TRY_MS);
}

/** A checkpoint after Azure has answered. */
export const withoutRetries = <C extends object>(
  checkpoint: C,
): C & RetryState => ({
  ...checkpoint,
  retryingSince: undefined,
  retries: undefined,
  nextTryAt: undefined,
});
