import type {
  BackstageCredentials,
  BackstageServicePrincipal,
} from '@backstage/backend-plugin-api';
import {
  CallerNotPlugin,
  type InventoryRegistries,
  type InventoryRegistry,
  type RegistryFacts,
  vaultHostOf,
  vaultNameOfHost,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { z } from 'zod/v4';
import { boundEntities } from '../catalog/binding';
import { refsInTags } from '../domain/refsInTags';
import type { AcrCmkConfig } from '../platform/config';
import { selectColumns } from '../platform/database/selectColumns';
import type { RegistryRow } from '../platform/database/tables';
import type { InventoryRows } from './rows';
import { registriesInScope } from './rows/registriesInScope';
import type { KnownVault } from './rows/vaults';
import { CursorText, decode, encode } from '../platform/cursor';

/** The plugin that a module for the catalog runs in. */
const CATALOG = 'catalog';
const Cursor = z.tuple([CursorText]);

interface FeedRequest {
  /** Names of the tags in the answer. */
  tags: readonly string[];
  cursor?: string;
  limit: number;
}

type Tags = Record<string, string> | undefined;

const nameOf = (key: { vault_host: string; name: string }) =>
  `${key.vault_host}/${key.name}`;

/** Vaults and keys of the registries of a page. */
interface KeysOfPage {
  /** Vaults by their hosts. */
  vaults: ReadonlyMap<string, KnownVault>;
  /** Tags of keys, by `nameOf`. */
  keyTags: ReadonlyMap<string, Tags>;
}

interface CatalogFeedDeps {
  db: Knex;
  rows: Pick<InventoryRows, 'vaults' | 'keys' | 'listings'>;
  /** Subscriptions of the scopes; may change while the plugin runs. */
  subscriptions: readonly string[];
  config: Pick<
    AcrCmkConfig,
    'scopes' | 'managementGroups' | 'cloud' | 'bindings' | 'keys'
  >;
  /** Whether the sync is reading things for the first time. */
  firstReading: () => Promise<boolean>;
}

/**
 * Identities of registries, their keys and their vaults, for the catalog. They have only what stays until
 * somebody changes it: no version, no state, no date. So two answers differ only where something changed.
 */
export class CatalogFeed {
  readonly #deps: CatalogFeedDeps;

  constructor(deps: CatalogFeedDeps) {
    this.#deps = deps;
  }

  /** @throws CallerNotPlugin unless the caller is the catalog plugin */
  async list(
    { tags, cursor, limit }: FeedRequest,
    credentials: BackstageCredentials,
  ): Promise<InventoryRegistries> {
    if (!isPlugin(credentials, CATALOG)) throw new CallerNotPlugin(CATALOG);
    const { db, rows, config } = this.#deps;
    const [after] = cursor === undefined ? [] : decode(cursor, Cursor);
    const found = await selectColumns(
      // The catalog offers entities, whose readers its own permissions decide.
      registriesInScope(db, config.scopes).modify(query => {
        if (after !== undefined) query.where('registries.id', '>', after);
      }),
      'registries',
      ['id', 'vault_host', 'key_name', 'facts'],
    )
      .orderBy('registries.id')
      .limit(limit + 1);
    const page = found.slice(0, limit);
    const keysOfPage: KeysOfPage = {
      vaults: await rows.vaults.atHosts(
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
        const { id } = row;
        const facts: RegistryFacts = JSON.parse(row.facts!);
        return {
          registryId: id,
          tags: chosen(facts.tags),
          entityRefs: [
            ...boundEntities({ id, tags: facts.tags }, config.bindings),
          ],
          ...this.#keyOf(row, keysOfPage, chosen),
        };
      }),
      subscriptions: await this.#whole(),
      othersOutOfScope: config.managementGroups.length === 0,
      firstReading: await this.#deps.firstReading(),
      ...(found.length > limit && {
        nextCursor: encode([page[page.length - 1].id]),
      }),
    };
  }

  #keyOf(
    { vault_host, key_name }: Pick<RegistryRow, 'vault_host' | 'key_name'>,
    { vaults, keyTags }: KeysOfPage,
    chosen: (tags: Tags) => Record<string, string>,
  ): Pick<InventoryRegistry, 'key'> {
    if (!vault_host || !key_name) return {};
    const name = vaultNameOfHost(vault_host);
    const vault = vaults.get(vault_host);
    const vaultTags = vault?.fact.value?.tags;
    const tagsOfKey = keyTags.get(nameOf({ vault_host, name: key_name }));
    return {
      key: {
        keyName: key_name,
        entityRefs: this.#entitiesOf(tagsOfKey, { name, keyName: key_name }),
        vault: {
          name,
          host: vaultHostOf(name, this.#deps.config.cloud),
          ...(vault && { id: vault.id }),
          tags: chosen(vaultTags),
          entityRefs: this.#entitiesOf(vaultTags, { name }),
        },
      },
    };
  }

  /** Entities that the tags of a key or vault name, and those of its entries in the configuration. */
  #entitiesOf(tags: Tags, of: { name: string; keyName?: string }): string[] {
    const entries = this.#deps.config.keys.filter(
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

  /** Tags of the newest versions of keys, by `nameOf`. */
  async #keyTags(
    keys: readonly { vault_host: string; name: string }[],
  ): Promise<Map<string, Tags>> {
    const known = await this.#deps.rows.keys.getEach(keys);
    return new Map(
      known.map(({ key, fact }) => [nameOf(key), fact.value?.tags]),
    );
  }

  async #whole(): Promise<InventoryRegistries['subscriptions']> {
    const { rows, subscriptions } = this.#deps;
    const listed = await rows.listings.get('registries', subscriptions);
    return listed.map(({ part, observedAt, problemAt }) => ({
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
