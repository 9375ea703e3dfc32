import type {
  BackstageCredentials,
  BackstageServicePrincipal,
} from '@backstage/backend-plugin-api';
import {
  CallerNotPlugin,
  type InventoryRegistries,
  type InventoryRegistry,
  vaultHostOf,
  vaultNameOfHost,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { z } from 'zod/v4';
import { boundEntities, refsInTags } from '../catalog/binding';
import type { AcrCmkConfig } from '../config';
import type { ListingRows } from '../inventory/rows/listings';
import { batchesOf } from '../inventory/rows/readings';
import type { FleetRows } from './FleetRows';
import { CursorText, decode, encode } from './order';

/** The plugin that a module for the catalog runs in. */
const CATALOG = 'catalog';
/** All that it may see: it offers entities, whose readers the catalog's own permissions decide about. */
const EVERYTHING = { visibleScope: { of: 'everything' } } as const;

const Cursor = z.tuple([CursorText]);

/** One page that is asked for. */
export interface IdentitiesRequest {
  /** Names of tags to answer with. */
  tags: readonly string[];
  cursor?: string;
  limit: number;
}

type Tags = Record<string, string> | undefined;

const nameOf = (key: { vault_host: string; name: string }) =>
  `${key.vault_host}/${key.name}`;

interface KnownVault {
  id: string;
  tags: Tags;
}

/** What is known beside the registries of a page. */
interface Beside {
  /** By their hosts. */
  vaults: ReadonlyMap<string, KnownVault>;
  /** Tags of keys, by `nameOf`. */
  keyTags: ReadonlyMap<string, Tags>;
}

/**
 * What identifies registries, their keys and their vaults, for the catalog. Only what stays as it is
 * until somebody changes it: no version, no state, no date. So whoever compares two answers
 * finds a difference only where there is one.
 */
export class RegistryIdentities {
  readonly #db: Knex;
  readonly #rows: FleetRows;
  readonly #listings: Pick<ListingRows, 'get'>;
  readonly #subscriptions: readonly string[];
  readonly #config: Pick<
    AcrCmkConfig,
    'managementGroups' | 'cloud' | 'bindings' | 'keys'
  >;

  constructor(options: {
    db: Knex;
    rows: FleetRows;
    listings: Pick<ListingRows, 'get'>;
    /** Those of the scopes, whichever they are at the moment. */
    subscriptions: readonly string[];
    config: Pick<
      AcrCmkConfig,
      'managementGroups' | 'cloud' | 'bindings' | 'keys'
    >;
  }) {
    this.#db = options.db;
    this.#rows = options.rows;
    this.#listings = options.listings;
    this.#subscriptions = options.subscriptions;
    this.#config = options.config;
  }

  /** @throws CallerNotPlugin unless the catalog plugin asks */
  async list(
    { tags, cursor, limit }: IdentitiesRequest,
    credentials: BackstageCredentials,
  ): Promise<InventoryRegistries> {
    if (!isPlugin(credentials, CATALOG)) throw new CallerNotPlugin(CATALOG);
    const [after] = cursor === undefined ? [] : decode(cursor, Cursor);
    const found: any[] = await this.#rows
      .query(EVERYTHING)
      .modify(query => {
        if (after !== undefined) {
          query.where('registries.id', '>', after);
        }
      })
      .orderBy('registries.id')
      .limit(limit + 1)
      .select(
        'registries.id',
        'registries.vault_host',
        'registries.key_name',
        'registries.facts',
      );
    const page = found.slice(0, limit);
    const beside: Beside = {
      vaults: await this.#vaults(
        page.flatMap(({ vault_host }) => vault_host ?? []),
      ),
      keyTags: await this.#keyTags(
        page.flatMap(({ vault_host, key_name }) =>
          vault_host && key_name ? [{ vault_host, name: key_name }] : [],
        ),
      ),
    };
    const chosen = (all: Tags) => chosenTags(all, tags);
    return {
      items: page.map(row => {
        const facts = JSON.parse(row.facts);
        const { id } = row;
        return {
          registryId: id,
          tags: chosen(facts.tags),
          entityRefs: [
            ...boundEntities({ id, tags: facts.tags }, this.#config.bindings),
          ],
          ...this.#keyOf(row, beside, chosen),
        };
      }),
      subscriptions: await this.#whole(),
      othersOutOfScope: this.#config.managementGroups.length === 0,
      ...(found.length > limit && {
        nextCursor: encode([page[page.length - 1].id]),
      }),
    };
  }

  #keyOf(
    { vault_host, key_name }: { vault_host?: string; key_name?: string },
    { vaults, keyTags }: Beside,
    chosen: (tags: Tags) => Record<string, string>,
  ): Pick<InventoryRegistry, 'key'> {
    if (!vault_host || !key_name) return {};
    const name = vaultNameOfHost(vault_host);
    const vault = vaults.get(vault_host);
    const tagsOfKey = keyTags.get(nameOf({ vault_host, name: key_name }));
    return {
      key: {
        keyName: key_name,
        entityRefs: this.#opened(tagsOfKey, { name, keyName: key_name }),
        vault: {
          name,
          host: vaultHostOf(name, this.#config.cloud),
          ...(vault && { id: vault.id }),
          tags: chosen(vault?.tags),
          entityRefs: this.#opened(vault?.tags, { name }),
        },
      },
    };
  }

  /** Whom the tags of a key or of a vault name, and the entries of the configuration for just that. */
  #opened(tags: Tags, of: { name: string; keyName?: string }): string[] {
    const entries = this.#config.keys.filter(
      ({ vaultName, keyName }) =>
        vaultName === of.name && keyName === of.keyName,
    );
    return [
      ...new Set([
        ...refsInTags(tags),
        ...entries.flatMap(({ entityRefs }) => [...entityRefs]),
      ]),
    ].sort();
  }

  /** Vaults by their hosts. */
  async #vaults(hosts: readonly string[]): Promise<Map<string, KnownVault>> {
    const vaults = new Map<string, KnownVault>();
    for (const batch of batchesOf([...new Set(hosts)])) {
      const rows = await this.#db('vaults')
        .whereIn('host', batch)
        .whereNotNull('facts')
        // One that was deleted and made again in another group has two rows for a while.
        .orderByRaw('coalesce(read_at, 0), id')
        .select('id', 'host', 'facts');
      for (const row of rows) {
        vaults.set(row.host, { id: row.id, tags: JSON.parse(row.facts!).tags });
      }
    }
    return vaults;
  }

  /** Tags of the newest versions of keys, by `nameOf`. */
  async #keyTags(
    keys: readonly { vault_host: string; name: string }[],
  ): Promise<Map<string, Tags>> {
    const tags = new Map<string, Tags>();
    const each = new Map(keys.map(key => [nameOf(key), key]));
    for (const batch of batchesOf([...each.values()])) {
      const rows = await this.#db('keys')
        .whereIn(
          ['vault_host', 'name'],
          batch.map(({ vault_host, name }) => [vault_host, name]),
        )
        .whereNotNull('facts')
        .select('vault_host', 'name', 'facts');
      for (const row of rows) {
        tags.set(nameOf(row), JSON.parse(row.facts!).tags);
      }
    }
    return tags;
  }

  async #whole(): Promise<InventoryRegistries['subscriptions']> {
    const listings = await this.#listings.get(
      'registries',
      this.#subscriptions,
    );
    return listings.map(({ part, observedAt, problemAt }) => ({
      subscriptionId: part,
      whole:
        observedAt !== undefined &&
        (problemAt === undefined || problemAt < observedAt),
    }));
  }
}

function isPlugin(
  { principal }: BackstageCredentials,
  pluginId: string,
): boolean {
  const { type, subject } = principal as Partial<BackstageServicePrincipal>;
  return type === 'service' && subject === `plugin:${pluginId}`;
}

function chosenTags(
  all: Record<string, string> | undefined,
  names: readonly string[],
): Record<string, string> {
  const wanted = new Set(names.map(name => name.toLowerCase()));
  return Object.fromEntries(
    Object.entries(all ?? {})
      .map(([name, value]) => [name.toLowerCase(), value])
      .filter(([name]) => wanted.has(name)),
  );
}
