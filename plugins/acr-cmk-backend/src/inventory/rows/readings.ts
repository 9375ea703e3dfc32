/**
 * Common columns of the tables of things that are read from Azure: facts with the time that they show, the
 * problem of the last failed reading, and the time of our own last change.
 */
import type { AzureProblem } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { Tables } from 'knex/types/tables';
import { canonicalJson } from '../../domain/canonicalJson';
import type {
  BigInteger,
  ReadingColumns,
} from '../../platform/database/tables';
import { batchesOf } from '../../platform/database/batches';
import { optionalNumber } from '../../platform/database/results';

/** Times of one reading, epoch milliseconds. */
export interface Reading {
  /**
   * Time up to which the answer is certain, by our clock: the start of the reading, less the delay of the
   * source (such as Resource Graph).
   */
  readAt: number;
  /** Delay of the source, by which `readAt` is earlier than the reading. Default: none. */
  lagMs?: number;
  /** Time when Azure answered, by its clock. */
  azureAt: number;
  /** Time when a list began that holds it; for `removeUnseen`. Absent for a reading of this thing alone. */
  seenAt?: number;
}

/** Stored facts of one thing. */
export interface StoredFact<T> {
  value?: T;
  /** Time for which `value` is certain, epoch milliseconds: when it was read, less `lagMs`. */
  observedAt?: number;
  /** Delay of the source of the reading. */
  lagMs?: number;
  /** Azure's time then, epoch milliseconds. */
  azureAt?: number;
  /** Time when we last changed it: what was read before is known to be old. */
  expiredAt?: number;
  /** Time when a list last showed that nothing has changed since. */
  confirmedAt?: number;
  /** Time when it last differed from before, or could be read again. */
  changedAt?: number;
  /** The last attempt to read it, when that failed. */
  problem?: AzureProblem;
  problemAt?: number;
}

/** Part of the sync that keeps a fact fresh: each sweep, the sweep that lists assignments, or the lists of keys. */
export type SyncedBy = 'sweep' | 'assignments' | 'key-list';

/** One thing that is kept, wherever that is. */
export interface StoredReading<T> {
  /** Unique among all that is kept. */
  name: string;
  /** Part of the sync that keeps it fresh. Absent when none does. */
  syncedBy?: SyncedBy;
  read(): Promise<StoredFact<T> | undefined>;
  keep(value: T, reading: Reading): Promise<unknown>;
  keepProblem(problem: AzureProblem, at: number): Promise<unknown>;
}

/** Columns of the primary keys of tables whose rows are read from Azure. */
const KEY_COLUMNS = {
  registries: ['id'],
  vaults: ['id'],
  identities: ['id'],
  keys: ['vault_host', 'name'],
  access: ['principal_id', 'vault_host', 'key_name'],
} as const;

/** A table whose rows are read from Azure. */
export type FactTable = keyof typeof KEY_COLUMNS;

/** Primary key of a row. */
export type KeyOf<T extends FactTable> = Record<
  (typeof KEY_COLUMNS)[T][number],
  string
>;

/** Place of a row: its key, and columns that do not depend on what is read. */
export interface RowPlace<T extends FactTable> {
  key: KeyOf<T>;
  columns: Partial<Omit<Tables[T], keyof ReadingColumns | keyof KeyOf<T>>>;
}

/** A row to keep: its key, its own columns, and the facts. */
export interface RowToKeep<T extends FactTable> extends RowPlace<T> {
  facts: unknown;
  /** Time when it was read, if that was not together with the others. */
  reading?: Reading;
}

/** The columns of a row that say what is known of its thing. */
export const STORED_COLUMNS = [
  'facts',
  'read_at',
  'lag_ms',
  'azure_at',
  'changed_at',
  'expired_at',
  'problem',
  'problem_at',
] as const satisfies readonly (keyof ReadingColumns)[];

/** A row with `STORED_COLUMNS`. */
export type StoredColumns = Pick<
  ReadingColumns,
  (typeof STORED_COLUMNS)[number]
>;

/** Converts a row. */
export function storedFact<T>(
  row: StoredColumns,
  parse: (json: string) => T,
): StoredFact<T> {
  return {
    value: row.facts === null ? undefined : parse(row.facts),
    observedAt: optionalNumber(row.read_at),
    lagMs: row.lag_ms,
    azureAt: optionalNumber(row.azure_at),
    expiredAt: optionalNumber(row.expired_at),
    changedAt: optionalNumber(row.changed_at),
    problem: row.problem ? JSON.parse(row.problem) : undefined,
    problemAt: optionalNumber(row.problem_at),
  };
}

/** A row as the statement returns it that keeps it: its key, and two times. */
type KeptRow = Record<string, BigInteger>;

/** One table of readings. */
export class ReadingTable<T extends FactTable> {
  /** As text: the statements here are the same for every table. */
  readonly #name: string;
  readonly #keyColumns: readonly (keyof KeyOf<T> & string)[];

  constructor(name: T) {
    this.#name = name;
    this.#keyColumns = KEY_COLUMNS[name];
  }

  /**
   * Keeps what was read. What was read later already stays, so that a slow old answer never takes
   * the place of a newer one; so does a mark of age.
   *
   * @returns keys of the rows whose facts or problem differ from before
   */
  async keep(
    trx: Knex,
    rows: readonly RowToKeep<T>[],
    ofAll: Reading,
  ): Promise<KeyOf<T>[]> {
    const changed: KeyOf<T>[] = [];
    for (const batch of batchesOf(rows)) {
      const own = Object.keys(batch[0].columns);
      const same = `${this.#name}.facts = excluded.facts and ${this.#name}.problem is null`;
      const unless = (column: string) =>
        trx.raw(
          `case when ${this.#name}.problem_at > excluded.read_at then ${this.#name}.${column} end`,
        );
      const kept: KeptRow[] = await trx(this.#name)
        .insert(
          batch.map(({ key, columns, facts, reading = ofAll }) => ({
            ...key,
            ...columns,
            facts: canonicalJson(facts),
            read_at: reading.readAt,
            lag_ms: reading.lagMs ?? 0,
            azure_at: reading.azureAt,
            changed_at: reading.readAt,
          })),
        )
        .onConflict([...this.#keyColumns])
        .merge({
          ...Object.fromEntries(
            [...own, 'facts', 'read_at', 'lag_ms', 'azure_at'].map(column => [
              column,
              trx.raw(`excluded.${column}`),
            ]),
          ),
          changed_at: trx.raw(
            `case when ${same} then ${this.#name}.changed_at else excluded.changed_at end`,
          ),
          problem: unless('problem'),
          problem_kind: unless('problem_kind'),
          problem_at: unless('problem_at'),
        })
        .where(older =>
          older
            .whereNull(`${this.#name}.read_at`)
            .orWhereRaw(`${this.#name}.read_at <= excluded.read_at`),
        )
        .returning([...this.#keyColumns, 'changed_at', 'read_at']);
      const { seenAt } = ofAll;
      if (seenAt !== undefined) {
        await this.#see(
          trx,
          batch.map(({ key }) => key),
          seenAt,
        );
      }
      for (const row of kept) {
        if (Number(row.changed_at) === Number(row.read_at)) {
          changed.push(this.#keyOf(row));
        }
      }
    }
    return changed;
  }

  /**
   * Keeps rows and has the registries behind those that changed judged again: both, or neither.
   *
   * @returns keys of those that changed
   */
  async keepAndJudge(
    db: Knex,
    rows: readonly RowToKeep<T>[],
    options: {
      reading: Reading;
      judge(trx: Knex, changed: KeyOf<T>[]): Promise<void>;
    },
  ): Promise<KeyOf<T>[]> {
    const changed: KeyOf<T>[] = [];
    for (const batch of batchesOf(rows)) {
      await db.transaction(async trx => {
        const ofBatch = await this.keep(trx, batch, options.reading);
        await options.judge(trx, ofBatch);
        changed.push(...ofBatch);
      });
    }
    return changed;
  }

  /** Keeps that reading failed; what was known stays. */
  async keepProblem(
    trx: Knex,
    { key, columns }: RowPlace<T>,
    { problem, at }: { problem: AzureProblem; at: number },
  ): Promise<void> {
    await trx(this.#name)
      .insert({
        ...key,
        ...columns,
        problem: JSON.stringify(problem),
        problem_kind: problem.kind,
        problem_at: at,
      })
      .onConflict([...this.#keyColumns])
      .merge(['problem', 'problem_kind', 'problem_at'])
      .where(older =>
        older
          .whereNull(`${this.#name}.read_at`)
          .orWhere(`${this.#name}.read_at`, '<=', at),
      );
  }

  /** Marks what was read until now as old. A reading that is still on its way is old as well. */
  async expire(
    trx: Knex,
    { key, columns }: RowPlace<T>,
    at: number,
  ): Promise<void> {
    await trx(this.#name)
      .insert({ ...key, ...columns, expired_at: at })
      .onConflict([...this.#keyColumns])
      .merge(['expired_at']);
  }

  /** Rows that no list has held since `before`, and that were not read or changed otherwise. */
  unseen(trx: Knex, before: number): Knex.QueryBuilder {
    return trx(this.#name).where(row => {
      for (const column of ['seen_at', 'read_at', 'problem_at', 'expired_at']) {
        row.where(one => one.whereNull(column).orWhere(column, '<', before));
      }
    });
  }

  #keyOf(row: KeptRow): KeyOf<T> {
    return Object.fromEntries(
      this.#keyColumns.map(column => [column, row[column]]),
    ) as KeyOf<T>;
  }

  async #see(trx: Knex, keys: KeyOf<T>[], seenAt: number): Promise<void> {
    await this.#these(trx, keys)
      .where(older =>
        older.whereNull('seen_at').orWhere('seen_at', '<', seenAt),
      )
      .update({ seen_at: seenAt });
  }

  #these(trx: Knex, keys: KeyOf<T>[]): Knex.QueryBuilder {
    return trx(this.#name).whereIn(
      [...this.#keyColumns],
      keys.map(key => this.#keyColumns.map(column => key[column])),
    );
  }
}

/**
 * Marks registries to be judged again. Rows are locked in the order of their ids, so that two concurrent
 * writers never deadlock. The lock also waits for a judge that works with older facts to finish with the row.
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
