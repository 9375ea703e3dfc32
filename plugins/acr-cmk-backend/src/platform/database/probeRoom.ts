import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';

const NAME = 'room-probe';
/** More than is free in the pages that a table has already; random, since PostgreSQL compresses. Bytes. */
const SIZE = 64 * 1024;

/**
 * Stores something that takes room on the disk, and removes it.
 *
 * @throws Error of the database when there is none
 */
export async function probeRoom(db: Knex): Promise<void> {
  await db('sync_state')
    .insert({ name: NAME, value: randomBytes(SIZE).toString('hex'), at: 0 })
    .onConflict('name')
    .merge();
  await db('sync_state').where({ name: NAME }).delete();
}
