import type { Knex } from 'knex';
import { isSqlite } from './sqlite';

/**
 * Compares primary keys in the order in which every writer locks rows: by their characters, without the rules of a
 * language. Two writers that lock rows in the same order never deadlock.
 */
export function inLockOrder(
  some: readonly string[],
  others: readonly string[],
): number {
  // A blank is lower than any character of a key.
  const [one, other] = [some.join(' '), others.join(' ')];
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/** Locks the rows of a query by their ids in the order of `inLockOrder`. With SQLite, a transaction holds all rows. */
export const lockedById =
  (trx: Knex) =>
  (query: Knex.QueryBuilder): void => {
    if (!isSqlite(trx)) query.orderByRaw('id collate "C"').forUpdate();
  };
