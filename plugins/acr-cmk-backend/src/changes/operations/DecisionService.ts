import {
  InvalidInput,
  type Operation,
  type OperationOffer,
  parseReason,
  PlanDrifted,
  PlanUnknown,
  TargetBusy,
} from 'backstage-plugin-acr-cmk-common';
import { type Gate, requireAllowed, type UserCredentials } from '../gate/Gate';
import { nameOfNeed, needsWithin, standingsOf } from '../gate/deciders';
import type { PermissionChecker } from '../gate/PermissionChecker';
import { requirePerson } from '../gate/requirePerson';
import type { CatalogLinks } from '../../catalog/CatalogLinks';
import { fieldChangesInWords } from '../../domain/plan/fingerprint';
import type { Context } from '../../platform/context';
import { type PlanStore, requireIntact } from '../plans/PlanStore';
import type { ApprovalStore } from '../../engine/ApprovalStore';
import type { OperationQueries } from '../../engine/OperationQueries';
import type { OperationRecord } from '../../engine/types';
import type { OperationReader } from './OperationReader';
import { requireTypedByApprover } from './typedName';
import type { Caller, RequestRecorder } from '../gate/RequestRecorder';

/** A person and the operation that they decide about. */
export interface Decider extends Caller {
  /** Id of the operation. */
  id: string;
}

type DecisionContext = Pick<Context, 'config'>;

interface DecisionServiceParts {
  gate: Pick<Gate, 'ask'>;
  plans: Pick<PlanStore, 'get'>;
  operations: Pick<OperationQueries, 'holderOf'>;
  permissionChecker: PermissionChecker;
  catalog: Pick<CatalogLinks, 'relationsOf'>;
  approvals: ApprovalStore;
  reader: OperationReader;
  recorder: RequestRecorder;
  /** An operation may begin: a worker may look. */
  approved: () => void;
  /** Something was decided about it: open views may look. */
  changed: (operation: OperationRecord) => void;
}

/**
 * Applies decisions of people about operations: checks that they may decide, applies the decision, and records
 * it.
 */
export class DecisionService {
  readonly #context: DecisionContext;
  readonly #parts: DecisionServiceParts;

  constructor(context: DecisionContext, parts: DecisionServiceParts) {
    this.#context = context;
    this.#parts = parts;
  }

  /** Ends an operation that has not written to Azure yet. */
  async cancel(
    decider: Decider,
    request: { reason: string },
  ): Promise<Operation> {
    const reason = parseReason(request.reason);
    return this.#decided('cancel', decider, async (actor, { id }) => {
      await this.#parts.approvals.cancel(id, { actor, reason });
    });
  }

  /** A second person approves. A plan that no longer fits ends the operation instead. */
  async approve(
    decider: Decider,
    { planHash, confirmation }: { planHash: string; confirmation?: string },
  ): Promise<Operation> {
    return this.#decided('approve', decider, async (actor, operation) => {
      const { id, plan } = operation;
      if (planHash !== plan.hash) {
        throw new InvalidInput(
          'planHash',
          `is not the hash of the plan of operation ${id}; read the plan again`,
        );
      }
      requireTypedByApprover({ ...operation, confirmation });
      const stored = await this.#parts.plans.get(plan.id);
      if (!stored) throw new PlanUnknown(plan.id);
      requireIntact(stored);
      try {
        requireAllowed(
          plan.id,
          await this.#parts.gate.ask({
            asker: {
              kind: 'approver',
              credentials: decider.credentials,
              operation,
            },
            change: stored.change,
            planId: plan.id,
            agreed: stored.fingerprint,
            operationId: id,
            needs: operation.approval?.needs,
          }),
        );
      } catch (error) {
        if (!(error instanceof PlanDrifted)) throw error;
        const busy = await this.#parts.operations.holderOf(stored.locks, id);
        throw await this.#noLongerFits(
          { id, actor },
          busy ? new TargetBusy(busy.target, busy.operationId) : error,
        );
      }
      const mine = await this.#standingsOf(operation, decider.credentials);
      try {
        const begins = await this.#parts.approvals.approve(id, {
          actor,
          meets: need => mine.get(nameOfNeed(need)),
        });
        if (begins) this.#parts.approved();
      } catch (error) {
        if (!(error instanceof TargetBusy)) throw error;
        throw await this.#noLongerFits({ id, actor }, error);
      }
    });
  }

  /** Needs that a person may meet, by name, and the relations by which they may. */
  async #standingsOf(
    { approval }: OperationRecord,
    credentials: UserCredentials,
  ): Promise<ReadonlyMap<string, readonly string[]>> {
    const mine = await needsWithin(
      approval?.needs ?? [],
      credentials,
      this.#parts.permissionChecker,
    );
    return standingsOf(credentials.principal.userEntityRef, mine, {
      approvers: this.#context.config.approvers,
      catalog: this.#parts.catalog,
    });
  }

  /** Ends an operation that can no longer be carried out as it was agreed to. */
  async #noLongerFits(
    { id, actor }: { id: string; actor: string },
    error: PlanDrifted | TargetBusy,
  ): Promise<Error> {
    const why =
      error instanceof TargetBusy
        ? `${
            error.operationId ? `operation ${error.operationId}` : 'a revoke'
          } went first and is using the same registry or key`
        : `${fieldChangesInWords(error.changes)} changed`;
    await this.#parts.approvals.reject(id, {
      actor,
      reason: error.message,
      code: error.code,
      message: `Nothing was written, because the plan no longer fits: ${why}. Create a new plan`,
    });
    return error;
  }

  /** A second person rejects. */
  async reject(
    decider: Decider,
    request: { reason: string },
  ): Promise<Operation> {
    const reason = parseReason(request.reason);
    return this.#decided('reject', decider, (actor, { id }) =>
      this.#parts.approvals.reject(id, {
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
      this.#parts.approvals.confirm(id, { actor, reason }),
    );
  }

  async #decided(
    action: OperationOffer['action'],
    { id, credentials, origin, http }: Decider,
    decide: (actor: string, operation: OperationRecord) => Promise<void>,
  ): Promise<Operation> {
    const { recorder, reader, changed } = this.#parts;
    const actor = credentials.principal.userEntityRef;
    return recorder.audited(
      {
        id: `operation-${action}`,
        meta: { actor, operationId: id },
        request: http,
      },
      async () => {
        const operation = await reader.record(id, credentials);
        const { plan } = operation;
        const decision = { operationId: id, action };
        await recorder.recording(
          { credentials, planId: plan.id, plan, decision },
          async () => {
            await reader.requireDecidable(operation, { action, credentials });
            if (action !== 'cancel' && action !== 'reject') {
              requirePerson(action, {
                origin,
                where: "on the registry's Encryption tab",
              });
            }
            await decide(actor, operation);
          },
        );
        changed(operation);
        return reader.operation(id, credentials);
      },
    );
  }
}
