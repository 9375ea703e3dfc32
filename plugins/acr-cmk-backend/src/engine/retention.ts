import type { Knex } from 'knex';
import { deleteHistory } from '../inventory/rows/history';
import type { Context } from '../platform/context';

/** Operations that are deleted in one transaction. */
const BATCH = 100;

/**
 * Deletes operations that ended before `time`, with their steps; their plans follow as those that nobody has accepted.
 * The audit record keeps what was done, by whom and why. Kept are revokes that are not undone, whose inverse is
 * needed, and the last operation of each kind and end of a registry, which explain the state that it is in: also the
 * last one that wrote, and the last one that made a key version. Kept are also the newest operations of the members of
 * campaigns, of which the reports are made.
 *
 * @returns how many were deleted
 */
export async function deleteEnded(
  db: Knex,
  time: number,
  signal?: AbortSignal,
): Promise<number> {
  let deleted = 0;
  while (!signal?.aborted) {
    const ids: string[] = await endedBefore(db, time).limit(BATCH).pluck('id');
    if (ids.length === 0) break;
    await db.transaction(async trx => {
      for (const table of ['operation_steps', 'registry_losses'] as const) {
        await trx(table).whereIn('operation_id', ids).delete();
      }
      await trx('operations').whereIn('id', ids).delete();
    });
    deleted += ids.length;
  }
  return deleted;
}

function endedBefore(db: Knex, time: number): Knex.QueryBuilder {
  return db('operations')
    .where('ended_at', '<', time)
    .whereNull('restores_at')
    .whereNull('pulls_due_at')
    .whereNot(pending =>
      pending
        .where({ kind: 'revoke' })
        .where('attempts', '>', 0)
        .whereNull('undone_by'),
    )
    .whereNotIn(
      'id',
      db('campaign_members')
        .whereNotNull('operation_id')
        .select('operation_id'),
    )
    .whereExists(
      db('operations as later')
        .whereRaw('later.registry_key = operations.registry_key')
        .whereRaw('later.kind = operations.kind')
        .whereRaw('later.state = operations.state')
        .whereRaw('later.ended_at > operations.ended_at')
        .whereRaw('(later.attempts > 0 or operations.attempts = 0)')
        .whereRaw(
          '(later.outputs like :made or operations.outputs not like :made)',
          { made: '%"newVersion"%' },
        )
        .select(db.raw('1')),
    );
}

/**
 * Deletes operations some time after they have ended, and the history of registries, where the configuration says so.
 */
export async function startRetention(context: Context): Promise<void> {
  const { retentionMs } = context.config;
  if (retentionMs === undefined) return;
  await context.tasks.every(60, {
    id: 'acr-cmk-old-operations',
    async fn(signal) {
      const before = (await context.clock.now()) - retentionMs;
      await deleteHistory(context.db, before);
      const deleted = await deleteEnded(context.db, before, signal);
      if (deleted > 0) {
        context.logger.info(
          `Deleted ${deleted} operations that ended before acrCmk.operations.retention`,
        );
      }
    },
  });
}
