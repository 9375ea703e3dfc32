/** Small values that the plugin remembers, by name, as JSON in `sync_state`. */
import type { Knex } from 'knex';

export async function readState<T>(
  db: Knex,
  name: string,
): Promise<{ value: T; at: number } | undefined> {
  const row = await db('sync_state').where({ name }).first();
  return row && { value: JSON.parse(row.value), at: Number(row.at) };
}

export async function setState(
  db: Knex,
  name: string,
  { value, now }: { value: unknown; now: number },
): Promise<void> {
  await db('sync_state')
    .insert({ name, value: JSON.stringify(value), at: now })
    .onConflict('name')
    .merge();
}

/** Sets a value, unless it is set. */
export async function insertState(
  db: Knex,
  name: string,
  { value, now }: { value: unknown; now: number },
): Promise<void> {
  await db('sync_state')
    .insert({ name, value: JSON.stringify(value), at: now })
    .onConflict('name')
    .ignore();
}

/**
 * Changes a value that one replica at a time changes.
 *
 * @returns whether it was changed: no other replica had changed it before
 */
export async function moveState(
  db: Knex,
  name: string,
  { from, to, now }: { from: unknown; to: unknown; now: number },
): Promise<boolean> {
  const moved = await db('sync_state')
    .where({ name, value: JSON.stringify(from) })
    .update({ value: JSON.stringify(to), at: now });
  return moved === 1;
}
