import type { AzureProblem } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { IdentityFacts } from '../../azure/ports';
import {
  batchesOf,
  isNotGone,
  lower,
  ReadingTable,
  type Reading,
  type RowToKeep,
  type StoredReading,
  subscriptionOf,
  toStoredFact,
} from './readings';

const table = new ReadingTable('identities', ['id']);

const toIdentity = ({ facts }: { facts: string }): IdentityFacts =>
  JSON.parse(facts);

/** Rows of user-assigned identities. */
export class IdentityRows {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  /** The row of one identity, by its ARM id. */
  of(id: string): StoredReading<IdentityFacts> {
    return {
      name: `identity ${lower(id)}`,
      read: async () => {
        const row = await this.#db('identities')
          .where({ id: lower(id) })
          .first();
        return row && toStoredFact(row, (facts: IdentityFacts) => facts);
      },
      keep: (value, reading) => this.keep([value], reading),
      keepProblem: (problem, at) => this.keepProblem(id, problem, at),
    };
  }

  /** Those that somebody may mean by a text: a resource id, name, client id or principal id. */
  async meantBy(
    text: string,
    subscriptions: readonly string[],
  ): Promise<IdentityFacts[]> {
    const wanted = lower(text);
    return this.#there(subscriptions)
      .where(row =>
        row
          .where({ id: wanted })
          .orWhere({ name: wanted })
          .orWhere({ client_id: wanted })
          .orWhere({ principal_id: wanted }),
      )
      .select('facts')
      .then(rows => rows.map(toIdentity));
  }

  /** Identities of subscriptions that are there, as far as is known. */
  async inSubscriptions(
    subscriptions: readonly string[],
  ): Promise<IdentityFacts[]> {
    const rows = await this.#there(subscriptions).select('facts');
    return rows.map(toIdentity);
  }

  async keep(
    identities: readonly IdentityFacts[],
    reading: Reading,
  ): Promise<string[]> {
    const changed: string[] = [];
    for (const batch of batchesOf(identities)) {
      await this.#db.transaction(async trx => {
        const keys = await table.keep(trx, batch.map(toRow), reading);
        changed.push(...keys.map(({ id }) => id));
      });
    }
    return changed;
  }

  async keepProblem(
    id: string,
    problem: AzureProblem,
    at: number,
  ): Promise<void> {
    await table.keepProblem(this.#db, placeOf(id), problem, at);
  }

  /** Removes those of a subscription that a whole listing, which began at `before`, did not hold. */
  async removeUnseen(subscriptionId: string, before: number): Promise<number> {
    return table
      .unseen(this.#db, before)
      .where({ subscription_id: lower(subscriptionId) })
      .delete();
  }

  #there(subscriptions: readonly string[]): Knex.QueryBuilder {
    return this.#db('identities')
      .whereIn('subscription_id', subscriptions.map(lower))
      .whereNotNull('facts')
      .where(isNotGone)
      .orderBy('id');
  }
}

function placeOf(id: string): Omit<RowToKeep, 'facts'> {
  return {
    key: { id: lower(id) },
    columns: {
      subscription_id: subscriptionOf(id),
      name: lower(id.slice(id.lastIndexOf('/') + 1)),
    },
  };
}

function toRow(facts: IdentityFacts): RowToKeep {
  const { key, columns } = placeOf(facts.id);
  return {
    key,
    columns: {
      ...columns,
      client_id: lower(facts.clientId),
      principal_id: lower(facts.principalId),
    },
    facts,
  };
}
