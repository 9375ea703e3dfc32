import type { Knex } from 'knex';
import { rowsOf } from './rowsOf';

type Value = string | number;

/** Values of a statement by their names; a list is for `in (…)`. */
type Values = Record<string, Value | readonly Value[]>;

/** Stands for a value while a statement is built. */
const MARK = '\u0000';

/** Lengths of lists for which a statement is kept. Our choice: a batch of the inventory has at most 200. */
const MOST_KEPT = 256;

/** A statement with the place of each of its values. */
interface Built {
  sql: string;
  bindings: { fixed: unknown; from?: { name: string; at?: number } }[];
}

/**
 * A statement whose runs differ in their values alone. Its SQL is built once; with a list, once for each length
 * of the list. Knex needs longer to build a statement than the database to find a few rows.
 */
export class FixedStatement<V extends Values> {
  readonly #db: Knex;
  readonly #build: (db: Knex, values: V) => Knex.QueryBuilder;
  readonly #built = new Map<string, Built>();

  /** @param build - may pass the values on, and must not look into them */
  constructor(db: Knex, build: (db: Knex, values: V) => Knex.QueryBuilder) {
    this.#db = db;
    this.#build = build;
  }

  async rows(values: V): Promise<any[]> {
    const { sql, bindings } = this.#builtFor(values);
    return rowsOf(
      await this.#db.raw(
        sql,
        bindings.map(({ fixed, from }) => {
          if (!from) return fixed as Value;
          const value = values[from.name];
          return (
            from.at === undefined ? value : (value as Value[])[from.at]
          ) as Value;
        }),
      ),
    );
  }

  #builtFor(values: V): Built {
    const shape = Object.entries(values)
      .map(([name, value]) =>
        Array.isArray(value) ? `${name} ${value.length}` : name,
      )
      .join();
    let built = this.#built.get(shape);
    if (!built) {
      built = this.#buildFor(values);
      if (this.#built.size < MOST_KEPT) this.#built.set(shape, built);
    }
    return built;
  }

  #buildFor(values: V): Built {
    const places = new Map<unknown, { name: string; at?: number }>();
    const mark = (name: string, at?: number) => {
      const text = [MARK, name, at].join(MARK);
      places.set(text, { name, at });
      return text;
    };
    const marks = Object.entries(values).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map((_, at) => mark(name, at)) : mark(name),
    ]);
    const { sql, bindings } = this.#build(
      this.#db,
      Object.fromEntries(marks),
    ).toSQL();
    return {
      sql,
      bindings: bindings.map(fixed => ({ fixed, from: places.get(fixed) })),
    };
  }
}
