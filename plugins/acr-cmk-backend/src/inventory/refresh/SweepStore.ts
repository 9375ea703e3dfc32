import type { AzureProblem } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { Clock } from '../../platform/database/clock';
import type { PartitionRow, SweepRow } from '../../platform/database/tables';
import {
  type Counts,
  type PartitionPlan,
  type Source,
  split,
  type SweptKind,
} from './sweepRules';
import { batchesOf } from '../../platform/database/batches';
import { optionalNumber } from '../../platform/database/results';

/** Outcome of a sweep for one kind in one subscription. */
export interface SubscriptionOutcome {
  subscription: string;
  kind: string;
  expected?: number;
  seen: number;
  conclusion: 'whole' | 'fallen' | 'partial';
  problem?: AzureProblem;
}

export type SweepState = 'running' | 'whole' | 'partial' | 'failed';

export interface Sweep {
  id: number;
  state: SweepState;
  subscriptions: string[];
  /** Nothing for what ARM lists. */
  expected: Counts;
  outcome?: SubscriptionOutcome[];
  problem?: AzureProblem;
  startedAt: number;
  endedAt?: number;
}

export interface Partition extends PartitionPlan {
  id: number;
  state: 'pending' | 'done' | 'split' | 'failed';
  attempts: number;
  /** Rows by subscription. */
  seen: Record<string, number>;
  unusable: number;
  problem?: AzureProblem;
}

/** Sweeps whose rows are kept, for a look at what happened. */
const KEPT_SWEEPS = 50;

interface SweepStoreDeps {
  db: Knex;
  clock: Clock;
}

/** The tables `sweeps` and `partitions`. */
export class SweepStore {
  readonly #deps: SweepStoreDeps;

  constructor(deps: SweepStoreDeps) {
    this.#deps = deps;
  }

  now(): Promise<number> {
    return this.#deps.clock.now();
  }

  /** The one that is not over. */
  async running(): Promise<Sweep | undefined> {
    const row = await this.#deps
      .db('sweeps')
      .where({ state: 'running' })
      .orderBy('id', 'desc')
      .first();
    return row && toSweep(row);
  }

  /** The last ones, the newest first. */
  async last(count = 1): Promise<Sweep[]> {
    const rows = await this.#deps
      .db('sweeps')
      .orderBy('id', 'desc')
      .limit(count);
    return rows.map(toSweep);
  }

  /** The last one that has ended, with what came of it. */
  lastEnded(): Promise<Sweep | undefined> {
    return this.#latest(['whole', 'partial']);
  }

  /** The last one that saw everything. */
  lastWhole(): Promise<Sweep | undefined> {
    return this.#latest(['whole']);
  }

  async #latest(states: SweepState[]): Promise<Sweep | undefined> {
    const row = await this.#deps
      .db('sweeps')
      .whereIn('state', states)
      .orderBy('id', 'desc')
      .first();
    return row && toSweep(row);
  }

  /** A sweep with all its parts, or nothing of it. */
  async start(
    sweep: {
      subscriptions: readonly string[];
      expected: Counts;
      startedAt: number;
    },
    plans: readonly PartitionPlan[],
  ): Promise<void> {
    await this.#deps.db.transaction(async trx => {
      const [{ id }] = await trx('sweeps')
        .insert({
          state: 'running',
          subscriptions: JSON.stringify(sweep.subscriptions),
          expected: JSON.stringify(sweep.expected),
          started_at: sweep.startedAt,
        })
        .returning('id');
      for (const batch of batchesOf(plans)) {
        await trx('partitions').insert(batch.map(plan => toRow(id, plan)));
      }
    });
  }

  /** One that could not even begin. */
  async failedToStart(
    subscriptions: readonly string[],
    problem: AzureProblem,
  ): Promise<void> {
    const now = await this.#deps.clock.now();
    await this.#deps.db('sweeps').insert({
      state: 'failed',
      subscriptions: JSON.stringify(subscriptions),
      expected: JSON.stringify({}),
      problem: JSON.stringify(problem),
      started_at: now,
      ended_at: now,
    });
    await this.#deleteOld();
  }

  async partitions(sweepId: number): Promise<Partition[]> {
    const rows = await this.#deps
      .db('partitions')
      .where({ sweep_id: sweepId })
      .orderBy('id');
    return rows.map(toPartition);
  }

  /** Its rows are kept. */
  async done(
    { id }: Partition,
    result: { seen: Record<string, number>; unusable: number },
  ): Promise<void> {
    const now = await this.#deps.clock.now();
    await this.#pending(id).update({
      state: 'done',
      seen: JSON.stringify(result.seen),
      unusable: result.unusable,
      problem: null,
      ended_at: now,
    });
  }

  /** It was too large: two others take its place. */
  async splitUp(sweepId: number, partition: Partition): Promise<void> {
    await this.#deps.db.transaction(async trx => {
      const taken = await trx('partitions')
        .where({ id: partition.id, state: 'pending' })
        .update({ state: 'split' });
      if (taken === 0) return;
      await trx('partitions').insert(
        split(partition).map(plan => toRow(sweepId, plan)),
      );
    });
  }

  /** It could not be read; it is tried again unless that is the end. */
  async failed(
    { id, attempts }: Partition,
    problem: AzureProblem,
    isOver: boolean,
  ): Promise<void> {
    const now = await this.#deps.clock.now();
    await this.#pending(id).update({
      attempts: attempts + 1,
      problem: JSON.stringify(problem),
      ...(isOver ? { state: 'failed', ended_at: now } : {}),
    });
  }

  async end(
    { id }: Sweep,
    {
      state,
      outcome = [],
      problem,
    }: {
      state: Exclude<SweepState, 'running'>;
      outcome?: SubscriptionOutcome[];
      problem?: AzureProblem;
    },
  ): Promise<void> {
    const now = await this.#deps.clock.now();
    await this.#deps
      .db('sweeps')
      .where({ id, state: 'running' })
      .update({
        state,
        outcome: JSON.stringify(outcome),
        problem: problem ? JSON.stringify(problem) : null,
        ended_at: now,
      });
    await this.#deleteOld();
  }

  #pending(id: number): Knex.QueryBuilder {
    return this.#deps.db('partitions').where({ id, state: 'pending' });
  }

  async #deleteOld(): Promise<void> {
    const [oldest] = await this.#deps
      .db('sweeps')
      .orderBy('id', 'desc')
      .offset(KEPT_SWEEPS)
      .limit(1)
      .pluck('id');
    if (oldest === undefined) return;
    await this.#deps.db('partitions').where('sweep_id', '<=', oldest).delete();
    // The status shows these two, however long ago they were.
    const shown = await Promise.all([this.lastWhole(), this.lastEnded()]);
    await this.#deps
      .db('sweeps')
      .where('id', '<=', oldest)
      .whereNotIn(
        'id',
        shown.flatMap(sweep => sweep?.id ?? []),
      )
      .delete();
  }
}

function toRow(sweepId: number, plan: PartitionPlan): Partial<PartitionRow> {
  const { kind, source, subscriptions, part, parts } = plan;
  return {
    sweep_id: sweepId,
    kind,
    source,
    subscriptions: JSON.stringify(subscriptions),
    part,
    parts,
    state: 'pending',
  };
}

function toSweep(row: SweepRow): Sweep {
  return {
    id: Number(row.id),
    state: row.state,
    subscriptions: JSON.parse(row.subscriptions),
    expected: JSON.parse(row.expected),
    ...(row.outcome && { outcome: JSON.parse(row.outcome) }),
    ...(row.problem && { problem: JSON.parse(row.problem) }),
    startedAt: Number(row.started_at),
    endedAt: optionalNumber(row.ended_at),
  };
}

function toPartition(row: PartitionRow): Partition {
  return {
    id: Number(row.id),
    kind: row.kind as SweptKind,
    source: row.source as Source,
    subscriptions: JSON.parse(row.subscriptions),
    part: row.part,
    parts: row.parts,
    state: row.state,
    attempts: row.attempts,
    seen: row.seen ? JSON.parse(row.seen) : {},
    unusable: row.unusable ?? 0,
    ...(row.problem && { problem: JSON.parse(row.problem) }),
  };
}
