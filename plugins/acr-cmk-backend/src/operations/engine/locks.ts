import { TargetBusy } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { AuditLog } from '../../audit/AuditLog';
import { describeStep } from '../../steps';
import { auditSubjectOf, type Row } from './rows';

/**
 * Takes the locks of an operation that begins. What has not begun, or writes nothing more, gives way to a revoke.
 *
 * @throws TargetBusy when another operation holds one
 */
export async function takeLocks(
  trx: Knex.Transaction,
  operation: { id: string; kind: string; requestedBy: string },
  {
    targets,
    now,
    audit,
  }: { targets: readonly string[]; now: number; audit: AuditLog },
): Promise<void> {
  const { id, kind } = operation;
  if (kind === 'revoke') {
    await endUnbegun(trx, { targets, revoke: operation, now }, audit);
    await endWatches(trx, { targets, revoke: operation, now }, audit);
  }
  const held = await trx('operation_locks').whereIn('target', [...targets]);
  const other = held.find(lock => lock.operation_id !== id);
  if (other) throw new TargetBusy(other.target, other.operation_id);
  const own = new Set(held.map(({ target }) => target));
  // In one order for all, so that no two wait for each other.
  for (const target of targets.filter(one => !own.has(one)).sort()) {
    await trx('operation_locks').insert({ target, operation_id: id });
  }
}

/** Takes the locks of an operation that has waited for an approval, as its plan names them. */
export async function takePlannedLocks(
  trx: Knex.Transaction,
  { id, kind, plan_id: planId, requested_by: requestedBy }: Row,
  { now, audit }: { now: number; audit: AuditLog },
): Promise<void> {
  const plan = await trx('plans').where({ id: planId }).first('draft');
  const targets: string[] = JSON.parse(plan!.draft).locks;
  await takeLocks(trx, { id, kind, requestedBy }, { targets, now, audit });
}

/** Gives back every lock of an operation. */
export async function releaseLocks(
  trx: Knex.Transaction,
  operationId: string,
): Promise<void> {
  await trx('operation_locks').where({ operation_id: operationId }).delete();
}

/** Operations in their waiting period: they hold their locks, and give way to a revoke. */
export const unbegun = (query: Knex.QueryBuilder, now: number) =>
  query
    .where({ state: 'waiting' })
    .whereNot({ kind: 'revoke' })
    .whereNull('started_at')
    .where('begins_at', '>', now);

/** Requests that wait for an approval and would work on one of these targets. They hold no locks. */
async function waitingOn(
  trx: Knex.Transaction,
  targets: readonly string[],
): Promise<Row[]> {
  const rows: Row[] = await trx('operations')
    .join('plans', 'plans.id', 'operations.plan_id')
    .where('operations.state', 'awaiting-approval')
    // A revoke beside another one still takes something away.
    .whereNot('operations.kind', 'revoke')
    .select('operations.*', 'plans.draft');
  return rows.filter(({ draft }) =>
    (JSON.parse(draft).locks as string[]).some(one => targets.includes(one)),
  );
}

/** A revoke, and the targets that it takes over from other operations. */
interface Overtaking {
  targets: readonly string[];
  revoke: { id: string; requestedBy: string };
  now: number;
}

/**
 * A revoke never waits behind a request that has not begun: that ends here, and says why. So does one
 * that waits for an approval; it would be refused when it gets that.
 */
async function endUnbegun(
  trx: Knex.Transaction,
  { targets, revoke, now }: Overtaking,
  audit: AuditLog,
): Promise<void> {
  if (targets.length === 0) return;
  const inWaitingPeriod: Row[] = await unbegun(
    trx('operations').whereIn(
      'id',
      trx('operation_locks')
        .whereIn('target', [...targets])
        .select('operation_id'),
    ),
    now,
  );
  const unfit = [...inWaitingPeriod, ...(await waitingOn(trx, targets))];
  for (const row of unfit) {
    const { id, epoch } = row;
    const message = `Nothing was written, because the plan no longer fits: operation ${revoke.id}, a revoke, went first. Create a new plan`;
    const landed = await trx('operations')
      .where({ id, epoch })
      .update({
        revision: trx.raw('revision + 1'),
        epoch: Number(epoch) + 1,
        state: 'cancelled',
        ended_at: now,
        due_at: null,
        waiting_for: null,
        result: JSON.stringify({ message, code: 'TARGET_BUSY' }),
      });
    // It has begun after all; the revoke meets its lock.
    if (landed !== 1) continue;
    await releaseLocks(trx, id);
    await audit.append(trx, {
      ...auditSubjectOf(row, revoke.requestedBy),
      event: 'operation-cancelled',
      details: { message },
    });
  }
}

/**
 * Operations that hold one of these targets, and only wait for what Azure does by itself: no step that is left
 * writes, and no earlier write can still arrive.
 */
export async function watchesOf(
  db: Knex,
  targets: readonly string[],
  now: number,
): Promise<{ row: Row; left: Row[] }[]> {
  const rows: Row[] = await db('operations')
    .whereIn(
      'id',
      db('operation_locks')
        .whereIn('target', [...targets])
        .select('operation_id'),
    )
    .whereNot({ kind: 'revoke' })
    .whereNotNull('started_at')
    .where(settled =>
      settled.whereNull('settles_at').orWhere('settles_at', '<=', now),
    );
  const watches = await Promise.all(
    rows.map(async row => {
      const left: Row[] = await db('operation_steps')
        .where({ operation_id: row.id })
        .whereNotIn('state', ['done', 'unchanged'])
        .orderBy('position');
      return { row, left };
    }),
  );
  return watches.filter(
    ({ left }) =>
      left.length > 0 &&
      left.every(({ spec }) => !describeStep(JSON.parse(spec)).writes),
  );
}

/** A revoke does not wait until Azure has done by itself what another operation watches: that ends unverified. */
async function endWatches(
  trx: Knex.Transaction,
  { targets, revoke, now }: Overtaking,
  audit: AuditLog,
): Promise<void> {
  if (targets.length === 0) return;
  for (const { row, left } of await watchesOf(trx, targets, now)) {
    const { id, epoch } = row;
    const [{ position, spec }] = left;
    const code = 'TARGET_BUSY';
    const message = `Everything was written, and its effect was not seen to the end (${
      describeStep(JSON.parse(spec)).title
    }), because operation ${revoke.id}, a revoke, went first`;
    const landed = await trx('operations')
      .where({ id, epoch })
      .update({
        revision: trx.raw('revision + 1'),
        epoch: Number(epoch) + 1,
        state: 'unverified',
        ended_at: now,
        due_at: null,
        lease_owner: null,
        lease_until: null,
        waiting_for: null,
        result: JSON.stringify({ message, code }),
      });
    // A worker has ended it meanwhile.
    if (landed !== 1) continue;
    await trx('operation_steps')
      .where({ operation_id: id, position })
      .update({ state: 'failed', message, ended_at: now });
    await releaseLocks(trx, id);
    await audit.append(trx, {
      ...auditSubjectOf(row, revoke.requestedBy),
      event: 'operation-ended',
      details: { state: 'unverified', code, message },
    });
  }
}
