import type {
  Fact,
  KeyIdentifier,
  RegistryId,
  VaultFacts,
} from 'backstage-plugin-acr-cmk-common';
import type { AzurePorts } from '../azure/ports';
import type { RegistryFactBundle } from '../domain/encryptedRegistry';
import type { ChangeHistory } from '../domain/changeHistory';
import type { KnownIdentity } from '../domain/identity';
import type { Registry } from '../domain/registry';
import type { Clock } from '../platform/database/clock';
import { AccessReader } from './read/AccessReader';
import { GroupReader } from './read/GroupReader';
import { type FactReader, type Freshness, NOW } from './read/FactReader';
import { bundleOf } from './bundle';
import { ConsumerRights } from './consumerRights';
import { sinceOf } from './facts';
import { IdentityReader } from './read/IdentityReader';
import {
  type InventoryScope,
  KeyUsersReader,
  type Listed,
} from './read/KeyUsersReader';
import type { Listings } from './Listings';
import type { KnownBundle } from './rows/knownBundle';
import type { InventoryRows, StoredFact } from './rows';
import { toKnownIdentity } from './toKnownIdentity';
import { withUsableId } from './rows/toRegistry';
import { VaultFactsReader } from './read/VaultFactsReader';

export {
  FRESH,
  type Freshness,
  JUST_NOW,
  KNOWN,
  NOW,
  REFRESHED,
  SHOWN,
} from './read/FactReader';

export type { InventoryScope, Listed } from './read/KeyUsersReader';

interface InventoryDeps {
  rows: InventoryRows;
  azure: AzurePorts;
  clock: Clock;
  scope: InventoryScope;
  reader: FactReader;
  listings: Listings;
  changesOf: ChangesOf;
}

/** Explains the versions that registries use, by the keys of the registries. */
export type ChangesOf = (
  registries: readonly Pick<Registry, 'registryId' | 'key'>[],
) => Promise<ReadonlyMap<string, ChangeHistory>>;

/**
 * Facts of registries, vaults, keys and grants, with their age, and the means to refresh them.
 *
 * Every method reads rows by index, for the ids that it is given. The completeness of a listing
 * shows whether there may be others.
 */
export class Inventory {
  readonly #deps: InventoryDeps;
  readonly vaults: VaultFactsReader;
  readonly identities: IdentityReader;
  readonly access: AccessReader;
  readonly groups: GroupReader;
  readonly users: KeyUsersReader;

  constructor(deps: InventoryDeps) {
    this.#deps = deps;
    this.vaults = new VaultFactsReader(deps);
    this.identities = new IdentityReader(deps);
    this.access = new AccessReader(deps);
    this.groups = new GroupReader(deps);
    this.users = new KeyUsersReader({
      ...deps,
      rights: new ConsumerRights(deps),
      registry: (id, freshness) => this.registry(id, freshness),
    });
  }

  registry(id: RegistryId, freshness: Freshness): Promise<Fact<Registry>> {
    return this.#readRegistry(id, freshness);
  }

  /**
   * A registry, and how to get what its encryption depends on. What is known of all of it is one
   * statement.
   */
  async look(
    id: RegistryId,
    freshness: Freshness,
  ): Promise<{
    registry: Fact<Registry>;
    bundle(registry: Registry): Promise<RegistryFactBundle>;
  }> {
    const known = await this.#deps.rows.bundleOf(id);
    const registry = await this.#readRegistry(id, freshness, known?.registry);
    // One that was read just now may name another key.
    const isKnown = registry.known && registry.value === known?.registry.value;
    return {
      registry,
      bundle: value =>
        this.bundle(value, freshness, {
          known: isKnown ? known : undefined,
          ...(registry.known && { since: sinceOf(registry) }),
        }),
    };
  }

  #readRegistry(
    id: RegistryId,
    freshness: Freshness,
    known?: StoredFact<Registry>,
  ): Promise<Fact<Registry>> {
    return this.#deps.reader.read(
      {
        stored: this.#deps.rows.registries.of(id),
        known,
        ask: async () =>
          withUsableId(id, await this.#deps.azure.registries.get(id)),
      },
      freshness,
    );
  }

  /** Histories of registries, by their ids. */
  historiesOf(ids: readonly string[]) {
    return this.#deps.rows.registries.historiesOf(ids);
  }

  /** Registries by their ids, as they are known; those in scope. */
  async knownRegistries(ids: readonly string[]): Promise<Listed<Registry>> {
    const [found, { complete }] = await Promise.all([
      this.#deps.rows.registries.getAll(ids),
      this.#deps.listings.completeness('registries'),
    ]);
    const { scope } = this.#deps;
    return {
      items: found.filter(({ registryId }) => scope.includes(registryId)),
      complete,
    };
  }

  /** User-assigned identities in the subscriptions of the scopes, as they are known. */
  async knownIdentities(): Promise<Listed<KnownIdentity>> {
    const { items, complete } = await this.#inScope(
      'identities',
      this.#deps.rows.identities,
    );
    return { items: items.map(toKnownIdentity), complete };
  }

  /** Vaults in the subscriptions of the scopes, as they are known. */
  knownVaults(): Promise<Listed<VaultFacts>> {
    return this.#inScope('vaults', this.#deps.rows.vaults);
  }

  /** Is a registry's name free in all of Azure? Asked anew each time: it is of no use to anybody else. */
  registryName(
    id: RegistryId,
  ): Promise<Fact<{ free: boolean; message?: string }>> {
    return this.#deps.reader.read(
      {
        stored: this.#deps.rows.facts.of({
          kind: 'registry-name',
          subject: id.key,
        }),
        ask: () =>
          this.#deps.azure.registries.checkName(
            id.subscriptionId,
            id.name,
            'provision',
          ),
      },
      NOW,
    );
  }

  /** Locations in which a subscription can have registries. */
  registryLocations(subscriptionId: string): Promise<Fact<string[]>> {
    return this.#deps.reader.read(
      {
        stored: this.#deps.rows.facts.of({
          kind: 'registry-locations',
          subject: subscriptionId.toLowerCase(),
        }),
        ask: () =>
          this.#deps.azure.registries.locations(subscriptionId, 'provision'),
      },
      NOW,
    );
  }

  /**
   * A registry with everything that its encryption depends on.
   *
   * @param options.known - what the rows hold, when they were just read
   * @param options.since - since when the registry is known to be as it is
   */
  async bundle(
    registry: Registry,
    freshness: Freshness,
    { known, since }: { known?: KnownBundle; since?: number } = {},
  ): Promise<RegistryFactBundle> {
    const { rows, changesOf } = this.#deps;
    return bundleOf(
      registry,
      {
        vault: name =>
          this.vaults.named(name, freshness, { known: known?.vault, since }),
        key: (key, vaultId) =>
          this.vaults.key({ vaultId, key, bundle: known }, freshness),
        storedKey: async key => (known ? known.key : rows.keys.get(key)),
        assignments: (principalId, key, vaultId) =>
          this.access.assignments(
            principalId,
            { vaultId, key, bundle: known },
            freshness,
          ),
        deletedKey: key => this.vaults.deletedKey(key, freshness),
        changes: async () =>
          (await changesOf([registry])).get(registry.registryId.key),
        idOf: clientId => rows.identities.idOf(clientId),
        identity: id => this.identities.of(id, freshness, known?.identity),
      },
      since,
    );
  }

  /** Known items of a kind in the subscriptions of the scopes, and whether the list is complete. */
  async #inScope<T>(
    kind: 'vaults' | 'identities',
    rows: { inSubscriptions(subscriptions: readonly string[]): Promise<T[]> },
  ): Promise<Listed<T>> {
    const [items, { complete }] = await Promise.all([
      rows.inSubscriptions(this.#deps.scope.subscriptions),
      this.#deps.listings.completeness(kind),
    ]);
    return { items, complete };
  }

  /**
   * We have changed something: what is known of this registry, of these keys, of their vaults and of
   * who may use them is old.
   */
  async expire(
    id: RegistryId,
    named: readonly KeyIdentifier[],
    identities: readonly string[] = [],
  ): Promise<void> {
    const { rows, clock } = this.#deps;
    await rows.expire({ id, named, identities }, await clock.now());
  }
}
