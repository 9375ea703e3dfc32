import { utcTime, utcTimeAfter } from 'backstage-plugin-acr-cmk-common';
import { createHash } from 'node:crypto';

/** Interval of the scheduled turns of the sync. Milliseconds. */
export const TURN_MS = 60_000;

/** Longest timeout of a turn: a first reading takes many turns, and each has a start of its own. Milliseconds. */
const MOST_TIMEOUT_MS = 2 * 60_000;

/**
 * Timeout of a turn, in milliseconds. After a kill, Backstage frees the task within a minute after it: another turn
 * begins within two intervals of listings.
 *
 * @param everyMs - the interval of listings
 */
export function turnTimeoutMs(everyMs: number): number {
  return Math.min(Math.max(everyMs, TURN_MS), MOST_TIMEOUT_MS);
}

/**
 * Age at which a thing is read again of which a change has to be known within two intervals, and no list tells. Turns
 * are a minute apart, and a reading takes its time: the rest of the two intervals is for that. More often would cost
 * calls and promise nothing more.
 *
 * @param everyMs - the interval of listings
 */
export function readAgainAfterMs(everyMs: number): number {
  return Math.max(everyMs, 2 * everyMs - 1.5 * TURN_MS);
}

/** Moment of its own that each thing has in a period, so that they are spread over it. Milliseconds. */
function momentOf(thing: string, periodMs: number): number {
  return createHash('sha256').update(thing).digest().readUInt32BE() % periodMs;
}

/** Whether that moment has come between two times. */
export function isMomentBetween(
  thing: string,
  { periodMs, from, to }: { periodMs: number; from: number; to: number },
): boolean {
  const moment = momentOf(thing, periodMs);
  const count = (at: number) => Math.floor((at - moment) / periodMs);
  return count(to) > count(from);
}

/** State key of the last turn. */
export const TURN = 'turn';

/** Last turn that began. Epoch milliseconds. */
export interface Turn {
  startedAt: number;
  /** Time when a turn ended last: this one, or one before it while this one runs or was killed. */
  endedAt?: number;
}

/** Backstage frees the tasks of killed replicas once in this time. Milliseconds. */
const FREED_WITHIN_MS = 60_000;
/** Tolerance before a turn is called late. Milliseconds. */
const TOLERANCE_MS = 60_000;

/** Explains why the next turn is late; undefined when it is not. */
export function lateBecause(
  turn: Turn | undefined,
  { now, everyMs }: { now: number; everyMs: number },
): string | undefined {
  if (!turn) {
    return 'The sync has not started yet. Check in the log of the backend that the task acr-cmk-inventory was scheduled.';
  }
  const { startedAt, endedAt = -1 } = turn;
  if (endedAt >= startedAt) {
    return now - Math.max(endedAt, startedAt + TURN_MS) > TOLERANCE_MS
      ? `No backend has begun a turn since the last one ended at ${utcTime(
          endedAt,
        )}. Check that a backend runs, and its log for errors of the task acr-cmk-inventory.`
      : undefined;
  }
  const freedAt = startedAt + turnTimeoutMs(everyMs) + FREED_WITHIN_MS;
  if (now <= startedAt + turnTimeoutMs(everyMs)) return undefined;
  return now <= freedAt + TOLERANCE_MS
    ? `The turn that began at ${utcTime(
        startedAt,
      )} has not ended: its backend was killed, or waits for Azure or the database. The next turn begins by ${utcTimeAfter(
        freedAt,
      )}.`
    : `The turn that began at ${utcTime(
        startedAt,
      )} has not ended, and no backend has begun another one. Check that a backend runs, and its log for errors of the task acr-cmk-inventory.`;
}
