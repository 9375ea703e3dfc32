import { createHash, randomUUID } from 'node:crypto';
import { TargetBusy } from 'backstage-plugin-acr-cmk-common';
import { type Effect, givesBackTaken } from '../../domain/effects';
import { isEveryVersion } from '../../domain/plan/revoke/byKey';
import type { Context } from '../../platform/context';
import type { PlanService } from '../plans/PlanService';
import type { StoredPlan } from '../plans/PlanStore';
import type { DueWork } from '../../platform/time/DueLoop';
import {
  type ApprovalStore,
  restoreKeyOf,
  TimerStopped,
} from '../../engine/ApprovalStore';
import type { AcceptanceStore } from '../../engine/AcceptanceStore';
import type { OperationQueries } from '../../engine/OperationQueries';
import type { OperationRecord } from '../../engine/types';

/**
 * Delay before a timer tries again when its restore cannot begin now: its registry is busy, or a connection was lost.
 * Registries stay without their key meanwhile. Milliseconds. Our choice.
 */
const AGAIN_MS = 15_000;
/** Interval of the checks whether a restore has succeeded, or can succeed by now. Milliseconds. Our choice. */
const RETRY_MS = 10 * 60_000;
/** Revokes that one sweep restores. */
const SWEEP = 20;

interface RestoreTimerDeps extends Pick<Context, 'clock' | 'logger'> {
  operations: Pick<OperationQueries, 'get' | 'revokesSince'>;
  acceptances: Pick<AcceptanceStore, 'accept'>;
  approvals: ApprovalStore;
  plans: Pick<PlanService, 'prepare'>;
  /** A restore was accepted: a worker may look, and others may want to know. */
  accepted: (restore: OperationRecord) => Promise<void>;
}

/**
 * Restores revokes whose time has come and that nobody has confirmed: for each, one restore
 * operation of the timer, on behalf of the requester of the revoke, whose approval covered this too. It gives
 * back what that revoke took and nothing else: what others revoked takes the permission to restore. So where a later
 * revoke took the same, nothing is given back.
 *
 * Every sweep may run twice, in two replicas: the restore's idempotency key makes one of two.
 */
export class RestoreTimer implements DueWork {
  readonly name = 'The timers of revokes';
  readonly #deps: RestoreTimerDeps;

  constructor(deps: RestoreTimerDeps) {
    this.#deps = deps;
  }

  msUntilDue(): Promise<number | undefined> {
    return this.#deps.approvals.msUntilRestore();
  }

  async sweep(signal?: AbortSignal): Promise<void> {
    for (const id of await this.#deps.approvals.overdueRestores(SWEEP)) {
      if (signal?.aborted) return;
      try {
        await this.#restore(id);
      } catch (error) {
        this.#deps.logger.error(
          `Revoke ${id} could not be restored yet`,
          error as Error,
        );
        await this.#again(id, { message: (error as Error).message });
      }
    }
  }

  async #restore(id: string): Promise<void> {
    const revoke = await this.#deps.operations.get(id);
    if (revoke?.restoresAt === undefined) return;
    const prepared = await this.#deps.plans.prepare(
      {
        entityRef: revoke.entityRef,
        registryId: revoke.registryId,
        // Nobody agreed to undo what others revoked.
        intent: { kind: 'restore', operationId: id, onlyOperation: true },
      },
      { kind: 'plugin', onBehalfOf: revoke.requestedBy },
    );
    const { plan } = prepared;
    const failed = plan.checks.filter(({ status }) => status === 'fail');
    if (failed.some(({ id: check }) => check === 'lacks')) {
      await this.#deps.approvals.restoreTimer(id, {
        message: 'There was nothing left to restore',
      });
    } else if (plan.blocked) {
      const message = failed.map(each => each.message).join(' ');
      await this.#again(id, { message, afterMs: RETRY_MS });
    } else if (!(await this.#isKept(revoke, prepared.effects))) {
      await this.#accept(prepared, { id, from: revoke.restoresAt });
    }
  }

  /** Ends or postpones the timer where a later revoke took what the restore would give back. */
  async #isKept(
    revoke: OperationRecord,
    given: readonly Effect[],
  ): Promise<boolean> {
    const { id } = revoke;
    const keeping = (await this.#deps.operations.revokesSince(revoke)).filter(
      ({ effects, plan }) =>
        givesBackTaken(given, {
          effects,
          everyVersion: isEveryVersion(
            plan.methods?.find(({ chosen }) => chosen)?.method,
          ),
        }),
    );
    const permanent = keeping.find(
      ({ endedAt, restoresAt }) =>
        endedAt !== undefined && restoresAt === undefined,
    );
    if (permanent) {
      await this.#deps.approvals.restoreTimer(id, {
        message: `The timer no longer restores it, because revoke ${permanent.id} removed the same access and is permanent`,
      });
      return true;
    }
    const [other] = keeping;
    if (!other) return false;
    const now = await this.#deps.clock.now();
    await this.#again(id, {
      message: `The timer restores it after revoke ${other.id}, which later removed the same access`,
      afterMs: Math.max(AGAIN_MS, (other.restoresAt ?? 0) - now + AGAIN_MS),
    });
    return true;
  }

  async #accept(
    prepared: StoredPlan,
    { id, from }: { id: string; from: number },
  ): Promise<void> {
    const to = (await this.#deps.clock.now()) + RETRY_MS;
    const restoreId = randomUUID();
    try {
      const restore = await this.#deps.acceptances.accept({
        ...prepared,
        id: restoreId,
        origin: 'timer',
        authorities: [],
        reason: `Nobody confirmed revoke ${id} in time`,
        idempotencyKey: restoreKeyOf(id, from),
        requestHash: createHash('sha256').update(id).digest('hex'),
        also: trx =>
          this.#deps.approvals.postpone(trx, id, { from, to, restoreId }),
      });
      await this.#deps.accepted(restore);
    } catch (error) {
      if (error instanceof TimerStopped) return;
      if (!(error instanceof TargetBusy)) throw error;
      await this.#again(id, { message: error.message });
    }
  }

  async #again(
    id: string,
    { message, afterMs = AGAIN_MS }: { message: string; afterMs?: number },
  ): Promise<void> {
    await this.#deps.approvals.restoreTimer(id, {
      message,
      againAt: (await this.#deps.clock.now()) + afterMs,
    });
  }
}
