/** Schedule of pulls after an operation, and the conclusions from their answers. */
import { readStep } from '../domain/steps';
import { concludePull, pullEffect } from '../domain/steps/pull';
import type { PullTest } from '../domain/steps/step';
import type { OperationRecord, PullWatch } from './types';

const MINUTE = 60_000;
/**
 * Time for which pulls are tried. Azure does not document when a registry notices a change of its access;
 * another service of Azure documents about an hour. Our choice.
 */
const WATCH_MS = 2 * 60 * MINUTE;
/** Time between two pulls: at first, and later. Our choice. */
const SOON_MS = MINUTE;
const LATER_MS = 5 * MINUTE;
const SOON_FOR_MS = 10 * MINUTE;

/** A watch, and when the next pull is due: never, once it has ended. */
export interface NextPulls {
  watch: PullWatch;
  dueAt: number | null;
}

/** Watch of pulls that starts when an operation succeeds, if pulls can show its effect. */
export function firstPulls(
  operation: OperationRecord,
  now: number,
): NextPulls | undefined {
  const after = operation.steps
    .map(({ spec }) => readStep(spec)?.pullsAfter)
    .filter(pulls => pulls !== undefined)
    .at(-1);
  if (!after) return undefined;
  const { pullBefore, pullAfter } = operation.outputs;
  const watch: PullWatch = {
    ...after,
    state: 'watching',
    ...(pullBefore && { before: pullBefore }),
    until: now + WATCH_MS,
  };
  return nextPulls(watch, pullAfter, now);
}

/**
 * The watch after a test of a pull.
 *
 * @param test - undefined when there was no answer
 */
export function nextPulls(
  watch: PullWatch,
  test: PullTest | undefined,
  now: number,
): NextPulls {
  const seen: PullWatch = {
    ...watch,
    checkedAt: now,
    // An older answer says nothing about now.
    last: test,
  };
  const effect = pullEffect(watch.wanted, { before: watch.before, now: test });
  if (effect === 'reached') {
    return { watch: { ...seen, state: 'reached', since: now }, dueAt: null };
  }
  if (effect !== 'not-yet') {
    return {
      watch: { ...seen, state: 'untested', reason: effect },
      dueAt: null,
    };
  }
  if (now >= watch.until) {
    return { watch: { ...seen, state: 'unreached' }, dueAt: null };
  }
  const began = watch.until - WATCH_MS;
  const pause = now - began < SOON_FOR_MS ? SOON_MS : LATER_MS;
  return { watch: seen, dueAt: Math.min(now + pause, watch.until) };
}

/** Whether pulls still worked when the test after a revoke ended. A request without a credential does not show it. */
export const stillServes = ({ wanted, state, last, before }: PullWatch) =>
  wanted === 'refused' &&
  state === 'unreached' &&
  concludePull(last, before) === 'served';
