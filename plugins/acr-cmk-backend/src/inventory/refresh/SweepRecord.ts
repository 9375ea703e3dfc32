import type { AzureProblem } from 'backstage-plugin-acr-cmk-common';
import type { SyncState } from '../rows/SyncState';

/** Outcome of a sweep for one kind in one subscription. */
export interface SubscriptionOutcome {
  subscription: string;
  kind: string;
  expected?: number;
  seen: number;
  conclusion: 'whole' | 'fallen' | 'partial';
  problem?: AzureProblem;
}

/** A sweep as the status shows it. */
export interface Sweep {
  state: 'running' | 'whole' | 'partial' | 'failed';
  startedAt: number;
  endedAt?: number;
  partitions: { all: number; read: number };
  problem?: AzureProblem;
  /** Sweeps until this one, in a row, that could not begin. */
  failures?: number;
}

/** State keys of the last sweep, of the outcome of the last one that ended, and of the start of the last whole one. */
const LAST = 'sweep';
const OUTCOME = 'sweep-outcome';
const WHOLE = 'sweep-whole';

/** Record of the last sweep, kept between turns. A sweep under way is in the memory of its replica. */
export class SweepRecord {
  readonly #state: SyncState;

  constructor(state: SyncState) {
    this.#state = state;
  }

  async last(): Promise<Sweep | undefined> {
    return (await this.#state.get<Sweep>(LAST))?.value;
  }

  /** Outcome of the last sweep that ended. */
  async outcome(): Promise<readonly SubscriptionOutcome[]> {
    const known = await this.#state.get<SubscriptionOutcome[]>(OUTCOME);
    return known?.value ?? [];
  }

  /** Start of the last sweep that saw everything. */
  async lastWholeAt(): Promise<number | undefined> {
    return (await this.#state.get<number>(WHOLE))?.value;
  }

  async keep(sweep: Sweep): Promise<void> {
    await this.#state.set(LAST, sweep);
  }

  /** Keeps how a sweep ended, with its outcome first: a process that dies in between begins another sweep. */
  async end(
    sweep: Sweep,
    outcome: readonly SubscriptionOutcome[],
  ): Promise<void> {
    await this.#state.set(OUTCOME, outcome);
    if (sweep.state === 'whole') await this.#state.set(WHOLE, sweep.startedAt);
    await this.keep(sweep);
  }
}
