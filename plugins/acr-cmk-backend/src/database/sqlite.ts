import type { Knex } from 'knex';

export function isSqlite(db: Pick<Knex, 'client'>): boolean {
  return /sqlite/.test(String(db.client.config.client));
}

/**
 * Has SQLite write ahead: a commit waits once for the disk instead of about four times, and the driver
 * blocks the thread of the whole portal as long as it waits. `FULL` has every commit wait, so that what was
 * answered is there after a power failure as well; without it SQLite would leave that to chance here
 * (https://sqlite.org/pragma.html#pragma_synchronous). Nothing happens with another database.
 */
export async function writeAhead(db: Knex): Promise<void> {
  if (!isSqlite(db)) return;
  await db.raw('PRAGMA journal_mode = WAL');
  await db.raw('PRAGMA synchronous = FULL');
}
