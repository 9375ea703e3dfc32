import type { AzureProblem } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { type StoredReading } from './rows/FactTable';
import { optionalNumber } from '../platform/database/results';

/** Name of a fact: its kind and its subject. */
export interface FactName {
  kind:
    | 'permissions'
    | 'locks'
    | 'all-locks'
    | 'deleted-key'
    | 'registry-name'
    | 'registry-locations'
    | 'resource-group'
    | 'resource-groups';
  subject: string;
}

/** Facts that nobody filters or sorts by, and that only plans need: one JSON value for each subject. */
export class FactStore {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  of<T>({ kind, subject }: FactName): StoredReading<T> {
    const facts = () => this.#db('facts');
    const insert = (columns: Record<string, unknown>) =>
      facts()
        .insert({ kind, subject, ...columns })
        .onConflict(['kind', 'subject']);
    return {
      name: `${kind} ${subject}`,
      read: async () => {
        const row = await facts().where({ kind, subject }).first();
        return (
          row && {
            value: row.value ? JSON.parse(row.value) : undefined,
            observedAt: optionalNumber(row.observed_at),
            azureAt: optionalNumber(row.azure_at),
            expiredAt: optionalNumber(row.expired_at),
            problem: row.problem ? JSON.parse(row.problem) : undefined,
            problemAt: optionalNumber(row.problem_at),
          }
        );
      },
      keep: (value, { readAt, azureAt }) =>
        insert({
          value: JSON.stringify(value),
          observed_at: readAt,
          azure_at: azureAt,
          problem: null,
          problem_at: null,
        })
          .merge(['value', 'observed_at', 'azure_at', 'problem', 'problem_at'])
          .where(older =>
            older
              .whereNull('facts.observed_at')
              .orWhere('facts.observed_at', '<=', readAt),
          ),
      keepProblem: (problem: AzureProblem, at) =>
        insert({ problem: JSON.stringify(problem), problem_at: at }).merge([
          'problem',
          'problem_at',
        ]),
    };
  }

  /** Marks what was read until now as old, kept already or still on its way. */
  async expire({ kind, subject }: FactName, at: number): Promise<void> {
    await this.#db('facts')
      .insert({ kind, subject, expired_at: at })
      .onConflict(['kind', 'subject'])
      .merge(['expired_at']);
  }

  /**
   * Forgets what was not touched since `before`. Subjects are whatever people have planned with, or asked
   * about: names of registries and keys that do not exist, too.
   */
  async deleteOld(before: number): Promise<void> {
    const query = this.#db('facts');
    for (const column of ['observed_at', 'problem_at', 'expired_at']) {
      query.where(row => row.whereNull(column).orWhere(column, '<', before));
    }
    await query.delete();
  }
}
