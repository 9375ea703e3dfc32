import type { Knex } from 'knex';

const NAME = 'fleet-changes';

/**
 * Records that lists and counts of the fleet may differ from now on. It belongs at the end of the transaction that
 * makes the change: writers wait for each other at its row.
 */
export async function fleetChanged(trx: Knex): Promise<void> {
  await trx('sync_state')
    .insert({ name: NAME, value: '1', at: 0 })
    .onConflict('name')
    .merge({
      value: trx.raw(
        'cast(cast(sync_state.value as bigint) + 1 as varchar(20))',
      ),
    });
}

/** The number of changes until now: lists and counts are the same while it is. */
export async function fleetChanges(db: Knex): Promise<string> {
  const row = await db('sync_state').where({ name: NAME }).first('value');
  return row?.value ?? '0';
}
