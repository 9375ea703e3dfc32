/** Operations that a campaign holds: how they leave that state. Each function takes the transaction of its caller. */
import type { Knex } from 'knex';
import type { AuditLog } from '../platform/audit/AuditLog';
import { batchesOf } from '../platform/database/batches';
import type { OperationRow } from '../platform/database/tables';
import { takePlannedLocks } from './locks';
import { auditSubjectOf } from './rows';
import { PLUGIN_ACTOR } from './types';

/**
 * Makes the campaign of an operation due now, because a person decides about the operation. It is locked before the
 * operation, as by all who change both.
 */
export async function wakeCampaignOf(
  trx: Knex.Transaction,
  operationId: string,
  now: number,
): Promise<void> {
  await trx('campaigns')
    .whereIn('state', ['running', 'paused'])
    .whereIn(
      'id',
      trx('operations')
        .where({ id: operationId })
        .whereNotNull('campaign_id')
        .select('campaign_id'),
    )
    .update({ due_at: now, revision: trx.raw('revision + 1') });
}

/** Lets held operations wait for the approvals that they need. */
export async function awaitApprovals(
  trx: Knex.Transaction,
  ids: readonly string[],
  expiresAt: number,
): Promise<void> {
  for (const batch of batchesOf(ids)) {
    await trx('operations')
      .whereIn('id', batch)
      .where({ state: 'held', approval: 'pending' })
      .update({
        revision: trx.raw('revision + 1'),
        state: 'awaiting-approval',
        waiting_for: 'Waiting for the approval of a second person',
        due_at: expiresAt,
        approval_expires_at: expiresAt,
      });
  }
}

/**
 * Takes back the approvals of held operations: somebody has to agree to them again.
 *
 * @param needs - those of each, by its id
 */
export async function withdrawApprovals(
  trx: Knex.Transaction,
  needs: ReadonlyMap<string, OperationRow['needs']>,
): Promise<void> {
  for (const [id, unmet] of needs) {
    await trx('operations')
      .where({ id, state: 'held' })
      .update({
        revision: trx.raw('revision + 1'),
        approval: 'pending',
        approval_by: null,
        approval_at: null,
        needs: unmet,
      });
  }
}

/**
 * Releases a held operation: it takes its locks, and a worker may begin it.
 *
 * @returns false when it is not held any more, or awaits somebody
 * @throws TargetBusy when another operation holds what it works on, or a revoke goes first
 */
export async function release(
  trx: Knex.Transaction,
  id: string,
  { now, audit }: { now: number; audit: AuditLog },
): Promise<boolean> {
  const row = await trx('operations').where({ id }).forUpdate().first();
  if (row?.state !== 'held' || row.approval === 'pending' || row.result) {
    return false;
  }
  await takePlannedLocks(trx, row, { now, audit });
  await trx('operations')
    .where({ id })
    .update({
      revision: trx.raw('revision + 1'),
      state: 'queued',
      waiting_for: null,
      due_at: now,
    });
  return true;
}

/** Sets a held operation aside until a person has looked, and records why. */
export async function setAside(
  trx: Knex.Transaction,
  id: string,
  { message, code, audit }: { message: string; code: string; audit: AuditLog },
): Promise<void> {
  const row = await trx('operations').where({ id, state: 'held' }).first();
  if (!row) return;
  await trx('operations')
    .where({ id, state: 'held' })
    .update({
      revision: trx.raw('revision + 1'),
      waiting_for: null,
      result: JSON.stringify({ message, code }),
    });
  await audit.append(trx, {
    ...auditSubjectOf(row, PLUGIN_ACTOR),
    event: 'campaign-member-changed',
    details: {
      campaignId: row.campaign_id,
      stage: row.stage,
      onBehalfOf: row.requested_by,
      code,
      message,
    },
  });
}
