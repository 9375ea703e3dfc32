import {
  AcceptanceUnknown,
  IdempotencyKeyReused,
  operationKindOf,
  type Plan,
  type RegistryId,
  TargetBusy,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { Context } from '../platform/context';
import {
  type Effect,
  registriesLosingKey,
  registriesRegainingKey,
} from '../domain/effects';
import { isDatabaseAway, isDiskFull } from '../platform/database/away';
import { inTransaction } from '../platform/database/inTransaction';
import { isDeadlock, isUniqueViolation } from '../platform/database/migrate';
import type { StepSpec } from '../domain/steps';
import { keepForRevoke, takeLocks } from './locks';
import type { OperationQueries } from './OperationQueries';
import {
  awaitingApproval,
  beginning,
  type Columns,
  type Held,
  held,
} from './rows';
import { actorOf, type OperationRecord, type StoredNeed } from './types';

/** Identity of one request to accept a plan, and the locks that it needs. */
export interface AcceptanceRequest {
  requestedBy: string;
  idempotencyKey: string;
  /** Hash over everything in the request but the key: distinguishes a repetition from a reuse. */
  requestHash: string;
  locks: readonly string[];
}

/** Input of an operation, stored when a plan is accepted. */
export interface NewOperation extends AcceptanceRequest {
  id: string;
  plan: Plan;
  steps: StepSpec[];
  inverse: StepSpec[];
  registryId: RegistryId;
  reason: string;
  /** Time in which a second person can approve it. Absent when no approval is needed. Milliseconds. */
  approvalExpiresAfterMs?: number;
  /** Agreements that it needs. */
  needs?: readonly StoredNeed[];
  /** Default: `person`. */
  origin?: OperationRecord['origin'];
  /** Campaign that it belongs to. */
  campaignId?: string;
  /** Its place in that campaign, which holds it. */
  held?: Held;
  authorities: OperationRecord['authorities'];
  /** Effects of its plan. */
  effects?: readonly Effect[];
  /** More that has to hold, in the same transaction; what it throws undoes the acceptance. */
  also?(trx: Knex.Transaction): Promise<void>;
}

/** Makes operations of accepted plans: one for each request, and one at a time for each target. */
export class AcceptanceStore {
  readonly #context: Pick<Context, 'db' | 'clock' | 'audit'>;
  readonly #operations: OperationQueries;

  constructor(
    context: Pick<Context, 'db' | 'clock' | 'audit'>,
    operations: OperationQueries,
  ) {
    this.#context = context;
    this.#operations = operations;
  }

  /**
   * Stores an accepted plan, takes its locks and writes the audit record, all or nothing.
   *
   * @returns the operation, new or the one that the same request made before
   * @throws TargetBusy when another operation holds the registry or the key
   * @throws IdempotencyKeyReused when the key came with another request before
   */
  async accept(
    operation: NewOperation,
    attempts = 3,
  ): Promise<OperationRecord> {
    const before = await this.repeated(operation);
    if (before) return before;
    const { origin = 'person' } = operation;
    let isComplete = false;
    try {
      await inTransaction(this.#context.db, async trx => {
        const now = await this.#context.clock.now(trx);
        const { intent, waitingSeconds } = operation.plan;
        await trx('operations').insert({
          id: operation.id,
          revision: 1,
          ...stateOf(operation, now),
          origin,
          campaign_id: operation.campaignId ?? null,
          authorities: JSON.stringify(operation.authorities),
          effects: JSON.stringify(operation.effects ?? []),
          waiting_seconds: waitingSeconds,
          restore_after_minutes:
            intent.kind === 'revoke'
              ? (intent.restoreAfterMinutes ?? null)
              : null,
          kind: operation.plan.intent.kind,
          label: operationKindOf({ intent, plan: operation.plan }),
          plan_id: operation.plan.id,
          entity_ref: operation.plan.entityRef,
          registry_key: operation.registryId.key,
          requested_by: operation.requestedBy,
          idempotency_key: operation.idempotencyKey,
          request_hash: operation.requestHash,
          reason: operation.reason,
          plan: JSON.stringify(operation.plan),
          inverse: JSON.stringify(operation.inverse),
          outputs: '{}',
          created_at: now,
          epoch: 0,
        });
        // A request that waits for an approval holds nothing up, nor does one that its campaign holds.
        if (operation.held) {
          // It takes its locks when it is released.
        } else if (operation.approvalExpiresAfterMs === undefined) {
          await takeLocks(
            trx,
            {
              id: operation.id,
              kind: intent.kind,
              requestedBy: operation.requestedBy,
              effects: operation.effects,
            },
            { targets: operation.locks, now, audit: this.#context.audit },
          );
        } else if (intent.kind === 'revoke') {
          await keepForRevoke(trx, {
            registryKey: operation.registryId.key,
            requestedBy: operation.requestedBy,
            locks: operation.locks,
            needs: operation.needs ?? [],
            now,
          });
        }
        for (const registryKey of othersAffected(operation)) {
          await trx('registry_losses').insert({
            operation_id: operation.id,
            registry_key: registryKey,
          });
        }
        for (const [position, spec] of operation.steps.entries()) {
          await trx('operation_steps').insert({
            operation_id: operation.id,
            position,
            state: 'pending',
            spec: JSON.stringify(spec),
            checkpoint: '{}',
            attempts: 0,
          });
        }
        await operation.also?.(trx);
        await this.#context.audit.append(trx, {
          event: 'operation-accepted',
          actor: actorOf({ origin, requestedBy: operation.requestedBy }),
          entityRef: operation.plan.entityRef,
          registryId: operation.plan.registryId,
          operationId: operation.id,
          details: {
            intent: operation.plan.intent,
            planHash: operation.plan.hash,
            reason: operation.reason,
            effects: operation.effects,
            needs: operation.needs,
            origin: operation.origin,
            campaignId: operation.campaignId,
            ...operation.held,
            ...(origin === 'timer' && { onBehalfOf: operation.requestedBy }),
          },
        });
        isComplete = true;
      });
    } catch (error) {
      if (isComplete) {
        // Only the answer to the commit is missing: the operation may well be there.
        const stored = await this.repeated(operation).catch(() => undefined);
        if (stored) return stored;
        throw isDatabaseAway(error) && !isDiskFull(error)
          ? new AcceptanceUnknown(operation.idempotencyKey)
          : error;
      }
      // Somebody was faster: the same request, or one that holds what this one needs or waited for it.
      if (
        !isUniqueViolation(error) &&
        !isDeadlock(error) &&
        !(error instanceof TargetBusy)
      ) {
        throw error;
      }
      const winner = await this.repeatedOrFree(operation);
      if (winner) return winner;
      // The holder has ended since, so the locks are free now.
      if (attempts > 1) return this.accept(operation, attempts - 1);
      throw error;
    }
    return this.#operations.get(operation.id) as Promise<OperationRecord>;
  }

  /** Lets a revoke that could not begin now go first when it is requested again. */
  async keepForRevoke(
    revoke: Omit<Parameters<typeof keepForRevoke>[1], 'now'>,
  ): Promise<void> {
    const now = await this.#context.clock.now();
    await inTransaction(this.#context.db, trx =>
      keepForRevoke(trx, { ...revoke, now }),
    );
  }

  /**
   * The operation that the same request made before, if it did.
   *
   * @throws IdempotencyKeyReused when the key came with another request before
   */
  async repeated({
    requestedBy,
    idempotencyKey,
    requestHash,
  }: AcceptanceRequest): Promise<OperationRecord | undefined> {
    const row = await this.#context
      .db('operations')
      .where({ requested_by: requestedBy, idempotency_key: idempotencyKey })
      .first('id', 'request_hash');
    if (!row) return undefined;
    if (row.request_hash !== requestHash)
      throw new IdempotencyKeyReused(row.id);
    return this.#operations.get(row.id);
  }

  /**
   * The operation that the same request made before, or nothing when what it needs is free.
   *
   * @throws TargetBusy when another operation holds the registry or the key
   * @throws IdempotencyKeyReused when the key came with another request before
   */
  async repeatedOrFree(
    request: AcceptanceRequest,
  ): Promise<OperationRecord | undefined> {
    // In this order: a lock and the request that took it come with one commit.
    const holder = await this.#operations.holderOf(request.locks);
    const same = await this.repeated(request);
    if (holder && !same) {
      throw new TargetBusy(holder.target, holder.operationId);
    }
    return same;
  }
}

/** State of a new operation, with its columns. */
function stateOf(operation: NewOperation, now: number): Columns {
  const { needs = [], approvalExpiresAfterMs, plan } = operation;
  if (operation.held) return held(operation.held, needs);
  return approvalExpiresAfterMs === undefined
    ? beginning(now, plan.waitingSeconds)
    : awaitingApproval(now, approvalExpiresAfterMs, needs);
}

/** Keys of the registries that lose or regain their key by it, beside the one that it is about. */
function othersAffected({ effects = [], registryId }: NewOperation) {
  const affected = new Set([
    ...registriesLosingKey(effects),
    ...registriesRegainingKey(effects),
  ]);
  affected.delete(registryId.key);
  return affected;
}
