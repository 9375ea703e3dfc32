import type { Knex } from 'knex';

export function isSqlite(db: Pick<Knex, 'client'>): boolean {
  return /sqlite/.test(String(db.client.config.client));
}

/**
 * Memory in which SQLite keeps pages, for the tables of ten thousand registries. With its default of 2 MB, a count over
 * them reads each page from the file again, in the thread of the portal. KiB.
 */
const CACHE_KIB = 64 * 1024;

/**
 * Switches SQLite to write-ahead logging: a commit waits once for the disk instead of about four times, and the
 * driver blocks the thread of the whole portal while it waits. `FULL` makes every commit wait, so that an
 * answered write survives a power failure; without it SQLite does not guarantee that
 * (https://sqlite.org/pragma.html#pragma_synchronous). Gives it more memory. Does nothing with another database.
 */
export async function tuneSqlite(db: Knex): Promise<void> {
  if (!isSqlite(db)) return;
  await db.raw('PRAGMA journal_mode = WAL');
  await db.raw('PRAGMA synchronous = FULL');
  await db.raw(`PRAGMA cache_size = -${CACHE_KIB}`);
}
