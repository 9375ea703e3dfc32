/** Waits, or less when the signal is given. Time is an argument: what waits is given one. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<void>;
