import type { Plan } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { StepSpec } from '../steps';

/** A plan with what carrying it out needs. */
export interface StoredPlan {
  plan: Plan;
  requestedBy: string;
  registryKey: string;
  steps: StepSpec[];
  inverse: StepSpec[];
  locks: string[];
  /** What is compared when the plan is made again, by name. */
  fingerprint: Record<string, string>;
}

/** Plans, kept as they were shown. */
export class PlanStore {
  readonly #db: Knex;

  constructor(options: { db: Knex }) {
    this.#db = options.db;
  }

  async keep({ plan, requestedBy, registryKey, ...draft }: StoredPlan) {
    await this.#db('plans').insert({
      id: plan.id,
      hash: plan.hash,
      entity_ref: plan.entityRef,
      registry_key: registryKey,
      requested_by: requestedBy,
      plan: JSON.stringify(plan),
      draft: JSON.stringify(draft),
      expires_at: Date.parse(plan.expiresAt),
    });
  }

  async get(id: string): Promise<StoredPlan | undefined> {
    const row = await this.#db('plans').where({ id }).first();
    return (
      row && {
        plan: JSON.parse(row.plan),
        requestedBy: row.requested_by,
        registryKey: row.registry_key,
        ...JSON.parse(row.draft),
      }
    );
  }

  /** Takes plans away that expired before `time` and that nobody accepted. */
  async deleteExpired(time: number): Promise<void> {
    await this.#db('plans')
      .where('expires_at', '<', time)
      .whereNotIn('id', this.#db('operations').select('plan_id'))
      .delete();
  }
}
