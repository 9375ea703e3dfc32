import type { AzureProblem } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { IdentityFacts } from '../../azure/ports';
import { FixedStatement } from '../../database/FixedStatement';
import { identityIdForm, inSubscription } from './ids';
import { factColumns, factsOf } from './packing';
import {
  batchesOf,
  isNotGone,
  judgeAgain,
  lower,
  readingColumns,
  ReadingTable,
  type Reading,
  type RowToKeep,
  type StoredFact,
  type StoredReading,
} from './readings';

const table = new ReadingTable('identities');

const { toRow: rowIdOf, toArm: armIdOf } = identityIdForm;

/** Rows of user-assigned identities. */
export class IdentityRows {
  readonly #db: Knex;
  readonly #one: FixedStatement<{ id: string }>;

  constructor(db: Knex) {
    this.#db = db;
    this.#one = new FixedStatement(db, (_, { id }) =>
      db('identities').where({ id }).select(readingColumns('identities')),
    );
  }

  /** The row of one identity, by its ARM id. */
  of(id: string): StoredReading<IdentityFacts> {
    return {
      name: `identity ${lower(id)}`,
      syncedBy: 'sweep',
      read: async () => {
        const [row] = await this.#one.rows({ id: rowIdOf(id) });
        return row && table.stored(row, (facts: IdentityFacts) => facts);
      },
      keep: (value, reading) => this.keep([value], reading),
      keepProblem: (problem, at) => this.keepProblem(id, problem, at),
    };
  }

  /** Rows of several identities, by their ARM ids in lower case; facts are unpacked when they are asked for. */
  async ofAll(
    ids: readonly string[],
  ): Promise<Map<string, () => StoredFact<IdentityFacts>>> {
    const found = new Map<string, () => StoredFact<IdentityFacts>>();
    for (const batch of batchesOf(ids)) {
      const rows: any[] = await this.#db('identities').whereIn(
        'id',
        batch.map(rowIdOf),
      );
      for (const row of rows) {
        found.set(armIdOf(row.id), () =>
          table.stored(row, (facts: IdentityFacts) => facts),
        );
      }
    }
    return found;
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
          .where({ id: rowIdOf(wanted) })
          .orWhere({ name: wanted })
          .orWhere({ client_id: wanted })
          .orWhere({ principal_id: wanted }),
      )
      .select(factColumns('identities'))
      .then((rows: any[]) =>
        rows.map(row => factsOf<IdentityFacts>('identities', row)),
      );
  }

  /** ARM id of the one that is known by a client id. */
  async idOf(clientId: string): Promise<string | undefined> {
    const row = await this.#db('identities')
      .where({ client_id: lower(clientId) })
      .first('id');
    return row && armIdOf(row.id);
  }

  /** Identities of subscriptions that are there, as far as is known. */
  async inSubscriptions(
    subscriptions: readonly string[],
  ): Promise<IdentityFacts[]> {
    const rows = await this.#there(subscriptions).select(
      factColumns('identities'),
    );
    return rows.map((row: any) => factsOf<IdentityFacts>('identities', row));
  }

  /** @returns ARM ids of those that differ from before; the registries that encrypt as them are judged again */
  async keep(
    identities: readonly IdentityFacts[],
    reading: Reading,
  ): Promise<string[]> {
    const ids = await table.keepAndJudge(this.#db, identities.map(toRow), {
      reading,
      judge: judgeHolders,
    });
    return ids.map(armIdOf);
  }

  async keepProblem(
    id: string,
    problem: AzureProblem,
    at: number,
  ): Promise<void> {
    await this.#db.transaction(async trx => {
      await table.keepProblem(trx, placeOf(id), { problem, at });
      await judgeHolders(trx, [rowIdOf(id)]);
    });
  }

  /** Removes those of a subscription that a whole listing, which began at `before`, did not hold. */
  async removeUnseen(subscriptionId: string, before: number): Promise<number> {
    return this.#db.transaction(async trx => {
      const ids: string[] = await table
        .unseen(trx, before)
        .where(inSubscription('identities', subscriptionId))
        .pluck('id');
      for (const batch of batchesOf(ids)) {
        await judgeHolders(trx, batch);
        await trx('identities').whereIn('id', batch).delete();
      }
      return ids.length;
    });
  }

  #there(subscriptions: readonly string[]): Knex.QueryBuilder {
    return this.#db('identities')
      .whereIn('subscription_id', subscriptions.map(lower))
      .whereNotNull('facts')
      .where(isNotGone)
      .orderBy('id');
  }
}

/** Registries that encrypt as these identities are judged again. @param ids - as rows hold them */
async function judgeHolders(trx: Knex, ids: string[]): Promise<void> {
  await judgeAgain(trx, registries =>
    registries.whereIn(
      'identity',
      trx('identities').whereIn('id', ids).select('client_id'),
    ),
  );
}

function placeOf(id: string): Omit<RowToKeep, 'facts'> {
  return { key: { id: rowIdOf(id) }, columns: {} };
}

function toRow(facts: IdentityFacts): RowToKeep {
  return {
    ...placeOf(facts.id),
    columns: {
      client_id: lower(facts.clientId),
      principal_id: lower(facts.principalId),
    },
    facts,
  };
}
