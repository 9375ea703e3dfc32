export interface Child {
  pid: number;
  /** Resolves with a sentence when the process has ended. */
  exited: Promise<string>;
  kill(signal?: NodeJS.Signals): Promise<void>;
  stop(): Promise<void>;
}

export function freePort(): Promise<number>;

/** Asks again and again until `check` answers with something; fails when the process ends before, or too late. */
export function until<T>(
  check: () => Promise<T>,
  options: {
    process: Child;
    what: string;
    timeoutMs: number;
    everyMs?: number;
  },
): Promise<T>;
