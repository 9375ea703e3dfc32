import type { AzureProblem } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { Clock } from '../database/clock';

/** What is kept of one subject. */
export interface StoredFact<T> {
  value?: T;
  /** When `value` was read, epoch milliseconds. */
  observedAt?: number;
  /** Azure's time then, epoch milliseconds. */
  azureAt?: number;
  /** When we last changed it, by the plugin's clock: what was read before is known to be old. */
  expiredAt?: number;
  /** The last attempt to read it, when that failed. */
  problem?: AzureProblem;
  problemAt?: number;
}

/** What a fact is about. */
export interface FactName {
  kind: string;
  subject: string;
}

/** Facts with their age, one row for each kind and subject. */
export class FactStore {
  readonly #db: Knex;
  readonly #clock: Clock;

  constructor(options: { db: Knex; clock: Clock }) {
    this.#db = options.db;
    this.#clock = options.clock;
  }

  now(): Promise<number> {
    return this.#clock.now();
  }

  async read<T>({
    kind,
    subject,
  }: FactName): Promise<StoredFact<T> | undefined> {
    const row = await this.#db('facts').where({ kind, subject }).first();
    if (!row) return undefined;
    return {
      value: row.value ? JSON.parse(row.value) : undefined,
      observedAt:
        row.observed_at === null ? undefined : Number(row.observed_at),
      azureAt: row.azure_at === null ? undefined : Number(row.azure_at),
      expiredAt: row.expired_at === null ? undefined : Number(row.expired_at),
      problem: row.problem ? JSON.parse(row.problem) : undefined,
      problemAt: row.problem_at === null ? undefined : Number(row.problem_at),
    };
  }

  /**
   * Keeps what was read.
   *
   * @param askedAt - when the reading began. What was read later already stays, so that a slow old
   *   answer never takes the place of a newer one. A mark of age stays as well: a reading that began
   *   before it is old from the start.
   */
  async keep(
    { kind, subject }: FactName,
    fact: { value: unknown; azureAt: number },
    askedAt: number,
  ): Promise<void> {
    await this.#db('facts')
      .insert({
        kind,
        subject,
        value: JSON.stringify(fact.value),
        observed_at: askedAt,
        azure_at: fact.azureAt,
        problem: null,
        problem_at: null,
      })
      .onConflict(['kind', 'subject'])
      .merge()
      .where(older =>
        older
          .whereNull('facts.observed_at')
          .orWhere('facts.observed_at', '<=', askedAt),
      );
  }

  /** Keeps that reading failed; what was known stays. */
  async keepProblem(
    { kind, subject }: FactName,
    problem: AzureProblem,
    askedAt: number,
  ): Promise<void> {
    await this.#db('facts')
      .insert({
        kind,
        subject,
        problem: JSON.stringify(problem),
        problem_at: askedAt,
      })
      .onConflict(['kind', 'subject'])
      .merge(['problem', 'problem_at']);
  }

  /** Marks what was read until now as old, kept already or still on its way. */
  async expire({ kind, subject }: FactName): Promise<void> {
    await this.#db('facts')
      .insert({ kind, subject, expired_at: await this.#clock.now() })
      .onConflict(['kind', 'subject'])
      .merge(['expired_at']);
  }
}
