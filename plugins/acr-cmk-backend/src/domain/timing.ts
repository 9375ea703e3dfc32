/** Times that rules compare with, each with its source. */

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

export { FOLLOW_HOUR_MS } from './steps/timing';

/** A key that expires sooner than this puts its registry at risk. Milliseconds. Our choice. */
export const EXPIRY_WARNING_MS = 30 * DAY;

/**
 * Time in which a plan may be accepted. Facts are compared again at acceptance, so this bounds only
 * the age of the plan that a person decided by. Milliseconds. Our choice.
 */
export const PLAN_LIFETIME_MS = 15 * MINUTE;
