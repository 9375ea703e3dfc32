import type { Knex } from 'knex';

export function isSqlite(db: Pick<Knex, 'client'>): boolean {
  return /sqlite/.test(String(db.client.config.client));
}

/**
 * Switches SQLite to write-ahead logging: a commit waits once for the disk instead of about four times, and the
 * driver blocks the thread of the whole portal while it waits. `FULL` makes every commit wait, so that an
 * answered write survives a power failure; without it SQLite does not guarantee that
 * (https://sqlite.org/pragma.html#pragma_synchronous). Does nothing with another database.
 */
export async function writeAhead(db: Knex): Promise<void> {
  if (!isSqlite(db)) return;
  await db.raw('PRAGMA journal_mode = WAL');
  await db.raw('PRAGMA synchronous = FULL');
}
