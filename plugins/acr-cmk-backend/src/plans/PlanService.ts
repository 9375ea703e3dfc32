import { randomUUID } from 'node:crypto';
import type { AzureCloudName, Plan } from 'backstage-plugin-acr-cmk-common';
import {
  type Asker,
  type Gate,
  requireAllowed,
  type UserCredentials,
} from '../authority/Gate';
import type { CatalogLinks } from '../catalog/CatalogLinks';
import type { Change } from '../cmk/plan/change';
import type { Clock } from '../database/clock';
import type {
  HttpRequest,
  RequestRecorder,
} from '../authority/RequestRecorder';
import type { PlanStore, StoredPlan } from './PlanStore';
import { consumerIdsOf, presentPlan, toPlan } from './toPlan';

export { type Change, changeOf } from '../cmk/plan/change';

/** How long a plan that nobody accepted is kept after it has expired. Milliseconds. Our choice. */
const KEPT_AFTER_EXPIRY_MS = 24 * 60 * 60_000;

/** What would happen, and whom it would affect. Writes nothing to Azure. */
export class PlanService {
  readonly #gate: Pick<Gate, 'ask'>;
  readonly #plans: PlanStore;
  readonly #catalog: Pick<CatalogLinks, 'entitiesBehind'>;
  readonly #recorder: RequestRecorder;
  readonly #clock: Clock;
  readonly #waitingSeconds: number;
  /** Where the keys are that a change may name. */
  readonly cloud: AzureCloudName;

  constructor(options: {
    gate: Pick<Gate, 'ask'>;
    plans: PlanStore;
    catalog: Pick<CatalogLinks, 'entitiesBehind'>;
    recorder: RequestRecorder;
    clock: Clock;
    /** How long an operation that takes something away waits before it begins. */
    waitingSeconds: number;
    /** Where everything is. Default: Azure's public cloud. */
    cloud?: AzureCloudName;
  }) {
    this.cloud = options.cloud ?? 'public';
    this.#gate = options.gate;
    this.#plans = options.plans;
    this.#catalog = options.catalog;
    this.#recorder = options.recorder;
    this.#clock = options.clock;
    this.#waitingSeconds = options.waitingSeconds;
  }

  /**
   * Makes a plan, presents it to the requester, and keeps it.
   *
   * @throws the gate's refusal
   */
  async plan(
    change: Change,
    credentials: UserCredentials,
    http?: HttpRequest,
  ): Promise<Plan> {
    const actor = credentials.principal.userEntityRef;
    const registryId = change.registryId.toString();
    const { entityRef, intent } = change;
    return this.#recorder.audited(
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
          return presentPlan(
            plan,
            await this.#catalog.entitiesBehind(
              consumerIdsOf(plan),
              credentials,
            ),
          );
        } catch (error) {
          await this.#recorder.refused(
            { credentials, plan: { entityRef, registryId } },
            error,
          );
          throw error;
        }
      },
    );
  }

  /** The same, with what accepting the plan needs. */
  async prepare(
    change: Change,
    asker: Exclude<Asker, { kind: 'approver' }>,
  ): Promise<StoredPlan> {
    const planId = randomUUID();
    const { entityRef, made, needs } = requireAllowed(
      planId,
      await this.#gate.ask({ asker, change, planId }),
    );
    const now = await this.#clock.now();
    const planned = { ...change, entityRef };
    const isPerson = asker.kind === 'requester';
    const plan = toPlan({
      planId,
      change: planned,
      made,
      now,
      needs,
      waitingSeconds: this.#waitingSeconds,
    });
    const stored: StoredPlan = {
      plan,
      change: planned,
      registryId: change.registryId,
      requestedBy: isPerson
        ? asker.credentials.principal.userEntityRef
        : asker.onBehalfOf,
      steps: made.draft.steps,
      inverse: made.draft.inverse.steps,
      locks: made.draft.locks,
      effects: made.draft.effects,
      fingerprint: made.fingerprint,
    };
    // Nobody comes back for a blocked plan that no person has seen.
    if (isPerson || !plan.blocked) {
      await this.#plans.keep(stored);
    }
    return stored;
  }

  /** Deletes plans that nobody has accepted in time. */
  async sweep(): Promise<void> {
    await this.#plans.deleteExpired(
      (await this.#clock.now()) - KEPT_AFTER_EXPIRY_MS,
    );
  }
}
