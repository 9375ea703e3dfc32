import { randomUUID } from 'node:crypto';
import {
  assertNever,
  type AzureCloudName,
  type FieldChange,
  type Intent,
  type LimitReached,
  type Plan,
} from 'backstage-plugin-acr-cmk-common';
import {
  type Asker,
  type Gate,
  requireAllowed,
  type UserCredentials,
} from '../gate/Gate';
import {
  programNeedsApproval,
  requireProgramsMayAsk,
} from '../gate/requireProgramsMayAsk';
import type { Requirement } from '../gate/authoritiesOf';
import { authorityOf } from '../gate/deciders';
import type { CatalogLinks } from '../../catalog/CatalogLinks';
import type { Change } from '../../domain/plan/change';
import type { MadePlan } from '../../domain/plan/draft';
import type { Approvers } from '../../platform/config';
import type { Clock } from '../../platform/database/clock';
import type { HttpRequest, RequestRecorder } from '../gate/RequestRecorder';
import type { Origin, StoredNeed } from '../../engine/types';
import type { PlanStore, StoredPlan } from './PlanStore';
import { consumerIdsOf, presentPlan, toPlan } from './toPlan';

export { type Change, changeOf } from '../../domain/plan/change';

/** Time for which a plan that nobody accepted is kept after its expiry. Milliseconds. Our choice. */
const KEPT_AFTER_EXPIRY_MS = 24 * 60 * 60_000;

interface PlanServiceDeps {
  gate: Pick<Gate, 'ask'>;
  plans: PlanStore;
  catalog: Pick<CatalogLinks, 'affected'>;
  recorder: RequestRecorder;
  /** `acrCmk.approvers` */
  approvers: Approvers;
  clock: Clock;
  /** Time that an operation which takes something away waits before it begins. */
  waitingSeconds: number;
  /** Whether programs may request to take something away: `acrCmk.actions.revoke`. */
  programsRevoke: boolean;
  /** The refusal of one more request of a person that waits for approval, if it would be refused now. */
  noRoomToWait(of: {
    requestedBy: string;
    kind: Intent['kind'];
  }): Promise<LimitReached | undefined>;
  /** Cloud of the keys that a change may name. Default: Azure's public cloud. */
  cloud?: AzureCloudName;
}

/** A plan that its requester and the holders of its needs have agreed to. */
export interface AgreedChange {
  planId: string;
  change: Change;
  fingerprint: Record<string, string>;
  /** Met ones: those who have met them have to be who they were. */
  needs: readonly StoredNeed[];
  onBehalfOf: string;
}

/** Makes plans: the steps of a change, and whom it would affect. Writes nothing to Azure. */
export class PlanService {
  readonly #deps: PlanServiceDeps;
  readonly cloud: AzureCloudName;

  constructor(deps: PlanServiceDeps) {
    this.#deps = deps;
    this.cloud = deps.cloud ?? 'public';
  }

  /**
   * Makes a plan, presents it to the requester, and keeps it.
   *
   * @throws the gate's refusal
   */
  async plan(
    change: Change,
    credentials: UserCredentials,
    { origin, http }: { origin: Origin; http?: HttpRequest },
  ): Promise<Plan> {
    const actor = credentials.principal.userEntityRef;
    const registryId = change.registryId.toString();
    const { entityRef, intent } = change;
    return this.#deps.recorder.audited(
      {
        id: 'plan',
        meta: { actor, entityRef, registryId, intent: intent.kind },
        request: http,
      },
      async () => {
        try {
          const { plan } = await this.prepare(change, {
            kind: 'requester',
            credentials,
          });
          requireProgramsMayAsk(
            { plan, origin },
            { programsRevoke: this.#deps.programsRevoke },
          );
          const affected = await this.#deps.catalog.affected(
            consumerIdsOf(plan),
            credentials,
          );
          const { approvers } = this.#deps;
          const presented = presentPlan(plan, { ...affected, approvers });
          const waits =
            plan.approval.required || programNeedsApproval({ plan, origin });
          const noRoom = waits
            ? await this.#deps.noRoomToWait({
                requestedBy: actor,
                kind: intent.kind,
              })
            : undefined;
          return noRoom
            ? {
                ...presented,
                approval: { ...presented.approval, noRoom: noRoom.message },
              }
            : presented;
        } catch (error) {
          await this.#deps.recorder.refused(
            { credentials, plan: { entityRef, registryId } },
            error,
          );
          throw error;
        }
      },
    );
  }

  /** Makes a plan and keeps it, with the parts that its acceptance needs. */
  async prepare(
    change: Change,
    asker: Exclude<Asker, { kind: 'approver' }>,
  ): Promise<StoredPlan> {
    const planId = randomUUID();
    const { entityRef, made, needs } = requireAllowed(
      planId,
      await this.#deps.gate.ask({ asker, change, planId }),
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
      await this.#deps.plans.keep(stored);
    }
    return stored;
  }

  /**
   * Makes a plan again that was agreed to, from what is there now, and keeps it.
   *
   * @returns the differences where it is another one, or may not be carried out any more
   */
  async prepareAgreed({
    planId,
    change,
    fingerprint,
    needs,
    onBehalfOf,
  }: AgreedChange): Promise<
    { prepared: StoredPlan } | { changes: readonly FieldChange[] }
  > {
    const verdict = await this.#deps.gate.ask({
      asker: { kind: 'plugin', onBehalfOf },
      change,
      planId,
      agreed: fingerprint,
      needs,
    });
    switch (verdict.verdict) {
      case 'refused':
        return { changes: [verdict.refusal.change] };
      case 'changed':
        return { changes: verdict.changes };
      case 'allowed': {
        const { entityRef, made } = verdict;
        const prepared = await this.#toStored({
          planId,
          change: { ...change, entityRef },
          made,
          needs: needs.map(need => ({
            ...authorityOf(need),
            because: need.because,
          })),
          requestedBy: onBehalfOf,
        });
        await this.#deps.plans.keep(prepared, { again: true });
        return { prepared };
      }
      default:
        return assertNever(verdict);
    }
  }

  async #toStored({
    planId,
    change,
    made,
    needs,
    requestedBy,
  }: {
    planId: string;
    change: Change;
    made: MadePlan;
    needs: readonly Requirement[];
    requestedBy: string;
  }): Promise<StoredPlan> {
    const { steps, inverse, locks, effects } = made.draft;
    return {
      plan: toPlan({
        planId,
        change,
        made,
        now: await this.#deps.clock.now(),
        needs,
        waitingSeconds: this.#deps.waitingSeconds,
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
    await this.#deps.plans.deleteExpired(
      (await this.#deps.clock.now()) - KEPT_AFTER_EXPIRY_MS,
    );
  }
}
