/** Interval of the scheduled turns of the sync. Milliseconds. */
export const TURN_MS = 60_000;
