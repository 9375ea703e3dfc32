import {
  type KeyIdentifier,
  type RegistryFacts,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { identityOf } from '../../domain/encryptedRegistry';
import { refsInTags } from '../../domain/refsInTags';
import type { Registry } from '../../domain/registry';
import { batchesOf, findInBatches } from '../../platform/database/batches';
import { lower } from '../../platform/text';
import {
  type FactDescription,
  type FactToKeep,
  isThere,
  type KeyOf,
  type Reading,
  STORED_COLUMNS,
  storedFact,
} from './FactTable';
import { fleetChanged } from './fleetChanges';
import {
  changesOutside,
  historiesOf,
  keepEvents,
  type RegistryHistory,
} from './history';
import { SubscriptionTable } from './SubscriptionTable';
import { toRegistry } from './toRegistry';
import { hostOfVault } from './vaults';

/** Registries, as ARM answers about them. Their rows also hold the verdicts. */
export const REGISTRIES: FactDescription<'registries', RegistryId, Registry> = {
  table: 'registries',
  thing: 'registry',
  placeOf: id => ({
    key: { id: id.key },
    columns: {
      subscription_id: lower(id.subscriptionId),
      resource_group: lower(id.resourceGroup),
      name: lower(id.name),
    },
  }),
  columnsOf: facts => {
    const { encryption, key, keyInUse } = facts;
    const identity = encryption.identity
      ? identityOf(facts, encryption.identity)
      : undefined;
    return {
      arm_id: facts.id,
      display_name: facts.name,
      location: facts.location,
      vault_host: key ? hostOfVault(key.vaultName) : null,
      key_name: key ? lower(key.keyName) : null,
      version_mode: key ? modeOf(key) : null,
      version_in_use: keyInUse?.version ?? key?.version ?? null,
      identity: identity ? lower(identity.reference).slice(0, 40) : null,
      principal_id: identity?.principalId ? lower(identity.principalId) : null,
    };
  },
  jsonOf: ({ registryId, key, keyInUse, ...facts }) => facts,
  storedColumns: STORED_COLUMNS,
  // Stored facts had an id that could be parsed.
  stored: row =>
    storedFact(row, json => toRegistry(JSON.parse(json)) as Registry),
  judged: (registries, keys) =>
    registries.whereIn(
      'id',
      keys.map(({ id }) => id),
    ),
};

/** Rows of registries: what ARM said of each, and the verdict on it. */
export class RegistryRows extends SubscriptionTable<
  'registries',
  RegistryId,
  Registry
> {
  constructor(db: Knex) {
    super(db, REGISTRIES);
  }

  /**
   * Keeps registries, and which entities their tags name. An answer without a usable id is left
   * out; the caller of a listing has to count those, since each may be any registry.
   */
  keep(
    registries: readonly RegistryFacts[],
    reading: Reading,
  ): Promise<KeyOf<'registries'>[]> {
    return this.keepEach(
      registries
        .flatMap(facts => toRegistry(facts) ?? [])
        .map(facts => ({ name: facts.registryId, facts })),
      reading,
    );
  }

  override async keepEach(
    registries: readonly FactToKeep<RegistryId, Registry>[],
    reading: Reading,
  ): Promise<KeyOf<'registries'>[]> {
    const outside = await changesOutside(
      this.db,
      new Map(
        registries.map(({ name, facts }) => [
          name.key,
          {
            ...REGISTRIES.columnsOf(facts, name),
            lastModified: facts.lastModified,
          },
        ]),
      ),
      reading,
    );
    return super.keepEach(registries, reading, async (trx, changed) => {
      const ids = new Set(changed.map(({ id }) => id));
      await keepEvents(
        trx,
        outside.filter(({ id }) => ids.has(id)),
      );
      await keepTags(
        trx,
        registries.flatMap(({ name, facts }) =>
          ids.has(name.key) ? facts : [],
        ),
        reading.readAt,
      );
    });
  }

  /** Histories of registries, by their ids. */
  historiesOf(
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, RegistryHistory>> {
    return historiesOf(this.db, ids);
  }

  /** Ids of registries that we have created or changed, and that were not read since. */
  async unread(): Promise<RegistryId[]> {
    const ids: string[] = await this.db('registries')
      .whereNull('read_at')
      .whereNotNull('expired_at')
      .where(isThere('registries'))
      .pluck('id');
    return ids.map(id => RegistryId.parse(id));
  }

  /** Registries that are known to use a key, whatever version, without `except`; by index. */
  usersOf(
    key: KeyIdentifier,
    { except }: { except?: RegistryId } = {},
  ): Promise<Registry[]> {
    return this.known(
      this.there()
        .where({
          vault_host: hostOfVault(key.vaultName),
          key_name: lower(key.keyName),
        })
        .whereNot({ id: except?.key ?? '' }),
    );
  }

  /** Registries that are known to reach their keys as a principal; by index. */
  reachedAs(principalId: string): Promise<Registry[]> {
    return this.known(this.there().where({ principal_id: lower(principalId) }));
  }

  /**
   * Registries that exist, as far as is known.
   *
   * @param ids - ARM ids
   */
  getAll(ids: readonly string[]): Promise<Registry[]> {
    return findInBatches(ids, batch =>
      this.known(this.there().whereIn('id', batch)),
    );
  }

  protected override async changed(
    trx: Knex,
    keys: readonly KeyOf<'registries'>[],
  ): Promise<void> {
    await super.changed(trx, keys);
    if (keys.length > 0) await fleetChanged(trx);
  }

  protected override async removed(
    trx: Knex,
    keys: readonly KeyOf<'registries'>[],
  ): Promise<void> {
    for (const batch of batchesOf(keys)) {
      await tagsOf(
        trx,
        batch.map(({ id }) => id),
      ).delete();
    }
  }
}

function modeOf({ version }: KeyIdentifier): 'manual' | 'automatic' {
  return version ? 'manual' : 'automatic';
}

/** Links by the tags of these registries. */
function tagsOf(trx: Knex, ids: readonly string[]): Knex.QueryBuilder {
  return trx('links').whereIn('registry_id', ids).where({ source: 'tag' });
}

async function keepTags(
  trx: Knex,
  registries: readonly Registry[],
  readAt: number,
): Promise<void> {
  if (registries.length === 0) return;
  await tagsOf(
    trx,
    registries.map(({ registryId }) => registryId.key),
  ).delete();
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
