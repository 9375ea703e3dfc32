import {
  AZURE_CLOUDS,
  type AzureProblem,
  type VaultFacts,
  vaultHostOf,
  vaultNameOfId,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { firewallOf } from '../../domain/firewall';
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

const table = new ReadingTable('vaults');

/**
 * A vault by its name, as key columns hold it: the host that it would have in Azure's public cloud. A
 * database holds what is in one cloud, so that the name alone tells vaults apart.
 */
export function hostOfVault(name: string): string {
  return lower(vaultHostOf(name));
}

/** Converts a row of `vaults`. */
export function storedVault(row: StoredColumns): StoredFact<VaultFacts> {
  return storedFact(row, JSON.parse);
}

/** Ends the hosts of Managed HSMs in key columns, for `like`. */
export const LIKE_HSM = `%.${AZURE_CLOUDS.public.hsmSuffix}`;

/** Rows of vaults, and of Managed HSMs. */
export class VaultRows {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  /** The row of one vault, by its ARM id. */
  of(id: string): StoredReading<VaultFacts> {
    return {
      name: `vault ${lower(id)}`,
      syncedBy: 'sweep',
      read: async () => {
        const row = await this.#db('vaults')
          .where({ id: lower(id) })
          .first(...STORED_COLUMNS);
        return row && storedVault(row);
      },
      keep: (value, reading) => this.keep([value], reading),
      keepProblem: (problem, at) => this.keepProblem(id, problem, at),
    };
  }

  /** A vault by its name, which is unique in all of Azure. */
  async named(
    name: string,
  ): Promise<{ id: string; fact: StoredFact<VaultFacts> } | undefined> {
    const row = await this.#db('vaults')
      .where({ host: hostOfVault(name) })
      // One that was deleted and made again in another group has two rows for a while.
      .orderByRaw('coalesce(read_at, 0) desc')
      .first('id', ...STORED_COLUMNS);
    return row && { id: row.id, fact: storedVault(row) };
  }

  /** Vaults of subscriptions that are there, as far as is known. */
  async inSubscriptions(
    subscriptions: readonly string[],
  ): Promise<VaultFacts[]> {
    const rows = await this.#db('vaults')
      .whereIn('subscription_id', subscriptions.map(lower))
      .whereNotNull('facts')
      .where(isThere('vaults'))
      .orderBy('id')
      .select('facts');
    return rows.map(({ facts }) => JSON.parse(facts!));
  }

  /** @returns ids of those that differ from before; the registries behind them are judged again */
  async keep(
    vaults: readonly VaultFacts[],
    reading: Reading,
  ): Promise<string[]> {
    const changed = await table.keepAndJudge(this.#db, vaults.map(toRow), {
      reading,
      judge: judgeBehind,
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
      await judgeBehind(trx, [{ id: lower(id) }]);
    });
  }

  /** We have changed it. */
  async expire(name: string, at: number): Promise<void> {
    await this.#db('vaults')
      .where({ host: hostOfVault(name) })
      .update({ expired_at: at });
  }

  /** Removes those of a subscription that a whole listing, which began at `before`, did not hold. */
  async removeUnseen(subscriptionId: string, before: number): Promise<number> {
    return this.#db.transaction(async trx => {
      const ids: string[] = await table
        .unseen(trx, before)
        .where({ subscription_id: lower(subscriptionId) })
        .pluck('id');
      for (const batch of batchesOf(ids)) {
        await judgeBehind(
          trx,
          batch.map(id => ({ id })),
        );
        await trx('vaults').whereIn('id', batch).delete();
      }
      // What could not be found yet is known not to be there now.
      await judgeAgain(trx, registries =>
        registries
          .whereNotNull('vault_host')
          .whereNotIn('vault_host', trx('vaults').select('host')),
      );
      return ids.length;
    });
  }
}

/** Registries with keys in these vaults are judged again. */
async function judgeBehind(
  trx: Knex,
  vaults: readonly KeyOf<'vaults'>[],
): Promise<void> {
  const ids = vaults.map(({ id }) => id);
  await judgeAgain(trx, registries =>
    registries.whereIn(
      'vault_host',
      trx('vaults').whereIn('id', ids).select('host'),
    ),
  );
}

function placeOf(id: string): RowPlace<'vaults'> {
  return {
    key: { id: lower(id) },
    columns: {
      subscription_id: subscriptionOf(id),
      host: hostOfVault(vaultNameOfId(id)),
    },
  };
}

function toRow(facts: VaultFacts): RowToKeep<'vaults'> {
  const { key, columns } = placeOf(facts.id);
  return {
    key,
    columns: {
      ...columns,
      permission_model: facts.permissionModel,
      purge_protection: facts.purgeProtection ?? null,
      network: firewallOf(facts),
    },
    facts,
  };
}
