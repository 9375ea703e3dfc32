import type { Knex } from 'knex';

/**
 * Time that a statement waits for a row locked by another transaction: a request has to be answered within
 * seconds. Milliseconds. Our choice.
 */
const LOCK_LIMIT_MS = 4000;
/**
 * After so long without a statement the server ends a transaction, and frees its rows: the process
 * behind it was stopped in the middle. Milliseconds. Our choice.
 */
const IDLE_LIMIT_MS = 10_000;

/**
 * A transaction that other ones do not wait for in silence. SQLite has one writer at a time, which its
 * driver waits for.
 */
export async function inTransaction<T>(
  db: Knex,
  work: (trx: Knex.Transaction) => Promise<T>,
  { lockLimitMs = LOCK_LIMIT_MS, idleLimitMs = IDLE_LIMIT_MS } = {},
): Promise<T> {
  let cause: unknown;
  try {
    return await db.transaction(async trx => {
      if (db.client.config.client === 'pg') {
        await trx.raw(
          `set local lock_timeout = ${lockLimitMs}; set local idle_in_transaction_session_timeout = ${idleLimitMs}`,
        );
      }
      return work(trx).catch(error => {
        cause = error;
        throw error;
      });
    });
  } catch (error) {
    // SQLite rolls back by itself when its disk is full, and refuses to do so again.
    throw cause ?? error;
  }
}
