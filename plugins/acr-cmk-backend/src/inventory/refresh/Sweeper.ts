import type { AzureProblem } from 'backstage-plugin-acr-cmk-common';
import type { LoggerService } from '@backstage/backend-plugin-api';
import { AzureError } from '../../azure/AzureError';
import type {
  GraphKind,
  ResourceGraphPort,
} from '../../azure/graph/resourceGraphPort';
import { CONSUMER_QUERY } from '../../domain/consumers/consumerOfRow';
import type { Clock } from '../../platform/database/clock';
import { lower } from '../../platform/text';
import { backgroundThrottle } from '../../platform/time/BackgroundThrottle';
import type { InventoryRows } from '../rows';
import { conclude, COUNT_FELL, type Seen } from '../conclude';
import type { ConsumerRights } from '../consumerRights';
import { isFailed } from '../Listings';
import type { StoredListing } from '../rows/listings';
import type { Listed, Part, SubscriptionLists } from '../SubscriptionLists';
import type { ReadQueue } from '../rows/ReadQueue';
import type { ListedRows } from '../rows/ListedRows';
import { GRAPH_LAG_MS, type PartitionReader } from './PartitionReader';
import { ASSIGNMENTS_CHANGED, type SyncState } from '../rows/SyncState';
import {
  type Counts,
  GRAPH_KINDS,
  graphPartitions,
  isRefused,
  KINDS,
  noCounts,
  type Partition,
  queriesFor,
  split,
  toPartition,
} from './sweepRules';
import {
  byArm,
  statusOf,
  type SubscriptionOutcome,
  type Sweep,
  type SweepRecord,
  type SweepUnderWay,
} from './SweepRecord';

/** Problem of a part that was never tried. */
const NOT_READ: AzureProblem = {
  kind: 'unavailable',
  code: 'NotRead',
  message: 'The sweep ended before all of its parts were read',
};

/** Failures of one part before the sweep ends without it. */
const MOST_ATTEMPTS = 4;
/** A sweep that is not over after so long is given up: what it counted at its start is too old. */
const LONGEST_SWEEP_MS = 60 * 60_000;
/** Interval of the sweeps that also list role assignments. Milliseconds. */
export const ASSIGNMENTS_EVERY_MS = 60 * 60_000;
/** Starts that failed in a row before ARM is asked in the place of Resource Graph. */
const STARTS_BEFORE_ARM = 3;

interface SweeperDeps {
  record: SweepRecord;
  clock: Clock;
  graph: ResourceGraphPort;
  reader: PartitionReader;
  rows: InventoryRows;
  lists: SubscriptionLists;
  listed: ListedRows;
  rights: ConsumerRights;
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

  /** Continues the sweep that is under way, or begins one when it is time, and ends it when it can. */
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
        if (age <= LONGEST_SWEEP_MS) {
          const isListed = await this.#listByArm(sweep, isStopped);
          // For the status: what was listed is in the facts of its parts.
          if (!(await this.#deps.record.keepUnderWay(sweep))) return;
          if (!isListed) return;
        }
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
    const partitions: Partition[] = [];
    const withAssignments = await this.#assignmentsAreDue(startedAt);
    const failures = (last?.failures ?? 0) + 1;
    for (const group of queriesFor(subscriptions)) {
      try {
        partitions.push(
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
        // ARM lists this group.
      }
    }
    const seen = noCounts();
    const sweep = {
      subscriptions,
      expected,
      seen,
      startedAt,
      partitions,
      listedByArm: 0,
    };
    await this.#deps.record.keepUnderWay(sweep);
    return sweep;
  }

  async #planByGraph(
    group: string[],
    expected: Counts,
    withAssignments: boolean,
  ): Promise<Partition[]> {
    const { value: readable } = await this.#deps.graph.readable(group);
    const inGraph = group.filter(id => readable.includes(id));
    // ARM lists the others, or says why it cannot, in words that somebody can act on.
    if (inGraph.length === 0) return [];
    await this.#count(inGraph, expected);
    const problem = await this.#countConsumers(inGraph, expected);
    const assignments = withAssignments
      ? (await this.#deps.graph.countAssignments(inGraph)).value
      : undefined;
    return graphPartitions(inGraph, expected, assignments).map(plan =>
      problem && plan.kind === 'consumers'
        ? { ...toPartition(plan), state: 'failed', problem }
        : toPartition(plan),
    );
  }

  async #count(subscriptions: string[], into: Counts): Promise<void> {
    const { value } = await this.#deps.graph.counts(subscriptions);
    for (const { kind, subscriptionId, count } of value) {
      into[kind][subscriptionId] = count;
    }
  }

  /** @returns the problem, which leaves the other kinds as they are */
  async #countConsumers(
    subscriptions: string[],
    into: Counts,
  ): Promise<AzureProblem | undefined> {
    try {
      const { value } = await this.#deps.graph.countConsumers(
        subscriptions,
        CONSUMER_QUERY.types,
      );
      for (const { subscriptionId, count } of value) {
        into.consumers[subscriptionId] = count;
      }
      return undefined;
    } catch (error) {
      if (!(error instanceof AzureError) || error.kind === 'throttled') {
        throw error;
      }
      return error.toProblem();
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

  /**
   * Lists what Resource Graph does not show. Each list is kept and concluded by itself; its fact tells a later turn that
   * it is done.
   *
   * @returns false where the rest has to wait for another turn
   */
  async #listByArm(
    sweep: SweepUnderWay,
    isStopped: () => boolean,
  ): Promise<boolean> {
    const subscriptions = byArm(sweep);
    for (const kind of KINDS) {
      const listings = await this.#deps.rows.listings.get(kind, subscriptions);
      for (const listing of listings) {
        if (wasListed(listing, sweep)) continue;
        if (isStopped()) return false;
        const part = { kind, subscription: listing.part };
        if (!(await this.#listOneByArm(part))) return false;
        sweep.listedByArm += 1;
      }
    }
    return true;
  }

  /** @returns false where Azure wants us to wait */
  async #listOneByArm(part: Part): Promise<boolean> {
    for (let attempts = 1; ; attempts++) {
      const askedAt = await this.#deps.clock.now();
      try {
        await this.#deps.lists.list(part, askedAt);
        return true;
      } catch (error) {
        if (!(error instanceof AzureError)) throw error;
        if (error.kind === 'throttled') return false;
        if (attempts < MOST_ATTEMPTS && !isRefused(error)) continue;
        const problem = error.toProblem();
        const { kind, subscription } = part;
        const failed = { problem, at: askedAt };
        await this.#deps.rows.listings.keepProblem(kind, subscription, failed);
        return true;
      }
    }
  }

  /** Outcome of the lists of ARM of one kind, as they were concluded. */
  async #outcomeByArm(
    sweep: SweepUnderWay,
    kind: Listed,
  ): Promise<SubscriptionOutcome[]> {
    const { listings } = this.#deps.rows;
    const found = await listings.get(kind, byArm(sweep));
    const outcome: SubscriptionOutcome[] = [];
    for (const listing of found) {
      const { part: subscription, value = 0, observedAt = -1 } = listing;
      if (observedAt >= sweep.startedAt && !isFailed(listing)) {
        outcome.push({ subscription, kind, seen: value, conclusion: 'whole' });
        continue;
      }
      let { problem } = listing;
      if (!problem || !wasListed(listing, sweep)) {
        problem = NOT_READ;
        const at = await this.#deps.clock.now();
        await listings.keepProblem(kind, subscription, { problem, at });
      }
      const conclusion = problem.code === COUNT_FELL ? 'fallen' : 'partial';
      outcome.push({ subscription, kind, conclusion, problem });
    }
    return outcome;
  }

  async #finish(sweep: SweepUnderWay, age: number): Promise<void> {
    const { partitions } = sweep;
    const after = noCounts();
    const inGraph = subscriptionsOf(partitions);
    const ended = async (state: 'whole' | 'partial' | 'failed') => ({
      ...statusOf(sweep),
      state,
      endedAt: await this.#deps.clock.now(),
    });
    const uncounted = new Map<string, AzureProblem>();
    try {
      for (const group of queriesFor(inGraph)) {
        await this.#count(group, after);
        const problem = await this.#countConsumers(group, after);
        if (problem) group.forEach(each => uncounted.set(each, problem));
      }
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
      outcome.push(...(await this.#outcomeByArm(sweep, kind)));
    }
    for (const kind of GRAPH_KINDS) {
      const known =
        kind === 'consumers'
          ? {}
          : await this.#deps.listed.known(kind, sweep.subscriptions);
      for (const subscription of inGraph) {
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
            problem:
              kind === 'consumers' ? uncounted.get(subscription) : undefined,
            known: known[subscription] ?? 0,
            counted: {
              before: sweep.expected[kind][subscription] ?? 0,
              after: after[kind][subscription] ?? 0,
            },
          }),
        );
      }
    }
    await this.#countBehind(inGraph);
    await this.#finishAssignments(sweep);
    // What other services use says nothing about the registries.
    const isWhole = outcome.every(
      ({ kind, conclusion }) => kind === 'consumers' || conclusion === 'whole',
    );
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
      problem,
      known,
      counted,
    }: {
      kind: GraphKind;
      subscription: string;
      own: Partition[];
      /** Problem of the count. */
      problem?: AzureProblem;
      known: number;
      counted: { before: number; after: number };
    },
  ): Promise<SubscriptionOutcome> {
    const read = own.filter(({ state }) => state === 'done');
    const seen = sweep.seen[kind][subscription] ?? 0;
    const { startedAt } = sweep;
    const readAt = startedAt - GRAPH_LAG_MS;
    const part = { kind, subscription };
    const found: Seen = {
      rows: seen,
      unusable: read.reduce((sum, each) => sum + each.unusable, 0),
      problem: problemOf(own) ?? problem,
      known,
      counted,
    };
    const mayHide =
      kind === 'consumers' &&
      (await this.#mayHide(sweep, {
        subscription,
        isWhole: conclude(part, found).kind === 'whole',
      }));
    const conclusion = await this.#deps.lists.conclude(
      part,
      { ...found, mayHide },
      { readAt, azureAt: readAt, seenAt: startedAt },
    );
    return {
      subscription,
      kind,
      expected: counted.after,
      seen,
      conclusion: conclusion.kind,
      ...('problem' in conclusion && { problem: conclusion.problem }),
    };
  }

  /**
   * Reads our rights to consumers, and looks for known ones that a whole list lacks although we may read their types,
   * by our rights from before the list and from after it: a right that was taken away looks like deletions. Those are
   * removed.
   *
   * @returns whether the list lacks others
   */
  async #mayHide(
    { startedAt }: SweepUnderWay,
    { subscription, isWhole }: { subscription: string; isWhole: boolean },
  ): Promise<boolean> {
    const { rights, rows } = this.#deps;
    const before = await rights.read(subscription);
    if (!isWhole) return false;
    const lacking = await rows.consumers.unseenTypes(subscription, startedAt);
    if (lacking.length === 0) return false;
    const after = await rights.read(subscription, { anew: true });
    const types = after.filter(type => before.includes(type)).map(lower);
    const readAt = startedAt - GRAPH_LAG_MS;
    await rows.consumers.removeUnseen(subscription, readAt, types);
    return !lacking.every(type => types.includes(type));
  }

  /** Counts what disk encryption sets encrypt. Without an answer, the counts stay. */
  async #countBehind(subscriptions: readonly string[]): Promise<void> {
    for (const group of queriesFor(subscriptions)) {
      const { consumers } = this.#deps.rows;
      const sets = await consumers.diskEncryptionSets(group);
      if (sets.length === 0) continue;
      try {
        const { value } = await this.#deps.graph.encryptedBySets(group);
        for (const { id } of sets) {
          await consumers.keepBehind(id, value.get(id) ?? {});
        }
      } catch (error) {
        if (!(error instanceof AzureError)) throw error;
        this.#deps.logger.warn(
          `Disks behind disk encryption sets could not be counted: ${error.message}`,
        );
      }
    }
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

function subscriptionsOf(partitions: readonly Partition[]): string[] {
  return [...new Set(partitions.flatMap(({ subscriptions }) => subscriptions))];
}

/** Whether a list has ended since a sweep began, well or not. */
function wasListed(
  { observedAt = -1, problemAt = -1 }: StoredListing,
  { startedAt }: SweepUnderWay,
): boolean {
  return Math.max(observedAt, problemAt) >= startedAt;
}

/** Problem of the first part that was not read. Includes parts that were never tried. */
function problemOf(own: readonly Partition[]) {
  const unread = own.find(
    ({ state }) => state === 'failed' || state === 'pending',
  );
  if (!unread) return undefined;
  return unread.problem ?? NOT_READ;
}
