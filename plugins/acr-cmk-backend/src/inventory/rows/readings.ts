/**
 * What the tables of things that are read from Azure have in common: facts with the time that they
 * show, what kept the last reading from success, and that we have changed the thing ourselves.
 */
import type { AzureProblem } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { canonicalJson } from '../../cmk/canonicalJson';
import type { SyncedBy } from '../keptBySync';
import {
  type FactTable,
  keyColumnsOf,
  keyOf,
  packedIn,
  packFacts,
  wordColumns,
} from './packing';

/** Times of one reading, epoch milliseconds. */
export interface Reading {
  /**
   * What the answer is certain to show, by our clock: when the reading began. For a source that
   * learns late, such as Resource Graph, so much earlier.
   */
  readAt: number;
  /** When Azure answered, by its clock. */
  azureAt: number;
  /** When a list began that holds it; for `removeUnseen`. Absent for a reading of this thing alone. */
  seenAt?: number;
}

/** What is kept of one thing. */
export interface StoredFact<T> {
  value?: T;
  /** When `value` was read, epoch milliseconds. */
  observedAt?: number;
  /** Azure's time then, epoch milliseconds. */
  azureAt?: number;
  /** When we last changed it: what was read before is known to be old. */
  expiredAt?: number;
  /** When a list last showed that nothing has changed since. */
  confirmedAt?: number;
  /** When it last differed from before, or could be read again. */
  changedAt?: number;
  /** The last attempt to read it, when that failed. */
  problem?: AzureProblem;
  problemAt?: number;
}

/** One thing that is kept, wherever that is. */
export interface StoredReading<T> {
  /** Unique among all that is kept. */
  name: string;
  /** What of the sync keeps it fresh. Absent: nothing does. */
  syncedBy?: SyncedBy;
  read(): Promise<StoredFact<T> | undefined>;
  keep(value: T, reading: Reading): Promise<unknown>;
  keepProblem(problem: AzureProblem, at: number): Promise<unknown>;
}

export const optional = (value: unknown): number | undefined =>
  value === null || value === undefined ? undefined : Number(value);

/** A row to keep: its key, its own columns, and the facts. */
export interface RowToKeep {
  key: Record<string, string>;
  columns: Record<string, string | number | boolean | null>;
  facts: unknown;
  /** When it was read, if that was not together with the others. */
  reading?: Reading;
}

/** Rows in one statement. SQLite takes 32,766 values in one, PostgreSQL 65,535. */
const BATCH = 200;

export function batchesOf<T>(items: readonly T[], size = BATCH): T[][] {
  const batches: T[][] = [];
  for (let at = 0; at < items.length; at += size) {
    batches.push(items.slice(at, at + size));
  }
  return batches;
}

/** A row whose facts cannot be unpacked: damaged, or written by a newer version of the plugin. */
export class UnreadableFacts extends Error {
  /**
   * @param table - that holds the row
   * @param key - its ARM id, or its primary key with blanks between
   */
  constructor(
    readonly table: string,
    readonly key: string,
    cause: unknown,
  ) {
    super(`The facts of ${key} in ${table} cannot be read: ${cause}`, {
      cause,
    });
    this.name = 'UnreadableFacts';
  }
}

/** What `stored` needs of a row beside the columns that its facts are unpacked with. */
const READING = [
  'facts',
  'read_at',
  'azure_at',
  'changed_at',
  'expired_at',
  'problem',
  'problem_at',
];

/**
 * The columns that `stored` needs of a row. A driver makes an object of every column that is asked for: of all of
 * them, that takes longer than finding the row.
 */
export const readingColumns = (table: FactTable): string[] => [
  ...wordColumns(table),
  ...READING.map(column => `${table}.${column}`),
];

/** One table of readings. */
export class ReadingTable {
  readonly keyColumns: readonly string[];

  constructor(readonly name: FactTable) {
    this.keyColumns = keyColumnsOf(name);
  }

  /** What a row of it holds. */
  stored<T>(row: any, toValue: (facts: any) => T): StoredFact<T> {
    return {
      value: row.facts ? toValue(this.#factsOf(row)) : undefined,
      observedAt: optional(row.read_at),
      azureAt: optional(row.azure_at),
      expiredAt: optional(row.expired_at),
      changedAt: optional(row.changed_at),
      problem: row.problem ? JSON.parse(row.problem) : undefined,
      problemAt: optional(row.problem_at),
    };
  }

  /**
   * Keeps what was read. What was read later already stays, so that a slow old answer never takes
   * the place of a newer one; so does a mark of age.
   *
   * @returns keys of the rows whose facts or problem differ from before
   */
  async keep(
    trx: Knex,
    rows: readonly RowToKeep[],
    ofAll: Reading,
  ): Promise<Record<string, string>[]> {
    const changed: Record<string, string>[] = [];
    for (const batch of batchesOf(rows)) {
      const own = Object.keys(batch[0].columns);
      const same = `${this.name}.facts = excluded.facts and ${this.name}.problem is null`;
      const unless = (column: string) =>
        trx.raw(
          `case when ${this.name}.problem_at > excluded.read_at then ${this.name}.${column} end`,
        );
      const kept: any[] = await trx(this.name)
        .insert(
          batch.map(({ key, columns, facts, reading = ofAll }) => ({
            ...key,
            ...columns,
            facts: packFacts(
              this.name,
              { ...key, ...columns },
              canonicalJson(facts),
            ),
            read_at: reading.readAt,
            azure_at: reading.azureAt,
            changed_at: reading.readAt,
          })),
        )
        .onConflict([...this.keyColumns])
        .merge({
          ...Object.fromEntries(
            [...own, 'facts', 'read_at', 'azure_at'].map(column => [
              column,
              trx.raw(`excluded.${column}`),
            ]),
          ),
          changed_at: trx.raw(
            `case when ${same} then ${this.name}.changed_at else excluded.changed_at end`,
          ),
          problem: unless('problem'),
          problem_kind: unless('problem_kind'),
          problem_at: unless('problem_at'),
        })
        .where(older =>
          older
            .whereNull(`${this.name}.read_at`)
            .orWhereRaw(`${this.name}.read_at <= excluded.read_at`),
        )
        .returning([...this.keyColumns, 'changed_at', 'read_at']);
      const { seenAt } = ofAll;
      if (seenAt !== undefined) {
        await this.#see(
          trx,
          batch.map(({ key }) => key),
          seenAt,
        );
      }
      for (const { changed_at, read_at, ...key } of kept) {
        if (Number(changed_at) === Number(read_at)) changed.push(key);
      }
    }
    return changed;
  }

  /**
   * Keeps rows whose key is an id, and has judged what depends on those that changed: both, or neither.
   *
   * @returns the ids of those that changed, as the rows hold them
   */
  async keepAndJudge(
    db: Knex,
    rows: readonly RowToKeep[],
    options: {
      reading: Reading;
      judge(trx: Knex, ids: string[]): Promise<unknown>;
    },
  ): Promise<string[]> {
    const changed: string[] = [];
    for (const batch of batchesOf(rows)) {
      await db.transaction(async trx => {
        const keys = await this.keep(trx, batch, options.reading);
        const ids = keys.map(({ id }) => id);
        await options.judge(trx, ids);
        changed.push(...ids);
      });
    }
    return changed;
  }

  /** Keeps that reading failed; what was known stays. @returns whether anything is different now */
  async keepProblem(
    trx: Knex,
    { key, columns }: Omit<RowToKeep, 'facts'>,
    { problem, at }: { problem: AzureProblem; at: number },
  ): Promise<void> {
    await trx(this.name)
      .insert({
        ...key,
        ...columns,
        problem: JSON.stringify(problem),
        problem_kind: problem.kind,
        problem_at: at,
      })
      .onConflict([...this.keyColumns])
      .merge(['problem', 'problem_kind', 'problem_at'])
      .where(older =>
        older
          .whereNull(`${this.name}.read_at`)
          .orWhere(`${this.name}.read_at`, '<=', at),
      );
  }

  /** Marks what was read until now as old. A reading that is still on its way is old as well. */
  async expire(
    trx: Knex,
    { key, columns }: Omit<RowToKeep, 'facts'>,
    at: number,
  ): Promise<void> {
    await trx(this.name)
      .insert({ ...key, ...columns, expired_at: at })
      .onConflict([...this.keyColumns])
      .merge(['expired_at']);
  }

  /** Rows that no list has held since `before`, and that were not read or changed otherwise. */
  unseen(trx: Knex, before: number): Knex.QueryBuilder {
    return trx(this.name).where(row => {
      for (const column of ['seen_at', 'read_at', 'problem_at', 'expired_at']) {
        row.where(one => one.whereNull(column).orWhere(column, '<', before));
      }
    });
  }

  #factsOf(row: any): unknown {
    const json = packedIn(this.name, row);
    try {
      return JSON.parse(json());
    } catch (cause) {
      throw new UnreadableFacts(this.name, keyOf(this.name, row), cause);
    }
  }

  async #see(
    trx: Knex,
    keys: Record<string, string>[],
    seenAt: number,
  ): Promise<void> {
    await this.#these(trx, keys)
      .where(older =>
        older.whereNull('seen_at').orWhere('seen_at', '<', seenAt),
      )
      .update({ seen_at: seenAt });
  }

  #these(trx: Knex, keys: Record<string, string>[]): Knex.QueryBuilder {
    return trx(this.name).whereIn(
      [...this.keyColumns],
      keys.map(key => this.keyColumns.map(column => key[column])),
    );
  }
}

/**
 * Has registries judged again. Rows are locked in the order of their ids, so that two who write at
 * once wait for each other and never in a circle; and they are locked at all, so that a judge who has
 * older facts in hand is done with the row before.
 */
export async function judgeAgain(
  trx: Knex,
  which: (registries: Knex.QueryBuilder) => void,
): Promise<void> {
  await trx('registries')
    .whereIn(
      'id',
      trx('registries').modify(which).orderBy('id').forUpdate().select('id'),
    )
    .update({ judge_at: 0 });
}

/** Rows of what Azure has not said to be gone. */
export function isNotGone(row: Knex.QueryBuilder): void {
  row.whereNull('problem_kind').orWhereNot({ problem_kind: 'not-found' });
}

/** For names and ids of Azure and of the catalog, which are ASCII. */
export const lower = (text: string): string => text.toLowerCase();

/** Of an ARM id. */
export function subscriptionOf(armId: string): string {
  return lower(armId.split('/')[2] ?? '');
}
