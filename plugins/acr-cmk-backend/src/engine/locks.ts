import {
  operationApprovePermission,
  TargetBusy,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { AuditLog } from '../platform/audit/AuditLog';
import { type Effect, standsDespite } from '../domain/effects';
import { isoTime } from '../platform/database/clock';
import { describeStep, readStep } from '../domain/steps';
import type {
  OperationRow,
  OperationStepRow,
} from '../platform/database/tables';
import { auditSubjectOf } from './rows';
import type { StoredNeed } from './types';

/**
 * Time for which a revoke that could not begin at once goes first, which somebody needs to approve it or to try
 * again. Milliseconds. Our choice.
 */
const CLAIM_MS = 15 * 60_000;

/**
 * Keeps other operations from beginning on the targets of a revoke that waits for an approval, or met another
 * operation. Otherwise an owner could hold it off by one rotation after another. Where others have to agree, it
 * keeps only its own registry.
 */
export async function keepForRevoke(
  db: Knex,
  {
    registryKey,
    requestedBy,
    locks,
    needs,
    now,
  }: {
    registryKey: string;
    requestedBy: string;
    locks: readonly string[];
    needs: readonly Pick<StoredNeed, 'permission'>[];
    now: number;
  },
): Promise<void> {
  const isItsOwn = needs.every(
    ({ permission }) => permission === operationApprovePermission.name,
  );
  const targets = isItsOwn ? locks : [registryKey];
  if (targets.length === 0) return;
  await db('revoke_claims').where('until', '<=', now).delete();
  await db('revoke_claims')
    .insert(
      targets.map(target => ({
        target,
        requested_by: requestedBy,
        until: now + CLAIM_MS,
      })),
    )
    .onConflict(['target', 'requested_by'])
    .merge();
}

/** Whether an operation lets revokes go first: what gives something back is up to those who may restore. */
const givesWay = (kind: string) => kind !== 'revoke' && kind !== 'restore';

/** Target of an operation that is kept for a revoke, and until when. */
export async function keptForRevoke(
  db: Knex,
  {
    kind,
    targets,
    now,
  }: { kind: string; targets: readonly string[]; now: number },
): Promise<{ target: string; keptUntil: string } | undefined> {
  if (!givesWay(kind)) return undefined;
  const claim = await db('revoke_claims')
    .whereIn('target', [...targets])
    .where('until', '>', now)
    .orderBy('until', 'desc')
    .first();
  return (
    claim && { target: claim.target, keptUntil: isoTime(Number(claim.until)) }
  );
}

/**
 * Takes the locks of an operation that begins. What has not begun, or waits with no write on its way, gives way
 * to a revoke.
 *
 * @throws TargetBusy when another operation holds one, or a revoke goes first
 */
export async function takeLocks(
  trx: Knex.Transaction,
  operation: {
    id: string;
    kind: string;
    requestedBy: string;
    effects?: readonly Effect[];
  },
  {
    targets,
    now,
    audit,
  }: { targets: readonly string[]; now: number; audit: AuditLog },
): Promise<void> {
  const { id, kind, requestedBy, effects = [] } = operation;
  if (kind === 'revoke') {
    const revoke = { id, requestedBy, effects };
    await endUnbegun(trx, { targets, revoke, now }, audit);
    await endWaiting(trx, { targets, revoke, now }, audit);
  }
  const kept = await keptForRevoke(trx, { kind, targets, now });
  if (kept) throw new TargetBusy(kept.target, kept);
  const held = await trx('operation_locks').whereIn('target', [...targets]);
  const other = held.find(lock => lock.operation_id !== id);
  if (other) throw new TargetBusy(other.target, other.operation_id);
  const own = new Set(held.map(({ target }) => target));
  // In one order for all, so that no two wait for each other.
  for (const target of targets.filter(one => !own.has(one)).sort()) {
    await trx('operation_locks').insert({ target, operation_id: id });
  }
  if (kind === 'revoke') await endClaims(trx, { targets, requestedBy });
}

/** Takes the locks of an operation that has waited for an approval, as its plan names them. */
export async function takePlannedLocks(
  trx: Knex.Transaction,
  { id, kind, plan_id: planId, requested_by: requestedBy }: OperationRow,
  { now, audit }: { now: number; audit: AuditLog },
): Promise<void> {
  const { locks: targets, effects } = await draftOf(trx, planId);
  await takeLocks(
    trx,
    { id, kind, requestedBy, effects },
    { targets, now, audit },
  );
}

/** Locks that a plan names. */
export async function plannedLocks(
  db: Knex,
  planId: string,
): Promise<string[]> {
  return (await draftOf(db, planId)).locks;
}

async function draftOf(
  db: Knex,
  planId: string,
): Promise<{ locks: string[]; effects?: Effect[] }> {
  const plan = await db('plans').where({ id: planId }).first('draft');
  return JSON.parse(plan!.draft);
}

/** Lets others begin again on the targets of a revoke that a person has cancelled or rejected. */
export async function keepNoLonger(
  trx: Knex.Transaction,
  { kind, plan_id: planId, requested_by: requestedBy }: OperationRow,
): Promise<void> {
  if (kind !== 'revoke') return;
  const targets = await plannedLocks(trx, planId);
  await endClaims(trx, { targets, requestedBy });
}

/** Ends the claims of one person: another's revoke of the same targets still goes first. */
async function endClaims(
  trx: Knex.Transaction,
  { targets, requestedBy }: { targets: readonly string[]; requestedBy: string },
): Promise<void> {
  await trx('revoke_claims')
    .where({ requested_by: requestedBy })
    .whereIn('target', [...targets])
    .delete();
}

/** Steps of an operation that has written nothing, as if nobody had begun it. */
export async function resetSteps(
  trx: Knex.Transaction,
  operationId: string,
): Promise<void> {
  await trx('operation_steps').where({ operation_id: operationId }).update({
    state: 'pending',
    checkpoint: '{}',
    before: null,
    after: null,
    message: null,
    correlation_id: null,
    started_at: null,
    ended_at: null,
  });
}

/** Gives back every lock of an operation. */
export async function releaseLocks(
  trx: Knex.Transaction,
  operationId: string,
): Promise<void> {
  await trx('operation_locks').where({ operation_id: operationId }).delete();
}

/** Operations that no worker has begun: they hold their locks, and give way to a revoke. */
export const unbegun = (query: Knex.QueryBuilder, now: number) =>
  query
    .whereNotNull('due_at')
    .whereNot({ state: 'awaiting-approval' })
    .whereNot({ kind: 'revoke' })
    .whereNull('started_at')
    .where(free =>
      free.whereNull('lease_until').orWhere('lease_until', '<', now),
    );

/** Requests that wait for an approval and would work on one of these targets. They hold no locks. */
async function waitingOn(
  trx: Knex.Transaction,
  targets: readonly string[],
): Promise<OperationRow[]> {
  const rows: (OperationRow & { draft: string })[] = await trx('operations')
    .join('plans', 'plans.id', 'operations.plan_id')
    .where('operations.state', 'awaiting-approval')
    // One of a campaign goes back to it when it is approved.
    .whereNull('operations.campaign_id')
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
  revoke: { id: string; requestedBy: string; effects: readonly Effect[] };
  now: number;
}

/**
 * A revoke never waits behind a request that has not begun: that ends here, and says why. So does one
 * that waits for an approval; it would be refused when it gets that. One of a campaign goes back to it.
 */
async function endUnbegun(
  trx: Knex.Transaction,
  { targets, revoke, now }: Overtaking,
  audit: AuditLog,
): Promise<void> {
  if (targets.length === 0) return;
  const holding: OperationRow[] = await unbegun(
    trx('operations').whereIn(
      'id',
      trx('operation_locks')
        .whereIn('target', [...targets])
        .select('operation_id'),
    ),
    now,
  );
  const unfit = [...holding, ...(await waitingOn(trx, targets))];
  for (const row of unfit) {
    const { id, epoch } = row;
    const isHeld = row.campaign_id !== null;
    const message = `Nothing was written, because the plan no longer fits: operation ${revoke.id}, a revoke, went first. Create a new plan`;
    const landed = await trx('operations')
      .where({ id, epoch })
      .update({
        revision: trx.raw('revision + 1'),
        epoch: Number(epoch) + 1,
        due_at: null,
        lease_owner: null,
        lease_until: null,
        waiting_for: null,
        ...(isHeld
          ? { state: 'held' }
          : {
              state: 'cancelled',
              ended_at: now,
              result: JSON.stringify({ message, code: 'TARGET_BUSY' }),
            }),
      });
    // It has begun after all; the revoke meets its lock.
    if (landed !== 1) continue;
    await releaseLocks(trx, id);
    if (isHeld) continue;
    await audit.append(trx, {
      ...auditSubjectOf(row, revoke.requestedBy),
      event: 'operation-cancelled',
      details: { message },
    });
  }
}

const writes = ({ spec }: OperationStepRow) =>
  describeStep(JSON.parse(spec)).writes;

/**
 * Operations that hold one of these targets and give way to a revoke: no earlier write can still arrive, and
 * either no step that is left writes, or no worker has the operation and each write that it sent was seen to the
 * end. A write at which Azure hangs may arrive later where the revoke stands despite it.
 */
export async function waitingOf(
  db: Knex,
  {
    targets,
    revoke,
    now,
  }: {
    targets: readonly string[];
    revoke: Pick<Overtaking['revoke'], 'effects'>;
    now: number;
  },
): Promise<{ row: OperationRow; left: OperationStepRow[] }[]> {
  const rows: OperationRow[] = await db('operations')
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
  const waiting = await Promise.all(
    rows.map(async row => {
      const left: OperationStepRow[] = await db('operation_steps')
        .where({ operation_id: row.id })
        .whereNotIn('state', ['done', 'unchanged'])
        .orderBy('position');
      return { row, left };
    }),
  );
  return waiting.filter(
    ({ row, left }) =>
      left.length > 0 &&
      (!left.some(writes) ||
        (row.lease_until === null &&
          left.every(
            step =>
              Number(step.attempts) === 0 ||
              standsDespite(revoke.effects, {
                sent: readStep(JSON.parse(step.spec))?.effects ?? [],
                operation: JSON.parse(row.effects ?? '[]'),
              }),
          ))),
  );
}

/** A revoke does not wait until another operation goes on: that ends, and says what is left of it. */
async function endWaiting(
  trx: Knex.Transaction,
  { targets, revoke, now }: Overtaking,
  audit: AuditLog,
): Promise<void> {
  if (targets.length === 0) return;
  for (const { row, left } of await waitingOf(trx, { targets, revoke, now })) {
    const { id, epoch } = row;
    const [{ position, spec }] = left;
    const { title } = describeStep(JSON.parse(spec));
    const code = 'TARGET_BUSY';
    const isWritten = !left.some(writes);
    const isSent = left.some(({ attempts }) => Number(attempts) > 0);
    const state = isWritten ? 'unverified' : 'failed';
    const message = `${
      isWritten
        ? `Everything was written, but its effect was not fully confirmed (${title})`
        : `It was stopped before it was complete (${title}). The steps show what was written${isSent ? ', and Azure may still carry out the last write' : ''}`
    }, because operation ${revoke.id}, a revoke, went first`;
    const landed = await trx('operations')
      .where({ id, epoch })
      .update({
        revision: trx.raw('revision + 1'),
        epoch: Number(epoch) + 1,
        state,
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
      details: { state, code, message },
    });
  }
}
