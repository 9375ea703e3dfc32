/**
 * Milliseconds by a clock that never goes back and that nobody sets. Only differences mean anything,
 * and only within one process.
 */
export type Stopwatch = () => number;

/** The machine's. It goes on while the process is stopped. */
export const machineStopwatch: Stopwatch = () => performance.now();
