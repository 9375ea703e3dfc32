/** Times that steps wait for Azure, each with its source. */
import type { Observation, StepInput, StepStatus } from './step';

const MINUTE = 60_000;

/**
 * Time that an automatic registry may take to follow a new version. Azure documents only "within
 * one hour". Milliseconds.
 */
export const FOLLOW_HOUR_MS = 60 * MINUTE;

/** Time that a grant or its removal may take to show. Azure documents up to ten minutes. Milliseconds. */
export const SPREAD_DEADLINE_MS = 15 * MINUTE;

/**
 * Status while Azure does not show it yet: in progress until a deadline after the step's beginning
 * or last write, then unverified.
 */
export function inProgressUntil(
  { now, startedAt }: Pick<StepInput, 'now' | 'startedAt'>,
  wait: {
    deadlineMs: number;
    checkAgainSeconds: number;
    observations: Observation[];
    message: string;
    /** Message after the deadline. */
    overdue: string;
  },
): StepStatus {
  const { observations, message, checkAgainSeconds } = wait;
  return now - startedAt > wait.deadlineMs
    ? { status: 'unverified', observations, message: wait.overdue }
    : { status: 'in-progress', observations, message, checkAgainSeconds };
}
