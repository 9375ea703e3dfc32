import {
  type AzureProblem,
  type ChangedOutside,
  type KeyIdentifier,
  type RegistryFacts,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { refsInTags } from '../../catalog/binding';
import { identityOf } from '../../domain/encryptedRegistry';
import type { Registry } from '../../domain/registry';
import {
  changedOutside,
  changesOutside,
  keepChangesOutside,
  knownSettings,
} from './changedOutside';
import { fleetChanged } from './fleetChanges';
import { toRegistry } from './toRegistry';
import { hostOfVault } from './vaults';
import { isThere } from './isThere';
import {
  judgeAgain,
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

/** A registry as its row holds it. */
export interface StoredRegistry {
  /** ARM id, lower case. */
  id: string;
  fact: StoredFact<Registry>;
}

/** One page of a long list, in the order of ids. */
export interface Page {
  subscriptionId?: string;
  /** The last ARM id of the page before. */
  after?: string;
  limit: number;
}

const table = new ReadingTable('registries');

/** Rows of registries: what ARM said of each, and the verdict on it. */
export class RegistryRows {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  /** The row of one registry. */
  of(id: RegistryId): StoredReading<Registry> {
    return {
      name: `registry ${id.key}`,
      syncedBy: 'sweep',
      read: () => this.get(id),
      keep: (value, reading) => this.keep([value], reading),
      keepProblem: (problem, at) => this.keepProblem(id, problem, at),
    };
  }

  async get(id: RegistryId): Promise<StoredFact<Registry> | undefined> {
    const row = await this.#db('registries')
      .where({ id: id.key })
      .first('id', ...STORED_COLUMNS);
    return row && storedRegistry(row).fact;
  }

  /**
   * Keeps registries, and which entities their tags name. An answer without a usable id is left
   * out; the caller of a listing has to count those, since each may be any registry.
   *
   * @returns ARM ids of those that differ from before
   */
  async keep(
    registries: readonly RegistryFacts[],
    reading: Reading,
  ): Promise<string[]> {
    const parsed = registries.flatMap(facts => toRegistry(facts) ?? []);
    // In the order in which `judgeAgain` locks them.
    parsed.sort((a, b) => (a.registryId.key < b.registryId.key ? -1 : 1));
    const byId = new Map(parsed.map(each => [each.registryId.key, each]));
    const rows = parsed.map(toRow);
    const outside = changesOutside(
      await knownSettings(this.#db, [...byId.keys()]),
      rows,
      reading,
    );
    const changed = await table.keepAndJudge(this.#db, rows, {
      reading,
      judge: async (trx, keys) => {
        const ids = keys.map(({ id }) => id);
        await keepChangesOutside(
          trx,
          new Map([...outside].filter(([id]) => ids.includes(id))),
        );
        await judgeAgain(trx, those => those.whereIn('id', ids));
        await keepTags(
          trx,
          ids.map(id => byId.get(id)!),
          reading.readAt,
        );
        if (ids.length > 0) await fleetChanged(trx);
      },
    });
    return changed.map(({ id }) => id);
  }

  async keepProblem(
    id: RegistryId,
    problem: AzureProblem,
    at: number,
  ): Promise<void> {
    await this.#db.transaction(async trx => {
      await table.keepProblem(trx, placeOf(id), { problem, at });
      await judgeAgain(trx, one => one.where({ id: id.key }));
      await fleetChanged(trx);
    });
  }

  /** The last change that no operation of this portal made, since its own last one. */
  changedOutside(id: RegistryId): Promise<ChangedOutside | undefined> {
    return changedOutside(this.#db, id);
  }

  /** We have changed it, or made it. */
  async expire(id: RegistryId, at: number): Promise<void> {
    await table.expire(this.#db, placeOf(id), at);
  }

  /** Ids of those that we have made or changed, and that nobody has read since. */
  async unread(): Promise<RegistryId[]> {
    const ids: string[] = await this.#db('registries')
      .whereNull('read_at')
      .whereNotNull('expired_at')
      .where(isThere('registries'))
      .pluck('id');
    return ids.map(id => RegistryId.parse(id));
  }

  /** Registries that are known to use a key, whatever version, without `except`; by index. */
  async usersOf(
    key: KeyIdentifier,
    { except }: { except?: RegistryId } = {},
  ): Promise<StoredRegistry[]> {
    const rows = await this.#there()
      .where({
        vault_host: hostOfVault(key.vaultName),
        key_name: lower(key.keyName),
      })
      .whereNot({ id: except?.key ?? '' })
      .orderBy('id');
    return rows.map(storedRegistry);
  }

  /** Registries that are known to reach their keys as a principal; by index. */
  async reachedAs(principalId: string): Promise<StoredRegistry[]> {
    const rows = await this.#there()
      .where({ principal_id: lower(principalId) })
      .orderBy('id');
    return rows.map(storedRegistry);
  }

  /** @param ids - ARM ids */
  async getAll(ids: readonly string[]): Promise<StoredRegistry[]> {
    const found: StoredRegistry[] = [];
    for (const batch of batchesOf(ids)) {
      const rows = await this.#there()

        .whereIn('id', batch)
        .orderBy('id');
      found.push(...rows.map(storedRegistry));
    }
    return found;
  }

  /** A part of all, for what has to go through them: never on the way of a request. */
  async page({
    subscriptionId,
    after,
    limit,
  }: Page): Promise<StoredRegistry[]> {
    const rows = await this.#there()
      .modify(query => {
        if (subscriptionId) {
          query.where({ subscription_id: lower(subscriptionId) });
        }
        if (after) query.where('id', '>', lower(after));
      })
      .orderBy('id')
      .limit(limit);
    return rows.map(storedRegistry);
  }

  /** Number of known registries in a subscription. */
  async count(subscriptionId: string): Promise<number> {
    const [{ n }] = await this.#db('registries')
      .where({ subscription_id: lower(subscriptionId) })
      .whereNotNull('facts')
      .count({ n: '*' });
    return Number(n);
  }

  /**
   * Removes those of a subscription that a whole listing, which began at `before`, did not hold.
   *
   * @returns how many
   */
  async removeUnseen(subscriptionId: string, before: number): Promise<number> {
    return this.#db.transaction(async trx => {
      const ids: string[] = await table
        .unseen(trx, before)
        .where({ subscription_id: lower(subscriptionId) })
        .pluck('id');
      for (const batch of batchesOf(ids)) {
        await trx('registries').whereIn('id', batch).delete();
        await trx('links')
          .whereIn('registry_id', batch)
          .where({ source: 'tag' })
          .delete();
      }
      if (ids.length > 0) await fleetChanged(trx);
      return ids.length;
    });
  }

  /** Rows of registries that are there, as far as is known. */
  #there() {
    return this.#db('registries')
      .whereNotNull('facts')
      .where(isThere('registries'))
      .select('id', ...STORED_COLUMNS);
  }
}

function placeOf(id: RegistryId): RowPlace<'registries'> {
  return {
    key: { id: id.key },
    columns: {
      subscription_id: lower(id.subscriptionId),
      resource_group: lower(id.resourceGroup),
      name: lower(id.name),
    },
  };
}

function modeOf({ version }: KeyIdentifier): 'manual' | 'automatic' {
  return version ? 'manual' : 'automatic';
}

function toRow({
  registryId,
  key,
  keyInUse,
  ...facts
}: Registry): RowToKeep<'registries'> {
  const { encryption } = facts;
  const identity = encryption.identity
    ? identityOf(facts, encryption.identity)
    : undefined;
  const { key: id, columns } = placeOf(registryId);
  return {
    key: id,
    columns: {
      ...columns,
      arm_id: facts.id,
      display_name: facts.name,
      location: facts.location,
      vault_host: key ? hostOfVault(key.vaultName) : null,
      key_name: key ? lower(key.keyName) : null,
      version_mode: key ? modeOf(key) : null,
      version_in_use: keyInUse?.version ?? key?.version ?? null,
      identity: identity ? lower(identity.reference).slice(0, 40) : null,
      principal_id: identity?.principalId ? lower(identity.principalId) : null,
    },
    facts,
  };
}

async function keepTags(
  trx: Knex,
  registries: readonly Registry[],
  readAt: number,
): Promise<void> {
  if (registries.length === 0) return;
  await trx('links')
    .whereIn(
      'registry_id',
      registries.map(({ registryId }) => registryId.key),
    )
    .where({ source: 'tag' })
    .delete();
  const links = registries.flatMap(({ registryId, tags }) =>
    [...new Set(refsInTags(tags))]
      .filter(ref => ref.length <= 255)
      .map(ref => ({
        registry_id: registryId.key,
        entity_ref: ref,
        source: 'tag' as const,
        owner: null,
        read_at: readAt,
      })),
  );
  for (const batch of batchesOf(links)) await trx('links').insert(batch);
}

/** Converts a row of `registries`. */
export function storedRegistry(
  row: StoredColumns & { id: string },
): StoredRegistry {
  return {
    id: row.id,
    // What was kept had an id that could be parsed.
    fact: storedFact(row, json => toRegistry(JSON.parse(json)) as Registry),
  };
}
