import {
  InvalidInput,
  type Operation,
  type OperationOffer,
  parseReason,
  PlanDrifted,
  PlanUnknown,
} from 'backstage-plugin-acr-cmk-common';
import {
  type Gate,
  requireAllowed,
  type UserCredentials,
} from '../authority/Gate';
import type { PlanStore } from '../plans/PlanStore';
import type { ApprovalStore } from './engine/ApprovalStore';
import type { OperationStore } from './engine/OperationStore';
import type { OperationRecord } from './engine/types';
import type { OperationReader } from './OperationReader';
import type { HttpRequest, OperationRecorder } from './OperationRecorder';

/** Who decides about which operation. */
export interface Decider {
  /** Of the operation. */
  id: string;
  credentials: UserCredentials;
  http?: HttpRequest;
}

/** What people decide about operations: may they, then the decision, then the record. */
export class DecisionService {
  readonly #gate: Pick<Gate, 'ask'>;
  readonly #plans: Pick<PlanStore, 'get'>;
  readonly #operations: Pick<OperationStore, 'cancel'>;
  readonly #approvals: ApprovalStore;
  readonly #reader: OperationReader;
  readonly #recorder: OperationRecorder;
  readonly #approved: () => void;

  constructor(options: {
    gate: Pick<Gate, 'ask'>;
    plans: Pick<PlanStore, 'get'>;
    operations: Pick<OperationStore, 'cancel'>;
    approvals: ApprovalStore;
    reader: OperationReader;
    recorder: OperationRecorder;
    /** An operation may begin: a worker may look. */
    approved: () => void;
  }) {
    this.#gate = options.gate;
    this.#plans = options.plans;
    this.#operations = options.operations;
    this.#approvals = options.approvals;
    this.#reader = options.reader;
    this.#recorder = options.recorder;
    this.#approved = options.approved;
  }

  /** Ends an operation that has not written to Azure yet. */
  async cancel(
    decider: Decider,
    request: { reason: string },
  ): Promise<Operation> {
    const reason = parseReason(request.reason);
    return this.#decided('cancel', decider, async (actor, { id }) => {
      await this.#operations.cancel(id, { actor, reason });
    });
  }

  /** A second person approves. A plan that no longer fits ends the operation instead. */
  async approve(
    decider: Decider,
    { planHash }: { planHash: string },
  ): Promise<Operation> {
    return this.#decided('approve', decider, async (actor, operation) => {
      const { id, plan } = operation;
      if (planHash !== plan.hash) {
        throw new InvalidInput(
          'planHash',
          `is not the hash of the plan of operation ${id}; read the plan again`,
        );
      }
      const stored = await this.#plans.get(plan.id);
      if (!stored) throw new PlanUnknown(plan.id);
      try {
        requireAllowed(
          plan.id,
          await this.#gate.ask({
            asker: {
              kind: 'approver',
              credentials: decider.credentials,
              operation,
            },
            change: stored.change,
            planId: plan.id,
            agreed: stored.fingerprint,
            operationId: id,
          }),
        );
      } catch (error) {
        if (error instanceof PlanDrifted) {
          await this.#approvals.reject(id, {
            actor,
            reason: error.message,
            code: error.code,
            message: `Nothing was written, because the plan no longer fits: ${error.changes
              .map(({ field }) => field)
              .join(', ')} changed. Make a new plan`,
          });
        }
        throw error;
      }
      await this.#approvals.approve(id, { actor, planHash });
      this.#approved();
    });
  }

  /** A second person rejects. */
  async reject(
    decider: Decider,
    request: { reason: string },
  ): Promise<Operation> {
    const reason = parseReason(request.reason);
    return this.#decided('reject', decider, (actor, { id }) =>
      this.#approvals.reject(id, {
        actor,
        reason,
        message: `Rejected by ${actor}: ${reason}. Nothing was written`,
      }),
    );
  }

  /** Makes a revoke permanent that would be restored automatically. */
  async confirm(
    decider: Decider,
    request: { reason: string },
  ): Promise<Operation> {
    const reason = parseReason(request.reason);
    return this.#decided('confirm', decider, (actor, { id }) =>
      this.#approvals.confirm(id, { actor, reason }),
    );
  }

  async #decided(
    action: OperationOffer['action'],
    { id, credentials, http }: Decider,
    decide: (actor: string, operation: OperationRecord) => Promise<void>,
  ): Promise<Operation> {
    const actor = credentials.principal.userEntityRef;
    return this.#recorder.audited(
      {
        id: `operation-${action}`,
        meta: { actor, operationId: id },
        request: http,
      },
      async () => {
        const operation = await this.#reader.decidable(id, {
          action,
          credentials,
        });
        await decide(actor, operation);
        return this.#reader.operation(id, credentials);
      },
    );
  }
}
