import { setTimeout as delay } from 'node:timers/promises';

/** Where time comes from, and how it is waited for. */
export interface Time {
  /** Epoch milliseconds. */
  now(): number;
  pause(ms: number): Promise<void>;
}

/** The machine's own time. */
export const machineTime: Time = {
  now: () => Date.now(),
  pause: async ms => {
    await delay(ms);
  },
};
