import {
  OperationStateConflict,
  utcTimeAfter,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { AuditEvent } from '../platform/audit/AuditLog';
import type { Context } from '../platform/context';
import { inTransaction } from '../platform/database/inTransaction';
import { isUniqueViolation } from '../platform/database/migrate';
import {
  keepForRevoke,
  keepNoLonger,
  plannedLocks,
  releaseLocks,
  takePlannedLocks,
} from './locks';
import type { OperationRow } from '../platform/database/tables';
import { auditSubjectOf, beginning, type Columns } from './rows';
import { wakeCampaignOf } from './held';
import { actorOf, type OperationRecord, type StoredNeed } from './types';

/** Idempotency key of a timer's restore: one for each time that it is tried. No client can send a colon. */
export const restoreKeyOf = (revokeId: string, from: number | '%') =>
  `restore-timer:${revokeId}:${from}`;

/** Thrown when the timer has stopped meanwhile. */
export class TimerStopped extends Error {}

/**
 * Whether a revoke has a timer that can be stopped. A timer cannot be stopped before the revoke begins: a
 * second person approves the plan as it was shown.
 */
export const canBeConfirmed = ({
  restoresAt,
  restoreAfterMinutes,
  startedAt,
  endedAt,
}: OperationRecord): boolean =>
  restoresAt !== undefined ||
  (restoreAfterMinutes !== undefined &&
    startedAt !== undefined &&
    endedAt === undefined);

/** Approval of a person. */
interface Approval {
  actor: string;
  /**
   * Relations by which the person has what a need takes that is not met yet; undefined for needs that they do not
   * meet.
   */
  meets(need: StoredNeed): readonly string[] | undefined;
}

/** Rejection by a person; with a code, of a plan that no longer fits. */
interface Rejection {
  actor: string;
  reason: string;
  code?: string;
  message: string;
}

/** A decision about an operation that waits for an approval, with its record. */
interface StoredDecision {
  event: AuditEvent;
  actor: string;
  fieldsOf(row: OperationRow, now: number): Columns;
  details(row: OperationRow): Record<string, unknown>;
  also?(row: OperationRow, now: number): Promise<void>;
}

/**
 * Stores decisions about an operation: cancel, approve, reject, or make a revoke permanent. Each is one
 * transaction with its audit record, and fences a worker that was about to begin or to expire the approval.
 */
export class ApprovalStore {
  readonly #context: Pick<Context, 'db' | 'clock' | 'audit'>;

  constructor(context: Pick<Context, 'db' | 'clock' | 'audit'>) {
    this.#context = context;
  }

  /**
   * Ends an operation that has written nothing to Azure yet.
   *
   * @throws OperationStateConflict when it has, or has ended
   */
  async cancel(
    id: string,
    by: { actor: string; reason: string },
  ): Promise<void> {
    const now = await this.#context.clock.now();
    await inTransaction(this.#context.db, async trx => {
      await wakeCampaignOf(trx, id, now);
      const why = await this.#cancelled(trx, id, { ...by, now });
      if (why) throw new OperationStateConflict(id, why);
    });
  }

  /**
   * Cancels in a transaction of the caller, who has woken the campaign of the operation.
   *
   * @param by.message - reason in the result, as a sentence
   */
  async cancelIn(
    trx: Knex.Transaction,
    id: string,
    by: { actor: string; reason: string; message?: string; code?: string },
  ): Promise<void> {
    const now = await this.#context.clock.now(trx);
    const why = await this.#cancelled(trx, id, { ...by, now });
    if (why) throw new OperationStateConflict(id, why);
  }

  /** @returns why it could not be cancelled */
  async #cancelled(
    trx: Knex.Transaction,
    id: string,
    {
      actor,
      reason,
      now,
      message = `Cancelled by ${actor}: ${reason}`,
      code,
    }: {
      actor: string;
      reason: string;
      now: number;
      message?: string;
      code?: string;
    },
  ): Promise<string | undefined> {
    // One statement, about one row: a worker that claims or announces a write changes the same row,
    // so one of the two finds that it came too late.
    const landed = await trx('operations')
      .where({ id, attempts: 0 })
      .whereNull('ended_at')
      .where(free =>
        free.whereNull('lease_until').orWhere('lease_until', '<', now),
      )
      .update({
        revision: trx.raw('revision + 1'),
        epoch: trx.raw('epoch + 1'),
        state: 'cancelled',
        ended_at: now,
        due_at: null,
        waiting_for: null,
        result: JSON.stringify({ message, code }),
      });
    const row = await trx('operations').where({ id }).first();
    if (landed !== 1) return whyNotCancelled(row);
    await releaseLocks(trx, id);
    await keepNoLonger(trx, row!);
    await this.#context.audit.append(trx, {
      ...auditSubjectOf(row!, actor),
      event: 'operation-cancelled',
      details: { reason, code },
    });
    return undefined;
  }

  /**
   * A second person meets needs of an operation. With the last of them it takes its locks and
   * begins, or its waiting period does. One of a campaign goes back to that.
   *
   * @returns whether all are met now
   * @throws OperationStateConflict when it does not wait for that
   * @throws TargetBusy when another operation holds what it would work on
   */
  async approve(id: string, by: Approval): Promise<boolean> {
    try {
      return await inTransaction(this.#context.db, async trx => {
        await wakeCampaignOf(trx, id, await this.#context.clock.now(trx));
        return this.approveIn(trx, id, by);
      });
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      await inTransaction(this.#context.db, async trx => {
        const row = await trx('operations').where({ id }).first();
        const now = await this.#context.clock.now(trx);
        await takePlannedLocks(trx, row!, { now, audit: this.#context.audit });
        // They are free again: the next try gets them.
        throw error;
      });
      throw error;
    }
  }

  /** Approves in a transaction of the caller, who has woken the campaign of the operation. */
  async approveIn(
    trx: Knex.Transaction,
    id: string,
    by: Approval,
  ): Promise<boolean> {
    let begins = false;
    let met: StoredNeed[] = [];
    const meet = (row: OperationRow, now: number): Columns => {
      const needs: StoredNeed[] = JSON.parse(row.needs ?? '[]');
      const after = needs.map(need => {
        const standing = need.by === undefined ? by.meets(need) : undefined;
        return standing === undefined
          ? need
          : { ...need, by: by.actor, at: now, standing };
      });
      met = after.filter(need => !needs.includes(need));
      begins = after.every(need => need.by !== undefined);
      return {
        needs: JSON.stringify(after),
        ...(begins && {
          ...(row.campaign_id === null
            ? beginning(now, Number(row.waiting_seconds))
            : ({ state: 'held', waiting_for: null, due_at: null } as const)),
          approval: 'approved',
          approval_by: by.actor,
          approval_at: now,
        }),
      };
    };
    await this.#decide(trx, id, {
      event: 'operation-approved',
      actor: by.actor,
      fieldsOf: meet,
      details: row => ({
        intent: { kind: row.kind },
        planHash: JSON.parse(row.plan).hash,
        met: met.map(({ permission, entityRef }) => ({
          permission,
          entityRef,
        })),
      }),
      also: async (row, now) => {
        if (begins && row.campaign_id === null) {
          await takePlannedLocks(trx, row, { now, audit: this.#context.audit });
        }
      },
    });
    return begins;
  }

  /**
   * A second person rejected, or the plan no longer fits: the operation ends.
   *
   * @throws OperationStateConflict when it does not wait for that
   */
  async reject(id: string, by: Rejection): Promise<void> {
    await inTransaction(this.#context.db, async trx => {
      await wakeCampaignOf(trx, id, await this.#context.clock.now(trx));
      await this.rejectIn(trx, id, by);
    });
  }

  /** Rejects in a transaction of the caller, who has woken the campaign of the operation. */
  async rejectIn(
    trx: Knex.Transaction,
    id: string,
    by: Rejection,
  ): Promise<void> {
    await this.#decide(trx, id, {
      event: 'operation-rejected',
      actor: by.actor,
      fieldsOf: (_row, now) => ({
        state: 'rejected',
        waiting_for: null,
        ended_at: now,
        due_at: null,
        approval: 'rejected',
        approval_by: by.actor,
        approval_at: now,
        result: JSON.stringify({ message: by.message, code: by.code }),
      }),
      details: () => ({ reason: by.reason, code: by.code }),
      also: async (row, now) => {
        if (by.code === undefined) await keepNoLonger(trx, row);
        // Nobody refused a revoke that no longer fits: the next request goes first.
        if (by.code === undefined || row.kind !== 'revoke') return;
        await keepForRevoke(trx, {
          registryKey: row.registry_key,
          requestedBy: row.requested_by,
          locks: await plannedLocks(trx, row.plan_id),
          needs: JSON.parse(row.needs ?? '[]'),
          now,
        });
      },
    });
  }

  /**
   * A revoke becomes permanent: its timer stops, and so does a restore of the timer that has written nothing.
   *
   * @throws OperationStateConflict when it has none that runs, is being restored, or was restored in part
   */
  async confirm(id: string, by: { actor: string; reason: string }) {
    const now = await this.#context.clock.now();
    await inTransaction(this.#context.db, async trx => {
      const row = await trx('operations').where({ id }).first();
      const landed = await trx('operations')
        .where({ id })
        // `canBeConfirmed` says the same of a record.
        .where(running =>
          running
            .whereNotNull('restores_at')
            .orWhere(early =>
              early
                .whereNotNull('restore_after_minutes')
                .whereNotNull('started_at')
                .whereNull('ended_at'),
            ),
        )
        .update({
          revision: trx.raw('revision + 1'),
          restores_at: null,
          restore_after_minutes: null,
          confirmed_by: by.actor,
        });
      if (landed !== 1) {
        throw new OperationStateConflict(
          id,
          row?.confirmed_by
            ? `${row.confirmed_by} has confirmed it already`
            : 'it has no timer that would restore it',
        );
      }
      // Whichever of the two changed the revoke's row first, the other one sees what it did.
      const restore = await trx('operations')
        .where({ kind: 'restore', origin: 'timer' })
        .whereNull('ended_at')
        .where('idempotency_key', 'like', restoreKeyOf(id, '%'))
        .first('id');
      const why =
        restore &&
        (await this.#cancelled(trx, restore.id, {
          actor: by.actor,
          reason: `Revoke ${id} became permanent`,
          now,
        }));
      if (why) {
        throw new OperationStateConflict(
          id,
          `operation ${restore.id} is restoring it, and cannot be cancelled: ${why}. Revoke the key again once that has ended`,
        );
      }
      const given = await trx('operations')
        .join(
          'operation_steps',
          'operation_steps.operation_id',
          'operations.id',
        )
        .where('operations.kind', 'restore')
        .where('operations.origin', 'timer')
        .where('operations.idempotency_key', 'like', restoreKeyOf(id, '%'))
        .where('operation_steps.state', 'done')
        .where('operation_steps.attempts', '>', 0)
        .first('operations.id');
      if (given) {
        throw new OperationStateConflict(
          id,
          `operation ${given.id} has given back what it took, or a part of that. Revoke the key again`,
        );
      }
      await this.#record(trx, row!, {
        event: 'revoke-confirmed',
        actor: by.actor,
        details: { reason: by.reason },
      });
    });
  }

  /** Revokes that are due to be restored. */
  async overdueRestores(limit: number): Promise<string[]> {
    const rows = await this.#context
      .db('operations')
      .where('restores_at', '<=', await this.#context.clock.now())
      .orderBy('restores_at')
      .limit(limit)
      .select('id');
    return rows.map(({ id }) => id);
  }

  /** Milliseconds until the next revoke is due to be restored: zero or less when one is. */
  async msUntilRestore(): Promise<number | undefined> {
    const row = await this.#context
      .db('operations')
      .whereNotNull('restores_at')
      .orderBy('restores_at')
      .first('restores_at');
    return row && Number(row.restores_at) - (await this.#context.clock.now());
  }

  /**
   * Postpones the timer of a revoke, in the transaction that accepts its restore: it stops when that
   * has succeeded.
   *
   * @throws TimerStopped when somebody has confirmed the revoke meanwhile
   */
  async postpone(
    trx: Knex.Transaction,
    id: string,
    until: { from: number; to: number; restoreId: string },
  ): Promise<void> {
    const landed = await trx('operations')
      .where({ id, restores_at: until.from })
      .update({ revision: trx.raw('revision + 1'), restores_at: until.to });
    if (landed !== 1) throw new TimerStopped();
    const row = await trx('operations').where({ id }).first();
    await this.#record(trx, row!, {
      event: 'restore-timer',
      actor: actorOf({ origin: 'timer', requestedBy: row!.requested_by }),
      details: {
        onBehalfOf: row!.requested_by,
        message: `Operation ${until.restoreId} restores it`,
        restoreId: until.restoreId,
      },
    });
  }

  /** The timer of a revoke has done its work, or tries again later. */
  async restoreTimer(
    id: string,
    outcome: { message: string; againAt?: number; restoreId?: string },
  ): Promise<void> {
    await inTransaction(this.#context.db, async trx => {
      const row = await trx('operations').where({ id }).first();
      const landed = await trx('operations')
        .where({ id })
        .whereNotNull('restores_at')
        .update({
          revision: trx.raw('revision + 1'),
          restores_at: outcome.againAt ?? null,
        });
      if (landed !== 1) return;
      // What stands in its way may stay for days, and is tried four times a minute.
      if ((await lastOfTimer(trx, id)) === outcome.message) return;
      await this.#record(trx, row!, {
        event: 'restore-timer',
        actor: actorOf({ origin: 'timer', requestedBy: row!.requested_by }),
        details: {
          onBehalfOf: row!.requested_by,
          message: outcome.message,
          restoreId: outcome.restoreId,
        },
      });
    });
  }

  async #decide(
    trx: Knex.Transaction,
    id: string,
    { fieldsOf, also, details, ...entry }: StoredDecision,
  ): Promise<void> {
    const now = await this.#context.clock.now(trx);
    const row = await trx('operations').where({ id }).forUpdate().first();
    const fields = row && fieldsOf(row, now);
    const landed = row
      ? await trx('operations')
          .where({ id, epoch: row.epoch, state: 'awaiting-approval' })
          .where('approval_expires_at', '>', now)
          .update({
            ...fields,
            revision: trx.raw('revision + 1'),
            epoch: Number(row.epoch) + 1,
            lease_owner: null,
            lease_until: null,
          })
      : 0;
    if (landed !== 1) {
      throw new OperationStateConflict(
        id,
        row?.state === 'awaiting-approval'
          ? 'the approval has expired'
          : `it does not wait for an approval; it is ${row?.state}`,
      );
    }
    if (fields?.state === 'rejected') await releaseLocks(trx, id);
    await also?.(row!, now);
    await this.#record(trx, row!, { ...entry, details: details(row!) });
  }

  #record(
    trx: Knex.Transaction,
    row: OperationRow,
    entry: {
      event: AuditEvent;
      actor: string;
      details: Record<string, unknown>;
    },
  ): Promise<void> {
    return this.#context.audit.append(trx, {
      ...entry,
      ...auditSubjectOf(row, entry.actor),
    });
  }
}

/** Returns the message of the latest record of the timer of a revoke. */
async function lastOfTimer(
  trx: Knex.Transaction,
  operationId: string,
): Promise<string | undefined> {
  const last = await trx('audit')
    .where({ operation_id: operationId, event: 'restore-timer' })
    .orderBy('seq', 'desc')
    .first('details');
  return last && JSON.parse(last.details).message;
}

function whyNotCancelled(row: OperationRow | undefined): string {
  if (row && row.ended_at !== null) return `it has ended as ${row.state}`;
  if (row && Number(row.attempts) > 0) {
    return 'it has written to Azure, so it continues to its end; undo it afterwards';
  }
  return row?.silent_since
    ? `its worker was lost; another one takes over by ${utcTimeAfter(
        Number(row.lease_until),
      )}`
    : 'a worker is working on it now; try again';
}
