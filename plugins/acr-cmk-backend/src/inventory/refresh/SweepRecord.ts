import type { AzureProblem } from 'backstage-plugin-acr-cmk-common';
import type { SyncState } from '../rows/SyncState';
import { type Counts, KINDS, noCounts, type Partition } from './sweepRules';

/** Outcome of a sweep for one kind in one subscription. */
export interface SubscriptionOutcome {
  subscription: string;
  kind: string;
  expected?: number;
  /** Absent for a list of ARM that failed: its problem says it. */
  seen?: number;
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

/** A sweep under way, with all that a turn needs to go on with it. */
export interface SweepUnderWay {
  startedAt: number;
  subscriptions: readonly string[];
  /** Nothing for what ARM lists. */
  expected: Counts;
  /** Items in the parts that were read. */
  seen: Counts;
  /** Parts of Resource Graph. ARM lists the subscriptions that are in none. */
  partitions: Partition[];
  /** Number of lists of ARM that have ended. */
  listedByArm: number;
}

/** Subscriptions of a sweep that ARM lists. */
export function byArm({
  subscriptions,
  partitions,
}: Pick<SweepUnderWay, 'subscriptions' | 'partitions'>): string[] {
  const inGraph = new Set(partitions.flatMap(each => each.subscriptions));
  return subscriptions.filter(id => !inGraph.has(id));
}

/** A sweep under way as JSON: each group of subscriptions once, and parts with the index of theirs. */
interface StoredUnderWay extends Omit<
  SweepUnderWay,
  'startedAt' | 'partitions'
> {
  groups: (readonly string[])[];
  parts: (Omit<Partition, 'subscriptions'> & { group: number })[];
}

type StoredSweep = Sweep & { underWay?: StoredUnderWay };

/** State keys of the last sweep, of the outcome of the last one that ended, and of the start of the last whole one. */
const LAST = 'sweep';
const OUTCOME = 'sweep-outcome';
const WHOLE = 'sweep-whole';

/** Record of the last sweep, kept between turns. Any replica continues one that is under way. */
export class SweepRecord {
  readonly #state: SyncState;

  constructor(state: SyncState) {
    this.#state = state;
  }

  async last(): Promise<Sweep | undefined> {
    const stored = (await this.#state.get<StoredSweep>(LAST))?.value;
    if (!stored) return undefined;
    const { underWay, ...sweep } = stored;
    return sweep;
  }

  /** The sweep that no turn has ended yet. */
  async underWay(): Promise<SweepUnderWay | undefined> {
    const stored = (await this.#state.get<StoredSweep>(LAST))?.value;
    if (stored?.state !== 'running' || !stored.underWay) return undefined;
    const { groups, parts, ...sweep } = stored.underWay;
    return {
      ...sweep,
      // An earlier release listed fewer kinds.
      expected: { ...noCounts(), ...sweep.expected },
      seen: { ...noCounts(), ...sweep.seen },
      startedAt: stored.startedAt,
      partitions: parts.map(({ group, ...part }) => ({
        ...part,
        subscriptions: groups[group],
      })),
    };
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

  /**
   * Keeps a sweep under way, with its parts and their results.
   *
   * @returns false where another replica has ended it meanwhile, or has begun a later one: nothing was kept
   */
  async keepUnderWay(sweep: SweepUnderWay): Promise<boolean> {
    const { startedAt, partitions, ...rest } = sweep;
    if (await this.#isOvertaken(startedAt)) return false;
    const byName = new Map(
      partitions.map(({ subscriptions }) => [
        subscriptions.join(),
        subscriptions,
      ]),
    );
    const indexes = new Map([...byName.keys()].map((name, at) => [name, at]));
    const stored: StoredSweep = {
      ...statusOf(sweep),
      underWay: {
        ...rest,
        groups: [...byName.values()],
        parts: partitions.map(({ subscriptions, ...part }) => ({
          ...part,
          group: indexes.get(subscriptions.join())!,
        })),
      },
    };
    await this.#state.set(LAST, stored);
    return true;
  }

  /**
   * Keeps how a sweep ended, with its outcome first: after a process that dies in between, it is ended again. Nothing
   * where another replica has ended it meanwhile, or has begun a later one.
   */
  async end(
    sweep: Sweep,
    outcome: readonly SubscriptionOutcome[],
  ): Promise<void> {
    if (await this.#isOvertaken(sweep.startedAt)) return;
    await this.#state.set(OUTCOME, outcome);
    if (sweep.state === 'whole') await this.#state.set(WHOLE, sweep.startedAt);
    await this.keep(sweep);
  }

  async #isOvertaken(startedAt: number): Promise<boolean> {
    const last = await this.last();
    return (
      last !== undefined &&
      (last.startedAt > startedAt ||
        (last.startedAt === startedAt && last.state !== 'running'))
    );
  }
}

/** Status of a sweep under way. */
export function statusOf(sweep: SweepUnderWay): Sweep {
  const { startedAt, partitions, listedByArm } = sweep;
  const counted = partitions.filter(({ state }) => state !== 'split');
  return {
    state: 'running',
    startedAt,
    partitions: {
      all: counted.length + KINDS.length * byArm(sweep).length,
      read:
        counted.filter(({ state }) => state === 'done').length + listedByArm,
    },
  };
}
