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
import {
  type Allowed,
  type Gate,
  requireAllowed,
  type UserCredentials,
} from '../gate/Gate';
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
import type { OperationRecord, Origin, StoredNeed } from '../../engine/types';
import type { OperationReader } from './OperationReader';
import { requireTypedByRequester } from './typedName';
import type { Caller, RequestRecorder } from '../gate/RequestRecorder';

/** A request to carry a plan out; with `intent`, only a plan of that intent. */
export type AcceptRequest = OperationRequest & { intent?: Intent['kind'] };

/** A request that is for a plan of its requester. */
interface Acceptance extends AcceptanceRequest {
  stored: StoredPlan;
  reason: string;
}

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
  async accept(request: AcceptRequest, caller: Caller): Promise<Operation> {
    const { recorder, plans, reader } = this.#parts;
    const { planId } = request;
    const { credentials, http } = caller;
    const actor = credentials.principal.userEntityRef;
    return recorder.audited(
      { id: 'operation-accept', meta: { actor, planId }, request: http },
      async () => {
        const stored = await plans.get(planId);
        return recorder.recording(
          { credentials, planId, plan: stored?.plan },
          async () => {
            const operation = await this.#accept(request, stored, caller);
            return reader.present(operation, credentials);
          },
        );
      },
    );
  }

  async #accept(
    request: AcceptRequest,
    stored: StoredPlan | undefined,
    caller: Caller,
  ): Promise<OperationRecord> {
    const { acceptances, operations } = this.#parts;
    const { origin, credentials } = caller;
    const requestedBy = credentials.principal.userEntityRef;
    const reason = parseReason(request.reason);
    if (!stored || stored.requestedBy !== requestedBy) {
      throw new PlanUnknown(request.planId);
    }
    requireSamePlan(request, stored);
    const { plan, registryId, locks } = stored;
    const acceptance: Acceptance = {
      requestedBy,
      idempotencyKey: request.idempotencyKey,
      requestHash: hashOf(request, reason),
      locks,
      stored,
      reason,
    };
    const before = await acceptances.repeated(acceptance);
    if (before) return before;
    requireTypedByRequester(
      { ...request, origin, plan },
      { programsRevoke: this.#context.config.actionsRevoke },
    );
    const ended = await operations.endedUnbegun(plan.id);
    if (ended) throw new PlanSpent(plan.id, ended.id, ended.state);
    if (Date.parse(plan.expiresAt) < (await this.#context.clock.now())) {
      throw new PlanExpired(plan.id, plan.expiresAt);
    }
    try {
      return await this.#begin(acceptance, caller);
    } catch (error) {
      const wasOvertaken =
        error instanceof TargetBusy || error instanceof PlanDrifted;
      if (plan.intent.kind === 'revoke' && wasOvertaken) {
        await acceptances.keepForRevoke({
          registryKey: registryId.key,
          requestedBy,
          locks,
          needs: plan.approval.needs ?? [],
        });
      }
      throw error;
    }
  }

  /** @throws whatever keeps the plan from being carried out now */
  async #begin(
    { stored, reason, ...acceptance }: Acceptance,
    { origin, credentials }: Caller,
  ): Promise<OperationRecord> {
    const { acceptances } = this.#parts;
    const { requestedBy } = acceptance;
    let allowed: Allowed;
    try {
      allowed = await this.#requireAllowed(stored, credentials);
    } catch (error) {
      if (error instanceof NotAllowedError) throw error;
      // An operation that began while the facts were read is the answer, not what it changed.
      const begun = await acceptances.repeatedOrFree(acceptance);
      if (begun) return begun;
      throw error;
    }
    const needs = needsOf({ origin, stored }, allowed.needs);
    const id = randomUUID();
    const { approvalExpiresAfterMs, waitingRequests } = this.#context.limits;
    const operation = await acceptances.accept({
      ...stored,
      ...acceptance,
      id,
      reason,
      origin,
      authorities: allowed.requirements.map(({ permission, entityRef }) => ({
        permission: permission.name,
        entityRef,
      })),
      ...(needs.length > 0 && {
        approvalExpiresAfterMs,
        needs,
        also: async trx =>
          requireRoomToWait(trx, {
            id,
            requestedBy,
            kind: stored.plan.intent.kind,
            now: await this.#context.clock.now(trx),
            waitingRequests,
          }),
      }),
    });
    this.#parts.accepted(operation);
    return operation;
  }

  /** @throws whatever keeps the plan from being carried out */
  async #requireAllowed(
    { plan, change, fingerprint }: StoredPlan,
    credentials: UserCredentials,
  ): Promise<Allowed> {
    const allowed = requireAllowed(
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
    return allowed;
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
  { origin, stored: { plan } }: { origin: Origin; stored: StoredPlan },
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
          because:
            'a program, such as a template, requested it in the name of the requester',
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
