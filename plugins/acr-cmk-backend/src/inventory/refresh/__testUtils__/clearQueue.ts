import type { Knex } from 'knex';

/** Forgets what is to be read, as if it had been read. */
export async function clearQueue(db: Knex): Promise<void> {
  for (const table of [
    'registries',
    'vaults',
    'keys',
    'access',
    'identities',
  ] as const) {
    await db(table).update({
      next_read_at: null,
      read_why: null,
      read_attempts: 0,
    });
  }
}
