import { createHash } from 'node:crypto';
import type { LoggerService } from '@backstage/backend-plugin-api';
import { RegistryId, TargetBusy } from 'backstage-plugin-acr-cmk-common';
import type { Clock } from '../database/clock';
import { type ApprovalStore, TimerStopped } from './engine/ApprovalStore';
import type { OperationStore } from './engine/OperationStore';
import type { Planner } from '../plans/Planner';
import type { PlanStore } from '../plans/PlanStore';
import { toPlan } from '../plans/toPlan';
import type { OperationRecord } from './engine/types';

/** How long a timer waits when its restore cannot begin now. Milliseconds. Our choice. */
const AGAIN_MS = 60_000;
/** When it is looked again whether a restore has succeeded. Milliseconds. Our choice. */
const RETRY_MS = 10 * 60_000;
/** Revokes that one sweep undoes. */
const SWEEP = 20;

/**
 * Undoes revokes whose time has come and that nobody has confirmed: for each, one restore operation
 * in the name of the person who asked for the revoke, whose approval covered this too.
 *
 * Every sweep may run twice, in two replicas: the restore's idempotency key makes one of two.
 */
export class RestoreTimer {
  readonly #store: OperationStore;
  readonly #decisions: ApprovalStore;
  readonly #planner: Planner;
  readonly #plans: PlanStore;
  readonly #clock: Clock;
  readonly #logger: LoggerService;
  readonly #newId: () => string;
  readonly #accepted: (restore: OperationRecord) => Promise<void>;

  constructor(options: {
    store: OperationStore;
    decisions: ApprovalStore;
    planner: Planner;
    plans: PlanStore;
    clock: Clock;
    logger: LoggerService;
    /** Makes UUIDs. */
    newId: () => string;
    /** A restore was accepted: a worker may look, and others may want to know. */
    accepted: (restore: OperationRecord) => Promise<void>;
  }) {
    this.#store = options.store;
    this.#decisions = options.decisions;
    this.#planner = options.planner;
    this.#plans = options.plans;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#newId = options.newId;
    this.#accepted = options.accepted;
  }

  async sweep(): Promise<void> {
    for (const id of await this.#decisions.overdueRestores(SWEEP)) {
      try {
        await this.#undo(id);
      } catch (error) {
        this.#logger.error(
          `Revoke ${id} could not be undone yet`,
          error as Error,
        );
        await this.#again(id, (error as Error).message);
      }
    }
  }

  async #undo(id: string): Promise<void> {
    const revoke = await this.#store.get(id);
    if (revoke?.restoresAt === undefined) return;
    const registryId = RegistryId.parse(revoke.plan.registryId);
    const latest = await this.#planner.latestRevoke(registryId);
    if (latest?.id !== id) {
      await this.#decisions.restoreTimer(id, {
        message: 'A later revoke has taken its place, or it was undone',
      });
      return;
    }
    const intent = { kind: 'restore' as const, operationId: id };
    const planId = this.#newId();
    const { draft, fingerprint } = await this.#planner.make(planId, {
      registryId,
      entityRef: revoke.entityRef,
      intent,
    });
    if (draft.checks.some(({ id: check }) => check === 'lacks')) {
      await this.#decisions.restoreTimer(id, {
        message: 'Nothing was to be restored any more',
      });
      return;
    }
    const plan = toPlan({
      planId,
      entityRef: revoke.entityRef,
      registryId,
      registryName: revoke.plan.registryName,
      intent,
      draft,
      fingerprint,
      now: await this.#clock.now(),
      behind: () => ({ visible: [], hidden: 0 }),
      approvalPolicy: { approvals: new Set(), waitingSeconds: 0 },
    });
    if (plan.blocked) {
      const failed = plan.checks
        .filter(({ status }) => status === 'fail')
        .map(({ message }) => message);
      await this.#again(id, failed.join(' '));
      return;
    }
    await this.#plans.keep({
      plan,
      requestedBy: revoke.requestedBy,
      registryKey: registryId.key,
      steps: draft.steps,
      inverse: draft.inverse.steps,
      locks: draft.locks,
      fingerprint,
    });
    const from = revoke.restoresAt;
    const to = (await this.#clock.now()) + RETRY_MS;
    const restoreId = this.#newId();
    try {
      const restore = await this.#store.accept({
        id: restoreId,
        plan,
        steps: draft.steps,
        inverse: draft.inverse.steps,
        locks: draft.locks,
        registryKey: registryId.key,
        reason: `Nobody confirmed revoke ${id} in time`,
        requestedBy: revoke.requestedBy,
        // One for each time that it is tried; no client can send a colon.
        idempotencyKey: `restore-timer:${id}:${from}`,
        requestHash: createHash('sha256').update(id).digest('hex'),
        also: trx => this.#decisions.putOff(trx, id, { from, to, restoreId }),
      });
      await this.#accepted(restore);
    } catch (error) {
      if (error instanceof TimerStopped) return;
      if (!(error instanceof TargetBusy)) throw error;
      await this.#again(id, error.message);
    }
  }

  async #again(id: string, message: string): Promise<void> {
    await this.#decisions.restoreTimer(id, {
      message,
      againAt: (await this.#clock.now()) + AGAIN_MS,
    });
  }
}
