import { createHash, randomUUID } from 'node:crypto';
import { NotAllowedError } from '@backstage/errors';
import {
  type Intent,
  InvalidInput,
  operationApprovePermission,
  type Operation,
  type OperationRequest,
  parseReason,
  PlanBlocked,
  PlanDrifted,
  PlanExpired,
  PlanSpent,
  PlanUnknown,
  TargetBusy,
} from 'backstage-plugin-acr-cmk-common';
import { type Gate, requireAllowed, type UserCredentials } from '../gate/Gate';
import { type Requirement, toNeed } from '../gate/authoritiesOf';
import { programNeedsApproval } from '../gate/requireProgramsMayAsk';
import { requireRoomToWait } from '../gate/requireRoomToWait';
import { canonicalJson } from '../../domain/canonicalJson';
import type { Context } from '../../platform/context';
import {
  type PlanStore,
  requireIntact,
  type StoredPlan,
} from '../plans/PlanStore';
import type {
  AcceptanceRequest,
  AcceptanceStore,
} from '../../engine/AcceptanceStore';
import type { OperationQueries } from '../../engine/OperationQueries';
import type { OperationRecord, StoredNeed } from '../../engine/types';
import type { OperationReader } from './OperationReader';
import { requireTypedByRequester } from './typedName';
import type { Caller, RequestRecorder } from '../gate/RequestRecorder';

/** A request to carry a plan out; with `intent`, only a plan of that intent. */
export type AcceptRequest = OperationRequest & { intent?: Intent['kind'] };

/** A request, and the origin of it. */
type FromOrigin = AcceptRequest & Pick<Caller, 'origin'>;

type AcceptanceContext = Pick<Context, 'clock' | 'config' | 'limits'>;

interface AcceptanceServiceParts {
  gate: Pick<Gate, 'ask'>;
  plans: Pick<PlanStore, 'get'>;
  operations: Pick<OperationQueries, 'endedUnbegun'>;
  acceptances: AcceptanceStore;
  reader: OperationReader;
  recorder: RequestRecorder;
  /** An operation was accepted: a worker may look, and open views. */
  accepted: (operation: OperationRecord) => void;
}

/** Accepts plans: checks that the operation may begin, creates it, and records it. */
export class AcceptanceService {
  readonly #context: AcceptanceContext;
  readonly #parts: AcceptanceServiceParts;

  constructor(context: AcceptanceContext, parts: AcceptanceServiceParts) {
    this.#context = context;
    this.#parts = parts;
  }

  /**
   * Answers when the operation is durable. The same request again is the same operation.
   *
   * @throws LimitReached when the person has too many requests that wait for approval
   */
  async accept(
    request: AcceptRequest,
    { credentials, origin, http }: Caller,
  ): Promise<Operation> {
    const { planId } = request;
    const actor = credentials.principal.userEntityRef;
    return this.#parts.recorder.audited(
      { id: 'operation-accept', meta: { actor, planId }, request: http },
      async () => {
        try {
          const operation = await this.#accept(
            { ...request, origin },
            credentials,
          );
          return await this.#parts.reader.present(operation, credentials);
        } catch (error) {
          const plan = (await this.#parts.plans.get(planId))?.plan;
          await this.#parts.recorder.refused(
            { credentials, planId, plan },
            error,
          );
          throw error;
        }
      },
    );
  }

  async #accept(
    request: FromOrigin,
    credentials: UserCredentials,
  ): Promise<OperationRecord> {
    const requestedBy = credentials.principal.userEntityRef;
    const reason = parseReason(request.reason);
    const stored = await this.#parts.plans.get(request.planId);
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
    const before = await this.#parts.acceptances.repeated(acceptance);
    if (before) return before;
    requireTypedByRequester(
      { ...request, plan: stored.plan },
      { programsRevoke: this.#context.config.actionsRevoke },
    );
    const ended = await this.#parts.operations.endedUnbegun(stored.plan.id);
    if (ended) throw new PlanSpent(stored.plan.id, ended.id, ended.state);
    if (Date.parse(stored.plan.expiresAt) < (await this.#context.clock.now())) {
      throw new PlanExpired(stored.plan.id, stored.plan.expiresAt);
    }
    try {
      return await this.#begin({ request, stored, acceptance, credentials });
    } catch (error) {
      const { plan, registryId, locks } = stored;
      const wasOvertaken =
        error instanceof TargetBusy || error instanceof PlanDrifted;
      if (plan.intent.kind === 'revoke' && wasOvertaken) {
        await this.#parts.acceptances.keepForRevoke({
          registryKey: registryId.key,
          requestedBy: acceptance.requestedBy,
          locks,
          needs: plan.approval.needs ?? [],
        });
      }
      throw error;
    }
  }

  /** @throws whatever keeps the plan from being carried out now */
  async #begin({
    request,
    stored,
    acceptance,
    credentials,
  }: {
    request: FromOrigin;
    stored: StoredPlan;
    acceptance: AcceptanceRequest;
    credentials: UserCredentials;
  }): Promise<OperationRecord> {
    const { requestedBy } = acceptance;
    const reason = parseReason(request.reason);
    const asked = await this.#mayBegin({ stored, acceptance, credentials });
    if ('begun' in asked) return asked.begun;
    const needs = needsOf(request, stored, asked.needs);
    const id = randomUUID();
    const operation = await this.#parts.acceptances.accept({
      ...stored,
      ...acceptance,
      id,
      reason,
      origin: request.origin,
      authorities: asked.requirements.map(({ permission, entityRef }) => ({
        permission: permission.name,
        entityRef,
      })),
      ...(needs.length > 0
        ? {
            approvalExpiresAfterMs: this.#context.limits.approvalExpiresAfterMs,
            needs,
            also: async trx =>
              requireRoomToWait(trx, {
                id,
                requestedBy,
                kind: stored.plan.intent.kind,
                now: await this.#context.clock.now(trx),
                waitingRequests: this.#context.limits.waitingRequests,
              }),
          }
        : {}),
    });
    this.#parts.accepted(operation);
    return operation;
  }

  /**
   * @returns what others have to agree to, or the operation of this very request, when that began
   * meanwhile
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
  }): Promise<
    | { begun: OperationRecord }
    | {
        needs: readonly Requirement[];
        requirements: readonly Requirement[];
      }
  > {
    const { plan, change, fingerprint } = stored;
    try {
      const { needs, requirements } = requireAllowed(
        plan.id,
        await this.#parts.gate.ask({
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
      return { needs, requirements };
    } catch (error) {
      if (error instanceof NotAllowedError) throw error;
      // An operation that began while the facts were read is the answer, not what it changed.
      const begun = await this.#parts.acceptances.repeatedOrFree(acceptance);
      if (begun) return { begun };
      throw error;
    }
  }
}

/** @throws InvalidInput when the request is for another plan than the one that is kept */
function requireSamePlan(
  { planHash, intent }: AcceptRequest,
  stored: StoredPlan,
): void {
  const { plan } = stored;
  if (planHash !== plan.hash) {
    throw new InvalidInput(
      'planHash',
      `is not the hash of plan ${plan.id}; use the hash that the plan was returned with`,
    );
  }
  requireIntact(stored);
  if (intent && intent !== plan.intent.kind) {
    throw new InvalidInput(
      'planId',
      `${plan.id} is a plan to ${plan.intent.kind}, not to ${intent}`,
    );
  }
}

/**
 * Stored form of the authorities that the requester lacks. A request from a program that takes something away
 * always needs an approval.
 */
function needsOf(
  { origin }: FromOrigin,
  { plan }: StoredPlan,
  lacked: readonly Requirement[],
): StoredNeed[] {
  const needs = lacked.map(toNeed);
  const isApproved = needs.some(
    ({ permission }) => permission === operationApprovePermission.name,
  );
  return isApproved || !programNeedsApproval({ origin, plan })
    ? needs
    : [
        ...needs,
        {
          permission: operationApprovePermission.name,
          entityRef: plan.entityRef,
          because: 'a program asked for it',
        },
      ];
}

/** Hash over everything in a request but its idempotency key. */
function hashOf(
  { planId, planHash, confirmation }: AcceptRequest,
  reason: string,
): string {
  return createHash('sha256')
    .update(canonicalJson({ planId, planHash, reason, confirmation }))
    .digest('hex');
}
