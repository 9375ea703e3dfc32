import { randomUUID } from 'node:crypto';
import {
  type AzureCloudName,
  type Plan,
} from 'backstage-plugin-acr-cmk-common';
import { type Asker, type Gate, requireAllowed } from '../gate/Gate';
import {
  programNeedsApproval,
  requireProgramsMayAsk,
} from '../gate/requireProgramsMayAsk';
import { noRoomToWait } from '../gate/requireRoomToWait';
import type { Requirement } from '../gate/authoritiesOf';
import type { CatalogLinks } from '../../catalog/CatalogLinks';
import type { Change } from '../../domain/plan/change';
import type { MadePlan } from '../../domain/plan/draft';
import type { Context } from '../../platform/context';
import type { Caller, RequestRecorder } from '../gate/RequestRecorder';
import type { PlanStore, StoredPlan } from './PlanStore';
import { consumerIdsOf, entitiesInTagsOf, presentPlan, toPlan } from './toPlan';

export { type Change, changeOf } from '../../domain/plan/change';

/** Time for which a plan that nobody accepted is kept after its expiry. Milliseconds. Our choice. */
const KEPT_AFTER_EXPIRY_MS = 24 * 60 * 60_000;

interface PlanServiceContext extends Pick<Context, 'db' | 'clock'> {
  config: Pick<
    Context['config'],
    'approvers' | 'waitingSeconds' | 'actionsRevoke' | 'cloud'
  >;
  limits: Pick<Context['limits'], 'waitingRequests'>;
}

interface PlanServiceParts {
  gate: Pick<Gate, 'ask'>;
  plans: PlanStore;
  catalog: Pick<CatalogLinks, 'affected' | 'entitiesInTags'>;
  recorder: RequestRecorder;
}

/** A plan that the gate has allowed. */
export interface AllowedPlan {
  planId: string;
  change: Change;
  made: MadePlan;
  needs: readonly Requirement[];
  requestedBy: string;
}

/** Makes plans: the steps of a change, and whom it would affect. Writes nothing to Azure. */
export class PlanService {
  readonly #context: PlanServiceContext;
  readonly #parts: PlanServiceParts;
  /** Cloud of the keys that a change may name. */
  readonly cloud: AzureCloudName;

  constructor(context: PlanServiceContext, parts: PlanServiceParts) {
    this.#context = context;
    this.#parts = parts;
    this.cloud = context.config.cloud;
  }

  /**
   * Makes a plan, presents it to the requester, and keeps it.
   *
   * @throws the gate's refusal
   */
  async plan(change: Change, caller: Caller): Promise<Plan> {
    const { credentials, origin, http } = caller;
    const actor = credentials.principal.userEntityRef;
    const registryId = change.registryId.toString();
    const { entityRef, intent } = change;
    const { recorder } = this.#parts;
    return recorder.audited(
      {
        id: 'plan',
        meta: { actor, entityRef, registryId, intent: intent.kind },
        request: http,
      },
      () =>
        recorder.recording(
          { credentials, plan: { entityRef, registryId } },
          async () => {
            const { plan } = await this.prepare(change, {
              kind: 'requester',
              credentials,
            });
            requireProgramsMayAsk(
              { plan, origin },
              { programsRevoke: this.#context.config.actionsRevoke },
            );
            return this.#presented(plan, caller);
          },
        ),
    );
  }

  /** A plan as its requester may see it, with what would keep it from being accepted now. */
  async #presented(plan: Plan, { credentials, origin }: Caller): Promise<Plan> {
    const { catalog } = this.#parts;
    const [affected, inTags] = await Promise.all([
      catalog.affected(consumerIdsOf(plan), credentials),
      catalog.entitiesInTags(entitiesInTagsOf(plan), credentials),
    ]);
    const { approvers } = this.#context.config;
    const presented = presentPlan(plan, { ...affected, inTags, approvers });
    const waits =
      plan.approval.required || programNeedsApproval({ plan, origin });
    if (!waits) return presented;
    const { db, clock, limits } = this.#context;
    const noRoom = await noRoomToWait(db, {
      requestedBy: credentials.principal.userEntityRef,
      kind: plan.intent.kind,
      now: await clock.now(),
      waitingRequests: limits.waitingRequests,
    });
    const { approval } = presented;
    return noRoom
      ? { ...presented, approval: { ...approval, noRoom: noRoom.message } }
      : presented;
  }

  /** Makes a plan and keeps it, with the parts that its acceptance needs. */
  async prepare(
    change: Change,
    asker: Exclude<Asker, { kind: 'approver' }>,
  ): Promise<StoredPlan> {
    const planId = randomUUID();
    const { entityRef, made, needs } = requireAllowed(
      planId,
      await this.#parts.gate.ask({ asker, change, planId }),
    );
    const isPerson = asker.kind === 'requester';
    const stored = await this.#toStored({
      planId,
      change: { ...change, entityRef },
      made,
      needs,
      requestedBy: isPerson
        ? asker.credentials.principal.userEntityRef
        : asker.onBehalfOf,
    });
    // Nobody comes back for a blocked plan that no person has seen.
    if (isPerson || !stored.plan.blocked) {
      await this.#parts.plans.keep(stored);
    }
    return stored;
  }

  /** Keeps a plan of a requester that the gate has allowed, without another look at it. */
  async keep(made: AllowedPlan): Promise<StoredPlan> {
    const stored = await this.#toStored(made);
    await this.#parts.plans.keep(stored);
    return stored;
  }

  async #toStored({
    planId,
    change,
    made,
    needs,
    requestedBy,
  }: AllowedPlan): Promise<StoredPlan> {
    const { steps, inverse, locks, effects } = made.draft;
    return {
      plan: toPlan({
        planId,
        change,
        made,
        now: await this.#context.clock.now(),
        needs,
        waitingSeconds: this.#context.config.waitingSeconds,
      }),
      change,
      registryId: change.registryId,
      requestedBy,
      steps,
      inverse: inverse.steps,
      locks,
      effects,
      fingerprint: made.fingerprint,
    };
  }

  /** Deletes plans that nobody has accepted in time. */
  async sweep(): Promise<void> {
    await this.#parts.plans.deleteExpired(
      (await this.#context.clock.now()) - KEPT_AFTER_EXPIRY_MS,
    );
  }
}
