import { DatabaseAway } from './DatabaseHealth';

/** SQLite's words for a file that cannot be used now. */
const SQLITE = /^SQLITE_(BUSY|CANTOPEN|IOERR|LOCKED|FULL|READONLY|NOTADB)/;
/**
 * PostgreSQL's classes of connection, operator's intervention and lack of resources; a lock that was not
 * to be had, and a transaction that was ended because nothing happened in it.
 */
const POSTGRES = /^((08|53|57P)[0-9A-Z]{2,3}|55P03|25P03)$/;
/** The network's words. */
const NETWORK = /^(ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|ETIMEDOUT)$/;
/** knex has no code of its own. */
const KNEX =
  /acquir(e|ing) a connection|Connection terminated|database connection is not open|is not queryable/i;

/** Does an error say that the database cannot be reached or used now, rather than that we are wrong? */
export function isDatabaseAway(error: unknown): boolean {
  const { code, message } = (error ?? {}) as {
    code?: unknown;
    message?: unknown;
  };
  const word = typeof code === 'string' ? code : '';
  return (
    error instanceof DatabaseAway ||
    SQLITE.test(word) ||
    POSTGRES.test(word) ||
    NETWORK.test(word) ||
    (typeof message === 'string' && KNEX.test(message))
  );
}
