import type { AzureProblem } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { Tables } from 'knex/types/tables';
import { canonicalJson } from '../../domain/canonicalJson';
import { inLockOrder } from '../../platform/database/lockOrder';
import { batchesOf, findInBatches } from '../../platform/database/batches';
import { optionalNumber } from '../../platform/database/results';
import type {
  BigInteger,
  ReadingColumns,
} from '../../platform/database/tables';
import { judgeAgain } from './verdicts';

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

/** Place where the facts of one thing are stored. */
export interface StoredReading<T> {
  /** Unique among all that is kept. */
  name: string;
  read(): Promise<StoredFact<T> | undefined>;
  keep(value: T, reading: Reading): Promise<unknown>;
  keepProblem(problem: AzureProblem, at: number): Promise<unknown>;
}

/** Columns of the primary keys of tables whose rows are read from Azure. */
export const PRIMARY_KEYS = {
  registries: ['id'],
  vaults: ['id'],
  identities: ['id'],
  keys: ['vault_host', 'name'],
  access: ['principal_id', 'vault_host', 'key_name'],
  facts: ['kind', 'subject'],
} as const;

/** A table whose rows are read from Azure. */
export type FactTableName = keyof typeof PRIMARY_KEYS;

/** Primary key of a row. */
export type KeyOf<T extends FactTableName> = Record<
  (typeof PRIMARY_KEYS)[T][number],
  string
>;

/** Columns of a row beside its key and those of every reading. */
type OwnColumns<T extends FactTableName> = Partial<
  Omit<Tables[T], keyof ReadingColumns | keyof KeyOf<T>>
>;

/** Place of a row: its key, and columns that do not depend on what is read. */
export interface RowPlace<T extends FactTableName> {
  key: KeyOf<T>;
  columns: OwnColumns<T>;
}

/** A row to keep: its key, its own columns, and the facts. */
export interface RowToKeep<T extends FactTableName> extends RowPlace<T> {
  facts: unknown;
  reading: Reading;
}

/** Facts to keep, under the name of their thing. */
export interface FactToKeep<Name, Facts> {
  name: Name;
  facts: Facts;
  /** Times of this reading, where they differ from those of the other facts. */
  reading?: Reading;
}

/** Columns of the last reading of a thing. */
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

/** Relation between the facts of one kind of thing and their rows, which `FactTable` reads and writes by it. */
export interface FactDescription<
  T extends FactTableName,
  Name,
  Facts,
  Columns extends StoredColumns = StoredColumns,
> {
  table: T;
  /** Word for the things in the table, for names of readings. */
  thing: string;
  placeOf(name: Name): RowPlace<T>;
  /** Columns by which queries filter, sort or join, or that they list. */
  columnsOf(facts: Facts, name: Name): OwnColumns<T>;
  /** Facts as JSON holds them. Default: all. */
  jsonOf?(facts: Facts): unknown;
  /** Columns from which `stored` converts a row. */
  storedColumns: readonly (keyof Columns & string)[];
  stored(row: Columns): StoredFact<Facts>;
  /** Restricts a query of registries to those whose verdicts depend on these rows. Absent where none does. */
  judged?(registries: Knex.QueryBuilder, keys: readonly KeyOf<T>[]): void;
  /** Registries that use the thing of a row, which is otherwise not read again. Absent where each is. */
  users?(db: Knex): Knex.QueryBuilder;
}

/** Converts the columns of the last reading. */
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

/** Condition of rows whose thing exists, as far as is known: the last reading did not miss it. */
export const isThere = (table: string) => (row: Knex.QueryBuilder) => {
  const kind = `${table}.problem_kind`;
  row.whereNull(kind).orWhereNot(kind, 'not-found');
};

/** A row as the statement returns it that keeps it: its key, and two times. */
type KeptRow = Record<string, BigInteger>;

/**
 * Rows of one kind of thing that is read from Azure: facts with the time that they show, the problem of the last
 * failed reading, and the time of our own last change.
 *
 * Whatever differs from before has the registries that depend on it judged again, in the same transaction.
 */
export class FactTable<
  T extends FactTableName,
  Name,
  Facts,
  Columns extends StoredColumns = StoredColumns,
> {
  protected readonly db: Knex;
  readonly #description: FactDescription<T, Name, Facts, Columns>;
  /** As text: the statements here are the same for every table. */
  protected readonly table: string;
  readonly #primaryKey: readonly (keyof KeyOf<T> & string)[];
  /** Whether the queue reads these things. Other facts are read by those who need them. */
  readonly #isQueued: boolean;

  constructor(db: Knex, description: FactDescription<T, Name, Facts, Columns>) {
    this.db = db;
    this.#description = description;
    this.table = description.table;
    this.#primaryKey = PRIMARY_KEYS[description.table];
    this.#isQueued = description.table !== 'facts';
  }

  /** The row of one thing, for those who read it. */
  of(name: Name): StoredReading<Facts> {
    const { thing } = this.#description;
    return {
      name: `${thing} ${this.#textOf(this.keyOf(name))}`,
      read: () => this.get(name),
      keep: (facts, reading) => this.keepEach([{ name, facts }], reading),
      keepProblem: (problem, at) => this.keepProblem(name, problem, at),
    };
  }

  async get(name: Name): Promise<StoredFact<Facts> | undefined> {
    const [row] = await this.#select(this.rows([this.keyOf(name)]));
    return row && this.#description.stored(row);
  }

  /** Stored facts of several things. Omits things without a row. */
  async getEach(
    keys: readonly KeyOf<T>[],
  ): Promise<{ key: KeyOf<T>; fact: StoredFact<Facts> }[]> {
    const rows = await findInBatches(keys, batch =>
      this.#select<KeyOf<T>>(this.rows(batch).select(...this.#primaryKey)),
    );
    return rows.map(row => ({ key: row, fact: this.#description.stored(row) }));
  }

  /** Primary key of a thing's row. */
  keyOf(name: Name): KeyOf<T> {
    return this.#description.placeOf(name).key;
  }

  /** Query of these rows. */
  rows(keys: readonly KeyOf<T>[], db: Knex = this.db): Knex.QueryBuilder {
    return db(this.table).whereIn(
      [...this.#primaryKey],
      keys.map(key => this.#valuesOf(key)),
    );
  }

  /** Query of the rows that no list has held since `before`, and that were not read or changed otherwise. */
  protected untouchedSince(before: number, db = this.db): Knex.QueryBuilder {
    return db(this.table).where(row => {
      for (const column of ['seen_at', 'read_at', 'problem_at', 'expired_at']) {
        row.where(one => one.whereNull(column).orWhere(column, '<', before));
      }
    });
  }

  /** Query of the rows of things that exist, as far as is known. */
  protected there(): Knex.QueryBuilder {
    return this.db(this.table).whereNotNull('facts').where(isThere(this.table));
  }

  /** Facts of a query of these rows, in the order of their keys. */
  protected async known(query: Knex.QueryBuilder): Promise<Facts[]> {
    const rows = await this.#select(query.orderBy([...this.#primaryKey]));
    return rows.flatMap(row => this.#description.stored(row).value ?? []);
  }

  /**
   * Keeps facts, in batches. A slow old answer never replaces a newer one. A mark of age stays.
   *
   * @param alongWith - called in each transaction with the rows that differ
   * @returns keys of the rows whose facts or problem differ from before
   */
  async keepEach(
    things: readonly FactToKeep<Name, Facts>[],
    reading: Reading,
    alongWith?: (trx: Knex, changed: readonly KeyOf<T>[]) => Promise<void>,
  ): Promise<KeyOf<T>[]> {
    const rows = things
      .map(thing => this.#toRow(thing, reading))
      .sort((a, b) =>
        inLockOrder(this.#valuesOf(a.key), this.#valuesOf(b.key)),
      );
    const { seenAt } = reading;
    const changed: KeyOf<T>[] = [];
    for (const batch of batchesOf(rows)) {
      await this.#together(async trx => {
        const ofBatch = await this.#write(trx, batch);
        if (seenAt !== undefined) await this.#see(trx, batch, seenAt);
        await alongWith?.(trx, ofBatch);
        await this.changed(trx, ofBatch);
        changed.push(...ofBatch);
      });
    }
    return changed;
  }

  /** Keeps the problem of a failed reading. The facts of the last successful reading stay. */
  async keepProblem(
    name: Name,
    problem: AzureProblem,
    at: number,
  ): Promise<void> {
    const { key, columns } = this.#description.placeOf(name);
    await this.#together(async trx => {
      await trx(this.table)
        .insert({
          ...key,
          ...columns,
          problem: JSON.stringify(problem),
          problem_kind: problem.kind,
          problem_at: at,
        })
        .onConflict([...this.#primaryKey])
        .merge(['problem', 'problem_kind', 'problem_at'])
        .where(older =>
          older
            .whereNull(`${this.table}.read_at`)
            .orWhere(`${this.table}.read_at`, '<=', at),
        );
      await this.changed(trx, [key]);
    });
  }

  /** Marks the stored facts as old, after our own change. A reading that has begun before is old as well. */
  async expire(name: Name, at: number): Promise<void> {
    const { key, columns } = this.#description.placeOf(name);
    await this.db(this.table)
      .insert({ ...key, ...columns, expired_at: at })
      .onConflict([...this.#primaryKey])
      .merge(this.expired(at));
  }

  /**
   * Values of rows that have changed: what was read before is old, and is queued to be read again.
   *
   * @param where - condition of the rows that have changed, in SQL
   */
  protected expired(at: number | Knex.Raw, where = 'true'): object {
    const { users } = this.#description;
    const isKnown = `${where} and ${this.table}.read_at <= ?${users ? ' and exists ?' : ''}`;
    const whereKnown = (column: string, value: string | number | Knex.Raw) =>
      this.db.raw(
        `case when ${isKnown} then ? else ${this.table}.${column} end`,
        [at, ...(users ? [users(this.db)] : []), value],
      );
    return {
      expired_at: this.db.raw(
        `case when ${where} then ? else ${this.table}.expired_at end`,
        [at],
      ),
      ...(this.#isQueued && {
        next_read_at: whereKnown('next_read_at', at),
        read_why: whereKnown('read_why', 'changed'),
        read_attempts: whereKnown('read_attempts', 0),
      }),
    };
  }

  /** Called in the transaction that has changed these rows, or is about to delete them. */
  protected async changed(trx: Knex, keys: readonly KeyOf<T>[]): Promise<void> {
    const { judged } = this.#description;
    if (!judged || keys.length === 0) return;
    await judgeAgain(trx, registries => judged(registries, keys));
  }

  /** Runs a write and what follows from it in one transaction. Where nothing does, one statement is enough. */
  async #together(work: (db: Knex) => Promise<void>): Promise<void> {
    await (this.#description.judged
      ? this.db.transaction(work)
      : work(this.db));
  }

  async #select<More = unknown>(
    query: Knex.QueryBuilder,
  ): Promise<(Columns & More)[]> {
    const rows: unknown[] = await query.select(
      ...this.#description.storedColumns,
    );
    return rows as (Columns & More)[];
  }

  #toRow(
    { name, facts, reading: own }: FactToKeep<Name, Facts>,
    reading: Reading,
  ): RowToKeep<T> {
    const { placeOf, columnsOf, jsonOf } = this.#description;
    const { key, columns } = placeOf(name);
    return {
      key,
      columns: { ...columns, ...columnsOf(facts, name) },
      facts: jsonOf ? jsonOf(facts) : facts,
      reading: own ?? reading,
    };
  }
  /** @returns keys of the rows whose facts or problem differ from before */
  async #write(trx: Knex, rows: readonly RowToKeep<T>[]): Promise<KeyOf<T>[]> {
    const same = `${this.table}.facts = excluded.facts and ${this.table}.problem is null`;
    const unless = (column: string) =>
      trx.raw(
        `case when ${this.table}.problem_at > excluded.read_at then ${this.table}.${column} end`,
      );
    // Whatever queued it is older than this reading. A claimed row is due later, and left to its reader.
    const unlessWaited = (column: string, otherwise: 0 | null = null) =>
      trx.raw(
        `case when ${this.table}.next_read_at < excluded.read_at then ${otherwise} else ${this.table}.${column} end`,
      );
    const kept: KeptRow[] = await trx(this.table)
      .insert(
        rows.map(({ key, columns, facts, reading }) => ({
          ...key,
          ...columns,
          facts: canonicalJson(facts),
          read_at: reading.readAt,
          lag_ms: reading.lagMs ?? 0,
          azure_at: reading.azureAt,
          changed_at: reading.readAt,
        })),
      )
      .onConflict([...this.#primaryKey])
      .merge({
        ...Object.fromEntries(
          [
            ...Object.keys(rows[0].columns),
            'facts',
            'read_at',
            'lag_ms',
            'azure_at',
          ].map(column => [column, trx.raw(`excluded.${column}`)]),
        ),
        changed_at: trx.raw(
          `case when ${same} then ${this.table}.changed_at else excluded.changed_at end`,
        ),
        problem: unless('problem'),
        problem_kind: unless('problem_kind'),
        problem_at: unless('problem_at'),
        ...(this.#isQueued && {
          next_read_at: unlessWaited('next_read_at'),
          read_why: unlessWaited('read_why'),
          read_attempts: unlessWaited('read_attempts', 0),
        }),
      })
      .where(older =>
        older
          .whereNull(`${this.table}.read_at`)
          .orWhereRaw(`${this.table}.read_at <= excluded.read_at`),
      )
      .returning([...this.#primaryKey, 'changed_at', 'read_at']);
    return kept
      .filter(row => Number(row.changed_at) === Number(row.read_at))
      .map(
        row =>
          Object.fromEntries(
            this.#primaryKey.map(column => [column, row[column]]),
          ) as KeyOf<T>,
      );
  }

  async #see(
    trx: Knex,
    rows: readonly RowToKeep<T>[],
    seenAt: number,
  ): Promise<void> {
    await this.rows(
      rows.map(({ key }) => key),
      trx,
    )
      .where(older =>
        older.whereNull('seen_at').orWhere('seen_at', '<', seenAt),
      )
      .update({ seen_at: seenAt });
  }

  #valuesOf(key: KeyOf<T>): string[] {
    return this.#primaryKey.map(column => key[column]);
  }

  #textOf(key: KeyOf<T>): string {
    return this.#valuesOf(key).join(' ');
  }
}
