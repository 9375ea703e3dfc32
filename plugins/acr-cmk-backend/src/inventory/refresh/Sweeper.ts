import type { LoggerService } from '@backstage/backend-plugin-api';
import { AzureError } from '../../azure/AzureError';
import type { ResourceGraphPort } from '../../azure/graph/resourceGraphPort';
import type { Clock } from '../../platform/database/clock';
import { backgroundThrottle } from '../../platform/time/BackgroundThrottle';
import type { InventoryRows } from '../rows';
import type { SubscriptionLists } from '../SubscriptionLists';
import type { ReadQueue } from '../rows/ReadQueue';
import type { ListedRows } from '../rows/ListedRows';
import { GRAPH_LAG_MS, type PartitionReader } from './PartitionReader';
import { ASSIGNMENTS_CHANGED, type SyncState } from '../rows/SyncState';
import {
  armPartitions,
  type Counts,
  graphPartitions,
  isRefused,
  KINDS,
  type Partition,
  type PartitionPlan,
  queriesFor,
  split,
  toPartition,
} from './sweepRules';
import {
  statusOf,
  type SubscriptionOutcome,
  type Sweep,
  type SweepRecord,
  type SweepUnderWay,
} from './SweepRecord';

/** Failures of one part before the sweep ends without it. */
const MOST_ATTEMPTS = 4;
/** A sweep that is not over after so long is given up: what it counted at its start is too old. */
const LONGEST_SWEEP_MS = 60 * 60_000;
/** Interval of the sweeps that also list role assignments. Milliseconds. */
export const ASSIGNMENTS_EVERY_MS = 60 * 60_000;
/** Starts that failed in a row before ARM is asked in the place of Resource Graph. */
const STARTS_BEFORE_ARM = 3;

const noCounts = (): Counts => ({ registries: {}, vaults: {}, identities: {} });

interface SweeperDeps {
  record: SweepRecord;
  clock: Clock;
  graph: ResourceGraphPort;
  reader: PartitionReader;
  rows: InventoryRows;
  lists: SubscriptionLists;
  listed: ListedRows;
  queue: ReadQueue;
  state: SyncState;
  logger: Pick<LoggerService, 'warn' | 'info'>;
}

/** Lists everything there is, in parts that can each be done again alone. */
export class Sweeper {
  readonly #deps: SweeperDeps;

  constructor(deps: SweeperDeps) {
    this.#deps = deps;
  }

  /** Goes on with the sweep that is under way, or begins one when it is time, and ends it when it can. */
  async resume(options: {
    subscriptions: readonly string[];
    everyMs: number;
    /** Time when one was last asked for. */
    askedAt?: number;
    isStopped(): boolean;
    /** Called after a part that showed registries for the first time. The next part waits for it. */
    found(): Promise<void>;
  }): Promise<void> {
    const { isStopped, found } = options;
    const sweep =
      (await this.#underWay(options.subscriptions)) ??
      (await this.#begin(options));
    if (!sweep) return;
    for (;;) {
      const pending = sweep.partitions.filter(
        ({ state }) => state === 'pending',
      );
      const age = (await this.#deps.clock.now()) - sweep.startedAt;
      if (pending.length === 0 || age > LONGEST_SWEEP_MS) {
        await this.#finish(sweep, age);
        return;
      }
      for (const partition of pending) {
        if (isStopped()) return;
        const result = await this.#read(sweep, partition);
        if (result === 'wait') return;
        if (!(await this.#deps.record.keepUnderWay(sweep))) return;
        if (result === 'found') await found();
      }
    }
  }

  /** The sweep that no turn has ended, unless it is of another scope or from long ago. */
  async #underWay(
    subscriptions: readonly string[],
  ): Promise<SweepUnderWay | undefined> {
    const sweep = await this.#deps.record.underWay();
    if (!sweep || !isSameScope(sweep.subscriptions, subscriptions)) {
      return undefined;
    }
    const age = (await this.#deps.clock.now()) - sweep.startedAt;
    return age > 2 * LONGEST_SWEEP_MS ? undefined : sweep;
  }

  async #begin(options: {
    subscriptions: readonly string[];
    everyMs: number;
    askedAt?: number;
  }): Promise<SweepUnderWay | undefined> {
    const startedAt = await this.#deps.clock.now();
    const last = await this.#deps.record.last();
    return isDue(last, { ...options, now: startedAt })
      ? this.#start(options.subscriptions, { startedAt, last })
      : undefined;
  }

  async #start(
    subscriptions: readonly string[],
    { startedAt, last }: { startedAt: number; last?: Sweep },
  ): Promise<SweepUnderWay | undefined> {
    const expected = noCounts();
    const plans: PartitionPlan[] = [];
    const withAssignments = await this.#assignmentsAreDue(startedAt);
    const failures = (last?.failures ?? 0) + 1;
    for (const group of queriesFor(subscriptions)) {
      try {
        plans.push(
          ...(await this.#planByGraph(group, expected, withAssignments)),
        );
      } catch (error) {
        if (!(error instanceof AzureError)) throw error;
        // The next turn begins: that Azure wants us to wait is no failure.
        if (error.kind === 'throttled') return undefined;
        if (!isRefused(error) && failures < STARTS_BEFORE_ARM) {
          await this.#deps.record.keep({
            state: 'failed',
            startedAt,
            endedAt: startedAt,
            partitions: { all: 0, read: 0 },
            problem: error.toProblem(),
            failures,
          });
          this.#deps.logger.warn(
            `The inventory could not be listed: ${error.message}`,
          );
          return undefined;
        }
        plans.push(...armPartitions(group));
      }
    }
    const partitions = plans.map(toPartition);
    const seen = noCounts();
    const sweep = { subscriptions, expected, seen, startedAt, partitions };
    await this.#deps.record.keepUnderWay(sweep);
    return sweep;
  }

  async #planByGraph(
    group: string[],
    expected: Counts,
    withAssignments: boolean,
  ): Promise<PartitionPlan[]> {
    const { value: readable } = await this.#deps.graph.readable(group);
    const inGraph = group.filter(id => readable.includes(id));
    const elsewhere = group.filter(id => !readable.includes(id));
    if (inGraph.length === 0) return armPartitions(elsewhere);
    await this.#count(inGraph, expected);
    const assignments = withAssignments
      ? (await this.#deps.graph.countAssignments(inGraph)).value
      : undefined;
    return [
      ...graphPartitions(inGraph, expected, assignments),
      // ARM says why, in words that somebody can act on.
      ...armPartitions(elsewhere),
    ];
  }

  async #count(subscriptions: string[], into: Counts): Promise<void> {
    const { value } = await this.#deps.graph.counts(subscriptions);
    for (const { kind, subscriptionId, count } of value) {
      into[kind][subscriptionId] = count;
    }
  }

  async #assignmentsAreDue(now: number): Promise<boolean> {
    const { state } = this.#deps;
    // The start of the sweep that listed them.
    const last = await state.get<number>('assignments');
    if (!last || now - last.at >= ASSIGNMENTS_EVERY_MS) return true;
    const changed = await state.get(ASSIGNMENTS_CHANGED);
    // Resource Graph may have listed what was before the event.
    return changed !== undefined && changed.at >= last.value - GRAPH_LAG_MS;
  }

  /** @returns whether it has shown registries for the first time; `wait` where no other part may be read now */
  async #read(
    sweep: SweepUnderWay,
    partition: Partition,
  ): Promise<'found' | 'read' | 'wait'> {
    let fresh = 0;
    try {
      const result = await this.#deps.reader.read(partition, sweep.startedAt);
      const { unusable } = result;
      Object.assign(partition, { state: 'done', unusable });
      if (partition.kind !== 'assignments') {
        addTo(sweep.seen[partition.kind], result.seen);
      }
      fresh = result.fresh;
    } catch (error) {
      if (!(error instanceof AzureError)) throw error;
      if (error.kind === 'throttled') return 'wait';
      if (error.code === 'TooManyRows') {
        partition.state = 'split';
        sweep.partitions.push(...split(partition).map(toPartition));
        return 'read';
      }
      partition.attempts += 1;
      partition.problem = error.toProblem();
      if (partition.attempts >= MOST_ATTEMPTS || isRefused(error)) {
        partition.state = 'failed';
      }
    }
    return partition.kind === 'registries' && fresh > 0 ? 'found' : 'read';
  }

  async #finish(sweep: SweepUnderWay, age: number): Promise<void> {
    const { partitions } = sweep;
    const after = noCounts();
    const inGraph = subscriptionsOf(partitions, 'resource-graph');
    const ended = async (state: 'whole' | 'partial' | 'failed') => ({
      ...statusOf(sweep),
      state,
      endedAt: await this.#deps.clock.now(),
    });
    try {
      for (const group of queriesFor(inGraph)) await this.#count(group, after);
    } catch (error) {
      if (!(error instanceof AzureError)) throw error;
      // All parts are kept: the next turn counts again, until the sweep is too old.
      if (age <= LONGEST_SWEEP_MS) return;
      await this.#deps.record.keep({
        ...(await ended('failed')),
        problem: error.toProblem(),
      });
      return;
    }
    const outcome: SubscriptionOutcome[] = [];
    for (const kind of KINDS) {
      const known = await this.#deps.listed.known(kind, sweep.subscriptions);
      for (const subscription of sweep.subscriptions) {
        await backgroundThrottle.turn();
        const own = partitions.filter(
          each =>
            each.kind === kind && each.subscriptions.includes(subscription),
        );
        outcome.push(
          await this.#concludeOne(sweep, {
            kind,
            subscription,
            own,
            known: known[subscription] ?? 0,
            counted: inGraph.includes(subscription)
              ? {
                  before: sweep.expected[kind][subscription] ?? 0,
                  after: after[kind][subscription] ?? 0,
                }
              : undefined,
          }),
        );
      }
    }
    await this.#finishAssignments(sweep);
    const isWhole = outcome.every(({ conclusion }) => conclusion === 'whole');
    if (isWhole) {
      await this.#deps.rows.access.removeUnused(sweep.startedAt - GRAPH_LAG_MS);
    }
    await this.#deps.record.end(
      await ended(isWhole ? 'whole' : 'partial'),
      outcome,
    );
    const problems = new Set(
      outcome.flatMap(({ problem }) => (problem ? [problem.message] : [])),
    );
    for (const problem of problems) {
      this.#deps.logger.warn(`The inventory is not complete: ${problem}`);
    }
  }

  async #concludeOne(
    sweep: SweepUnderWay,
    {
      kind,
      subscription,
      own,
      known,
      counted,
    }: {
      kind: (typeof KINDS)[number];
      subscription: string;
      own: Partition[];
      known: number;
      counted?: { before: number; after: number };
    },
  ): Promise<SubscriptionOutcome> {
    const read = own.filter(({ state }) => state === 'done');
    const seen = sweep.seen[kind][subscription] ?? 0;
    const { startedAt } = sweep;
    const readAt = counted ? startedAt - GRAPH_LAG_MS : startedAt;
    const conclusion = await this.#deps.lists.conclude(
      { kind, subscription },
      {
        rows: seen,
        unusable: read.reduce((sum, each) => sum + each.unusable, 0),
        problem: problemOf(own),
        known,
        counted,
      },
      { readAt, azureAt: readAt, seenAt: startedAt },
    );
    return {
      subscription,
      kind,
      ...(counted && { expected: counted.after }),
      seen,
      conclusion: conclusion.kind,
      ...('problem' in conclusion && { problem: conclusion.problem }),
    };
  }

  /**
   * Queues access without a listed assignment: only ARM shows whether a principal reaches a key by a
   * group.
   */
  async #finishAssignments(sweep: SweepUnderWay): Promise<void> {
    const own = sweep.partitions.filter(({ kind }) => kind === 'assignments');
    const isWhole =
      own.length > 0 &&
      own.every(
        ({ state, unusable }) =>
          state === 'split' || (state === 'done' && unusable === 0),
      );
    if (!isWhole) return;
    const unseen = await this.#deps.listed.unseenAccess(
      sweep.startedAt,
      sweep.startedAt - GRAPH_LAG_MS,
    );
    await this.#deps.queue.add(
      unseen.map(subject => ({ kind: 'access', subject, reason: 'missing' })),
    );
    await this.#deps.state.set('assignments', sweep.startedAt);
  }
}

function isSameScope(
  some: readonly string[],
  others: readonly string[],
): boolean {
  return [...some].sort().join() === [...others].sort().join();
}

/** Whether it is time for another sweep. */
function isDue(
  last: Sweep | undefined,
  {
    everyMs,
    askedAt = 0,
    now,
  }: { everyMs: number; askedAt?: number; now: number },
): boolean {
  return (
    !last ||
    last.state === 'running' ||
    last.startedAt < askedAt ||
    now - last.startedAt >= everyMs
  );
}

function addTo(
  sums: Record<string, number>,
  counts: Record<string, number>,
): void {
  for (const [subscription, count] of Object.entries(counts)) {
    sums[subscription] = (sums[subscription] ?? 0) + count;
  }
}

function subscriptionsOf(
  partitions: readonly Partition[],
  source: Partition['source'],
): string[] {
  return [
    ...new Set(
      partitions
        .filter(each => each.source === source)
        .flatMap(({ subscriptions }) => subscriptions),
    ),
  ];
}

/** Problem of the first part that was not read. Includes parts that were never tried. */
function problemOf(own: readonly Partition[]) {
  const unread = own.find(
    ({ state }) => state === 'failed' || state === 'pending',
  );
  if (!unread) return undefined;
  return (
    unread.problem ?? {
      kind: 'unavailable' as const,
      code: 'NotRead',
      message: 'The sweep ended before all of its parts were read',
    }
  );
}
