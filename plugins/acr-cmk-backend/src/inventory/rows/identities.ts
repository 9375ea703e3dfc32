import type { AzureProblem } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { IdentityFacts } from '../../azure/arm/identityFacts';
import { isThere } from './isThere';
import {
  judgeAgain,
  type KeyOf,
  ReadingTable,
  type Reading,
  type RowPlace,
  type RowToKeep,
  STORED_COLUMNS,
  type StoredColumns,
  storedFact,
  type StoredFact,
  type StoredReading,
} from './readings';
import { batchesOf } from '../../platform/database/batches';
import { lower } from '../../platform/text';
import { subscriptionOf } from '../../azure/armIds';

const table = new ReadingTable('identities');

/** Converts a row of `identities`. */
export function storedIdentity(row: StoredColumns): StoredFact<IdentityFacts> {
  return storedFact(row, JSON.parse);
}

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
      syncedBy: 'sweep',
      read: async () => {
        const row = await this.#db('identities')
          .where({ id: lower(id) })
          .first(...STORED_COLUMNS);
        return row && storedIdentity(row);
      },
      keep: (value, reading) => this.keep([value], reading),
      keepProblem: (problem, at) => this.keepProblem(id, problem, at),
    };
  }

  /** Rows of several identities, by their ARM ids in lower case. */
  async ofAll(
    ids: readonly string[],
  ): Promise<Map<string, StoredFact<IdentityFacts>>> {
    const found = new Map<string, StoredFact<IdentityFacts>>();
    for (const batch of batchesOf(ids)) {
      const rows = await this.#db('identities')
        .whereIn('id', batch.map(lower))
        .select('id', ...STORED_COLUMNS);
      for (const row of rows) found.set(row.id, storedIdentity(row));
    }
    return found;
  }

  /** Identities that a text may refer to, by resource id, name, client id or principal id. */
  async meantBy(
    text: string,
    subscriptions: readonly string[],
  ): Promise<IdentityFacts[]> {
    const wanted = lower(text);
    const rows = await this.#there(subscriptions).where(row =>
      row
        .where({ id: wanted })
        .orWhere({ name: wanted })
        .orWhere({ client_id: wanted })
        .orWhere({ principal_id: wanted }),
    );
    return rows.map(({ facts }) => JSON.parse(facts!));
  }

  /** ARM id of the one that is known by a client id. */
  async idOf(clientId: string): Promise<string | undefined> {
    const row = await this.#db('identities')
      .where({ client_id: lower(clientId) })
      .first('id');
    return row?.id;
  }

  /** Identities of subscriptions that are there, as far as is known. */
  async inSubscriptions(
    subscriptions: readonly string[],
  ): Promise<IdentityFacts[]> {
    const rows = await this.#there(subscriptions);
    return rows.map(({ facts }) => JSON.parse(facts!));
  }

  /** @returns ARM ids of those that differ from before; the registries that encrypt as them are judged again */
  async keep(
    identities: readonly IdentityFacts[],
    reading: Reading,
  ): Promise<string[]> {
    const changed = await table.keepAndJudge(this.#db, identities.map(toRow), {
      reading,
      judge: judgeHolders,
    });
    return changed.map(({ id }) => id);
  }

  async keepProblem(
    id: string,
    problem: AzureProblem,
    at: number,
  ): Promise<void> {
    await this.#db.transaction(async trx => {
      await table.keepProblem(trx, placeOf(id), { problem, at });
      await judgeHolders(trx, [{ id: lower(id) }]);
    });
  }

  /** Removes those of a subscription that a whole listing, which began at `before`, did not hold. */
  async removeUnseen(subscriptionId: string, before: number): Promise<number> {
    return this.#db.transaction(async trx => {
      const ids: string[] = await table
        .unseen(trx, before)
        .where({ subscription_id: lower(subscriptionId) })
        .pluck('id');
      for (const batch of batchesOf(ids)) {
        await judgeHolders(
          trx,
          batch.map(each => ({ id: each })),
        );
        await trx('identities').whereIn('id', batch).delete();
      }
      return ids.length;
    });
  }

  #there(subscriptions: readonly string[]) {
    return this.#db('identities')
      .whereIn('subscription_id', subscriptions.map(lower))
      .whereNotNull('facts')
      .where(isThere('identities'))
      .orderBy('id')
      .select('facts');
  }
}

/** Registries that encrypt as these identities are judged again. */
async function judgeHolders(
  trx: Knex,
  identities: readonly KeyOf<'identities'>[],
): Promise<void> {
  const ids = identities.map(({ id }) => id);
  await judgeAgain(trx, registries =>
    registries.whereIn(
      'identity',
      trx('identities').whereIn('id', ids).select('client_id'),
    ),
  );
}

function placeOf(id: string): RowPlace<'identities'> {
  const key = lower(id);
  return {
    key: { id: key },
    columns: {
      subscription_id: subscriptionOf(id),
      name: key.slice(key.lastIndexOf('/') + 1),
    },
  };
}

function toRow(facts: IdentityFacts): RowToKeep<'identities'> {
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
