/** Watches of pulls. They hold no lock and no lease: a result is stored only if the row is still as it was read. */
import type { RegistryId } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { Context } from '../platform/context';
import { type NextPulls, stillServes } from './pulls';
import type { OperationRow } from '../platform/database/tables';
import { auditSubjectOf, registryIdOf } from './rows';
import type { PullWatch } from './types';

/** An operation whose effect is looked for in pulls. */
export interface DuePulls {
  operationId: string;
  registryId: RegistryId;
  watch: PullWatch;
  dueAt: number;
  /** A later operation has changed what pulls get. */
  superseded: boolean;
}

/** Pulls that are due, the longest overdue first. */
export async function duePulls(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  limit: number,
): Promise<DuePulls[]> {
  const rows = await db('operations')
    .where('pulls_due_at', '<=', await clock.now())
    .orderBy('pulls_due_at')
    .limit(limit);
  return Promise.all(
    rows.map(async row => ({
      operationId: row.id,
      registryId: registryIdOf(row),
      watch: JSON.parse(row.pulls!),
      dueAt: Number(row.pulls_due_at),
      superseded: await isSuperseded(db, row),
    })),
  );
}

async function isSuperseded(db: Knex, row: OperationRow): Promise<boolean> {
  if (row.undone_by) return true;
  const later = await db('operations')
    .where({ registry_key: row.registry_key })
    .whereNot({ id: row.id })
    .where('started_at', '>=', row.ended_at!)
    .where('attempts', '>', 0)
    .first('id');
  return later !== undefined;
}

const STILL_SERVES =
  'When the test of pulls ended, the registry still served one (HTTP 200), so the revoke is not proven. Look for what else opens the key, and revoke that';

/**
 * Stores the result of a pull. The end of a watch is recorded. A revoke after which pulls still work has no proof any more,
 * whatever the vault has shown; one that was undone during the pull is not judged.
 *
 * @returns the watch as it is stored; undefined when somebody else has looked meanwhile
 */
export async function keepPull(
  { db, audit }: Pick<Context, 'db' | 'audit'>,
  { operationId, dueAt }: DuePulls,
  next: NextPulls,
): Promise<PullWatch | undefined> {
  return db.transaction(async trx => {
    const asRead = { id: operationId, pulls_due_at: dueAt };
    const row = await trx('operations').where(asRead).forUpdate().first();
    if (!row) return undefined;
    const watch: PullWatch =
      stillServes(next.watch) && (await isSuperseded(trx, row))
        ? { ...next.watch, state: 'stopped' }
        : next.watch;
    const end = stillServes(watch) ? withoutProof(row) : undefined;
    await trx('operations')
      .where({ id: operationId })
      .update({
        revision: trx.raw('revision + 1'),
        pulls: JSON.stringify(watch),
        pulls_due_at: next.dueAt,
        ...end,
      });
    if (next.dueAt === null) {
      const { wanted, state, reason, last } = watch;
      await audit.append(trx, {
        ...auditSubjectOf(row),
        event: 'pulls-observed',
        details: {
          wanted,
          state,
          ...(reason && { reason }),
          ...(last && { how: last.how, status: last.status }),
          ...(end && { operationState: end.state }),
        },
      });
    }
    return watch;
  });
}

function withoutProof({ result }: OperationRow) {
  const { message, ...others } = JSON.parse(result ?? '{}');
  return {
    state: 'unverified' as const,
    result: JSON.stringify({
      ...others,
      message: `${message}. ${STILL_SERVES}`,
    }),
  };
}
