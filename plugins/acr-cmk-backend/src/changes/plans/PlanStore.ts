import {
  type AzureCloudName,
  type Plan,
  PlanUnknown,
  type RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { Effect } from '../../domain/effects';
import { canonicalJson } from '../../domain/canonicalJson';
import { changeOf } from '../../domain/plan/change';
import { planHash } from '../../domain/plan/fingerprint';
import type { AgreedPlan } from '../gate/Gate';
import type { StepSpec } from '../../domain/steps';

/** A plan with everything needed to carry it out. */
export interface StoredPlan extends AgreedPlan {
  plan: Plan;
  registryId: RegistryId;
  requestedBy: string;
  steps: StepSpec[];
  inverse: StepSpec[];
  locks: string[];
  effects: Effect[];
}

/**
 * Verifies that the stored steps and effects are those under the plan's hash, which people read.
 *
 * @throws PlanUnknown when the stored plan is not the one that was shown
 */
export function requireIntact({
  plan,
  steps,
  inverse,
  effects,
  fingerprint,
}: StoredPlan): void {
  const isSame =
    planHash(
      {
        planId: plan.id,
        entityRef: plan.entityRef,
        registryId: plan.registryId,
      },
      fingerprint,
    ) === plan.hash &&
    canonicalJson(steps) === fingerprint.steps &&
    canonicalJson(inverse) === fingerprint.inverse &&
    canonicalJson(effects) === fingerprint.effects;
  if (!isSame) throw new PlanUnknown(plan.id);
}

interface PlanStoreDeps {
  db: Knex;
  /** Default: the public cloud. */
  cloud?: AzureCloudName;
}

/** Stores plans as they were shown. */
export class PlanStore {
  readonly #deps: PlanStoreDeps;

  constructor(deps: PlanStoreDeps) {
    this.#deps = deps;
  }

  /** Keeps a plan. */
  async keep({
    plan,
    requestedBy,
    registryId,
    steps,
    inverse,
    locks,
    effects,
    fingerprint,
  }: Omit<StoredPlan, 'change'>): Promise<void> {
    await this.#deps.db('plans').insert({
      id: plan.id,
      hash: plan.hash,
      entity_ref: plan.entityRef,
      registry_key: registryId.key,
      requested_by: requestedBy,
      plan: JSON.stringify(plan),
      draft: JSON.stringify({ steps, inverse, locks, effects, fingerprint }),
      expires_at: Date.parse(plan.expiresAt),
    });
  }

  async get(id: string): Promise<StoredPlan | undefined> {
    const row = await this.#deps.db('plans').where({ id }).first();
    if (!row) return undefined;
    const plan: Plan = JSON.parse(row.plan);
    const change = changeOf(plan, this.#deps.cloud ?? 'public');
    return {
      plan,
      change,
      registryId: change.registryId,
      requestedBy: row.requested_by,
      ...JSON.parse(row.draft),
    };
  }

  /** Deletes plans that expired before `time` and that nobody accepted. */
  async deleteExpired(time: number): Promise<void> {
    await this.#deps
      .db('plans')
      .where('expires_at', '<', time)
      .whereNotIn('id', this.#deps.db('operations').select('plan_id'))
      .delete();
  }
}
