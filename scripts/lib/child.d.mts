export interface Child {
  pid: number;
  /** Resolves with a sentence when the process has ended. */
  exited: Promise<string>;
  kill(signal?: NodeJS.Signals): Promise<void>;
  stop(): Promise<void>;
}

export function freePort(): Promise<number>;
