/** The database has not answered in time. */
export class DatabaseAway extends Error {
  constructor() {
    super('The database does not answer');
  }
}

/** SQLite's words for a file that cannot be used now. */
const SQLITE = /^SQLITE_(BUSY|CANTOPEN|IOERR|LOCKED|FULL|READONLY|NOTADB)/;
/**
 * PostgreSQL's classes of connection, operator's intervention and lack of resources; a lock that was not
 * to be had, and a transaction that was ended because nothing happened in it.
 */
const POSTGRES = /^((08|53|57P)[0-9A-Z]{2,3}|55P03|25P03)$/;
/** The network's words for a connection that was lost. */
const NETWORK = /^(ECONNRESET|EPIPE|ETIMEDOUT)$/;
/** System calls without which there is no connection, whatever kept them from one. */
const CONNECTING = /^(connect|getaddrinfo)$/;
/** knex has no code of its own. */
const KNEX =
  /acquir(e|ing) a connection|Connection terminated|database connection is not open|is not queryable/i;

/** SQLite's and PostgreSQL's words for a disk without room. */
const FULL = /^(SQLITE_FULL|53100)$/;
/** PostgreSQL has no code of its own where it meets a full disk in a file of its log. */
const NO_SPACE = /No space left on device/i;

/** Whether an error says that the disk of the database is full. What was to be stored then is not. */
export function isDiskFull(error: unknown): boolean {
  const { code, message } = (error ?? {}) as {
    code?: unknown;
    message?: unknown;
  };
  return (
    (typeof code === 'string' && FULL.test(code)) ||
    (typeof message === 'string' && NO_SPACE.test(message))
  );
}

/** Does an error say that the database cannot be reached or used now, rather than that we are wrong? */
export function isDatabaseAway(error: unknown): boolean {
  const { code, message, syscall } = (error ?? {}) as {
    code?: unknown;
    message?: unknown;
    syscall?: unknown;
  };
  const word = typeof code === 'string' ? code : '';
  return (
    error instanceof DatabaseAway ||
    isDiskFull(error) ||
    SQLITE.test(word) ||
    POSTGRES.test(word) ||
    NETWORK.test(word) ||
    (typeof syscall === 'string' && CONNECTING.test(syscall)) ||
    (typeof message === 'string' && KNEX.test(message))
  );
}
