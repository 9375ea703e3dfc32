import { createHash, randomUUID } from 'node:crypto';
import { NotAllowedError } from '@backstage/errors';
import {
  type Intent,
  InvalidInput,
  type Operation,
  type OperationRequest,
  parseReason,
  PlanBlocked,
  PlanExpired,
  PlanUnknown,
} from 'backstage-plugin-acr-cmk-common';
import {
  type Gate,
  requireAllowed,
  type UserCredentials,
} from '../authority/Gate';
import type { PersonalLimits } from '../authority/PersonalLimits';
import { canonicalJson } from '../cmk/plan';
import type { Clock } from '../database/clock';
import type { PlanStore, StoredPlan } from '../plans/PlanStore';
import type {
  AcceptanceRequest,
  OperationStore,
} from './engine/OperationStore';
import type { OperationRecord } from './engine/types';
import type { OperationReader } from './OperationReader';
import type { HttpRequest, OperationRecorder } from './OperationRecorder';

/** A request to carry a plan out; with `intent`, only a plan of that intent. */
export type AcceptRequest = OperationRequest & { intent?: Intent['kind'] };

/** Has plans carried out: may it begin, then the operation, then the record. */
export class AcceptanceService {
  readonly #gate: Pick<Gate, 'ask'>;
  readonly #plans: Pick<PlanStore, 'get'>;
  readonly #operations: OperationStore;
  readonly #reader: OperationReader;
  readonly #recorder: OperationRecorder;
  readonly #clock: Clock;
  readonly #limits: Pick<PersonalLimits, 'requireRoomToWait'>;
  readonly #approvalExpiresAfterMs: number;
  readonly #accepted: () => void;

  constructor(options: {
    gate: Pick<Gate, 'ask'>;
    plans: Pick<PlanStore, 'get'>;
    operations: OperationStore;
    reader: OperationReader;
    recorder: OperationRecorder;
    clock: Clock;
    limits: Pick<PersonalLimits, 'requireRoomToWait'>;
    /** How long a second person has. */
    approvalExpiresAfterMs: number;
    /** An operation was accepted: a worker may look. */
    accepted: () => void;
  }) {
    this.#gate = options.gate;
    this.#plans = options.plans;
    this.#operations = options.operations;
    this.#reader = options.reader;
    this.#recorder = options.recorder;
    this.#clock = options.clock;
    this.#limits = options.limits;
    this.#approvalExpiresAfterMs = options.approvalExpiresAfterMs;
    this.#accepted = options.accepted;
  }

  /** Answers when the operation is durable. The same request again is the same operation. */
  async accept(
    request: AcceptRequest,
    credentials: UserCredentials,
    http?: HttpRequest,
  ): Promise<Operation> {
    const { planId } = request;
    const actor = credentials.principal.userEntityRef;
    return this.#recorder.audited(
      { id: 'operation-accept', meta: { actor, planId }, request: http },
      async () => {
        try {
          const operation = await this.#accept(request, credentials);
          return await this.#reader.present(operation, credentials);
        } catch (error) {
          const plan = (await this.#plans.get(planId))?.plan;
          await this.#recorder.refused({ actor, planId, plan }, error);
          throw error;
        }
      },
    );
  }

  async #accept(
    request: AcceptRequest,
    credentials: UserCredentials,
  ): Promise<OperationRecord> {
    const requestedBy = credentials.principal.userEntityRef;
    const reason = parseReason(request.reason);
    const stored = await this.#plans.get(request.planId);
    if (!stored || stored.requestedBy !== requestedBy) {
      throw new PlanUnknown(request.planId);
    }
    requireSamePlan(request, stored);
    const acceptance: AcceptanceRequest = {
      requestedBy,
      idempotencyKey: request.idempotencyKey,
      requestHash: hashOf(request, reason),
      locks: stored.locks,
    };
    const before = await this.#operations.repeated(acceptance);
    if (before) return before;
    requireConfirmed(request, stored);
    if (Date.parse(stored.plan.expiresAt) < (await this.#clock.now())) {
      throw new PlanExpired(stored.plan.id, stored.plan.expiresAt);
    }
    const begun = await this.#mayBegin({ stored, acceptance, credentials });
    if (begun) return begun;
    const operation = await this.#operations.accept({
      ...stored,
      ...acceptance,
      id: randomUUID(),
      reason,
      ...(stored.plan.approval.required
        ? {
            approvalExpiresAfterMs: this.#approvalExpiresAfterMs,
            also: trx => this.#limits.requireRoomToWait(trx, requestedBy),
          }
        : {}),
    });
    this.#accepted();
    return operation;
  }

  /**
   * @returns the operation of this very request, when that began meanwhile
   * @throws whatever keeps the plan from being carried out
   */
  async #mayBegin({
    stored,
    acceptance,
    credentials,
  }: {
    stored: StoredPlan;
    acceptance: AcceptanceRequest;
    credentials: UserCredentials;
  }): Promise<OperationRecord | undefined> {
    const { plan, change, fingerprint } = stored;
    try {
      requireAllowed(
        plan.id,
        await this.#gate.ask({
          asker: { kind: 'requester', credentials },
          change,
          planId: plan.id,
          agreed: fingerprint,
        }),
      );
      if (plan.blocked) {
        throw new PlanBlocked(
          plan.id,
          plan.checks.filter(({ status }) => status === 'fail'),
        );
      }
      return undefined;
    } catch (error) {
      if (error instanceof NotAllowedError) throw error;
      // An operation that began while the facts were read is the answer, not what it changed.
      const begun = await this.#operations.repeatedOrFree(acceptance);
      if (begun) return begun;
      throw error;
    }
  }
}

/** @throws InvalidInput when the request is for another plan than the one that is kept */
function requireSamePlan(
  { planHash, intent }: AcceptRequest,
  { plan }: StoredPlan,
): void {
  if (planHash !== plan.hash) {
    throw new InvalidInput(
      'planHash',
      `is not the hash of plan ${plan.id}; use the hash that the plan was returned with`,
    );
  }
  if (intent && intent !== plan.intent.kind) {
    throw new InvalidInput(
      'planId',
      `${plan.id} is a plan to ${plan.intent.kind}, not to ${intent}`,
    );
  }
}

/** @throws InvalidInput unless the name that the plan asks for was typed */
function requireConfirmed(
  { confirmation }: AcceptRequest,
  { plan }: StoredPlan,
): void {
  const { typedName } = plan.confirmation;
  if (typedName !== null && confirmation !== typedName) {
    throw new InvalidInput(
      'confirmation',
      `type the registry's name, ${typedName}, to confirm`,
    );
  }
}

/** Over everything in a request but its idempotency key. */
function hashOf(
  { planId, planHash, confirmation }: AcceptRequest,
  reason: string,
): string {
  return createHash('sha256')
    .update(canonicalJson({ planId, planHash, reason, confirmation }))
    .digest('hex');
}
