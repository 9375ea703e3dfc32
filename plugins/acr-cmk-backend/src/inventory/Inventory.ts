import type {
  Fact,
  KeyFacts,
  KeyIdentifier,
  RegistryId,
  RoleAssignmentFacts,
  VaultFacts,
} from 'backstage-plugin-acr-cmk-common';
import type {
  AzurePorts,
  CredentialName,
  DeletedKeyFacts,
  ListedKey,
  LockFacts,
  PermissionSet,
} from '../azure/ports';
import { principalOf, type RegistryFactBundle } from '../cmk/encryptedRegistry';
import type { Concerns } from '../cmk/effects';
import type { KnownIdentity } from '../cmk/identity';
import type { Registry } from '../cmk/registry';
import type { Clock } from '../database/clock';
import { type FactReader, type Freshness, NOW } from './FactReader';
import type { FactStore } from './FactStore';
import { toFact, vaultNotFound, vaultNotListed } from './facts';
import { expireAround } from './expireAround';
import { identityExists } from './identityExists';
import { inTurns } from './inTurns';
import {
  type InventoryScope,
  type KeyUsers,
  KeyUsersReader,
  type Listed,
} from './KeyUsersReader';
import type { Completeness, Listings } from './Listings';
import { type KnownBundle, withKnown } from './rows/knownBundle';
import type { InventoryRows, StoredFact, StoredReading } from './rows';
import { toKnownIdentity } from './toKnownIdentity';
import { withUsableId } from './toRegistry';

export {
  FRESH,
  type Freshness,
  JUST_NOW,
  NOW,
  REFRESHED,
  SHOWN,
} from './FactReader';

export type { InventoryScope, KeyUsers, Listed } from './KeyUsersReader';

/** A key in its vault, and what the rows hold of it when they were just read. */
interface InVault<Key> {
  vaultId: string;
  key: Key;
  bundle?: KnownBundle;
}

/**
 * What is known of registries, vaults, keys and grants, how old it is, and how to refresh it.
 *
 * Everything here is about what it is asked for and reads rows by index; whoever wants to know that
 * there is nothing else asks for the completeness of a listing.
 */
export class Inventory {
  readonly #rows: InventoryRows;
  readonly #facts: FactStore;
  readonly #azure: AzurePorts;
  readonly #clock: Clock;
  readonly #scope: InventoryScope;
  readonly #reader: FactReader;
  readonly #listings: Listings;
  readonly #users: KeyUsersReader;

  constructor(options: {
    rows: InventoryRows;
    facts: FactStore;
    azure: AzurePorts;
    clock: Clock;
    scope: InventoryScope;
    reader: FactReader;
    listings: Listings;
  }) {
    this.#rows = options.rows;
    this.#facts = options.facts;
    this.#azure = options.azure;
    this.#clock = options.clock;
    this.#scope = options.scope;
    this.#reader = options.reader;
    this.#listings = options.listings;
    this.#users = new KeyUsersReader({
      ...options,
      registry: (id, freshness) => this.registry(id, freshness),
    });
  }

  registry(id: RegistryId, freshness: Freshness): Promise<Fact<Registry>> {
    return this.#readRegistry(id, freshness, this.#rows.registries.of(id));
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
    const known = await this.#rows.bundleOf(id);
    const registry = await this.#readRegistry(
      id,
      freshness,
      withKnown(this.#rows.registries.of(id), known?.registry),
    );
    // One that was read just now may name another key.
    const isKnown = registry.known && registry.value === known?.registry.value;
    return {
      registry,
      bundle: value =>
        this.bundle(value, freshness, isKnown ? known : undefined),
    };
  }

  #readRegistry(
    id: RegistryId,
    freshness: Freshness,
    stored: StoredReading<Registry>,
  ): Promise<Fact<Registry>> {
    return this.#reader.read(
      {
        stored,
        ask: async () => withUsableId(id, await this.#azure.registries.get(id)),
      },
      freshness,
    );
  }

  /** Registries that are known to use a key, as they are known: for whoever only looks. */
  knownUsersOf(key: KeyIdentifier, now: number): Promise<KeyUsers> {
    return this.#users.known(key, now);
  }

  /**
   * Registries that use one of these keys, or reach theirs as one of these principals: each that is
   * known to is read anew, and those that no longer do are left out.
   *
   * @param options.known - one that was just read
   */
  usersOf(
    concerns: Concerns,
    options: { freshness: Freshness; known?: Registry },
  ): Promise<KeyUsers> {
    return this.#users.refreshed(concerns, options);
  }

  /** Registries by their ids, as they are known; those in scope. */
  knownRegistries(ids: readonly string[]): Promise<Listed<Registry>> {
    return this.#users.registries(ids);
  }

  /** User-assigned identities in the subscriptions of the scopes, as they are known. */
  async knownIdentities(): Promise<Listed<KnownIdentity>> {
    const [identities, { complete }] = await Promise.all([
      this.#rows.identities.inSubscriptions(this.#scope.subscriptions),
      this.#listings.completeness('identities'),
    ]);
    return { items: identities.map(toKnownIdentity), complete };
  }

  /** One user-assigned identity. */
  async identity(
    resourceId: string,
    freshness: Freshness,
  ): Promise<Fact<KnownIdentity>> {
    const fact = await this.#reader.read(
      {
        stored: this.#rows.identities.of(resourceId),
        ask: () => this.#azure.identities.get(resourceId),
      },
      freshness,
    );
    return fact.known ? { ...fact, value: toKnownIdentity(fact.value) } : fact;
  }

  /**
   * Identities that somebody may mean by a resource id, a name, a client id or a principal id. What
   * their tags say authorises, so each is read anew.
   */
  async identitiesMeantBy(
    text: string,
    freshness: Freshness,
  ): Promise<Fact<KnownIdentity[]>> {
    const { problem } = await this.#listings.ensure('identities');
    const ids = (
      await this.#rows.identities.meantBy(text, this.#scope.subscriptions)
    ).map(({ id }) => id);
    if (ids.length === 0) this.#listings.askSoon('identities');
    if (ids.length === 0 && problem) return { known: false, problem };
    const facts = await inTurns(ids, id => this.identity(id, freshness));
    const failed = facts.find(
      fact => !fact.known && fact.problem.kind !== 'not-found',
    );
    if (failed && !failed.known) return failed;
    return {
      known: true,
      value: facts.flatMap(fact => (fact.known ? [fact.value] : [])),
      observedAt: 0,
      azureAt: 0,
    };
  }

  /** Vaults in the subscriptions of the scopes, as they are known. */
  async knownVaults(): Promise<Listed<VaultFacts>> {
    const [items, { complete }] = await Promise.all([
      this.#rows.vaults.inSubscriptions(this.#scope.subscriptions),
      this.#listings.completeness('vaults'),
    ]);
    return { items, complete };
  }

  /**
   * A vault by its name. Nothing in Azure maps a vault's host to its resource id, so one that is not
   * known can only be found by a listing, which whoever merely looks does not ask for.
   */
  async vault(
    name: string,
    freshness: Freshness,
    known?: KnownBundle['vault'],
  ): Promise<Fact<VaultFacts>> {
    const stored = known ?? (await this.#rows.vaults.named(name));
    if (stored) return this.#readVault(stored, freshness);
    const listing: Completeness = freshness.inBackground
      ? await this.#listings.completeness('vaults', freshness.now)
      : await this.#listings.ensure('vaults');
    const listed = await this.#rows.vaults.named(name);
    if (listed) return toFact(listed.fact);
    this.#listings.askSoon('vaults');
    return toFact<VaultFacts>(
      undefined,
      listing.complete
        ? vaultNotFound(name)
        : listing.problem ?? vaultNotListed(name),
    );
  }

  key(
    vaultId: string,
    key: Pick<KeyIdentifier, 'vaultName' | 'keyName'>,
    freshness: Freshness,
  ): Promise<Fact<KeyFacts>> {
    return this.#key({ vaultId, key }, freshness);
  }

  #key(
    {
      vaultId,
      key,
      bundle,
    }: InVault<Pick<KeyIdentifier, 'vaultName' | 'keyName'>>,
    freshness: Freshness,
  ): Promise<Fact<KeyFacts>> {
    const stored = this.#rows.keys.of(key);
    return this.#reader.read(
      {
        stored: bundle ? withKnown(stored, bundle.key) : stored,
        ask: () => this.#azure.keys.get(vaultId, key.keyName),
      },
      freshness,
    );
  }

  /** Every key of a vault, without its versions. */
  keysOf(
    { id, name }: Pick<VaultFacts, 'id' | 'name'>,
    freshness: Freshness,
  ): Promise<Fact<ListedKey[]>> {
    return this.#reader.read(
      {
        stored: this.#rows.keysOf(name),
        ask: () => this.#azure.keys.list(id),
      },
      freshness,
    );
  }

  /** A soft-deleted key. Asked of the vault itself, with the credential that could recover it. */
  deletedKey(
    key: KeyIdentifier,
    freshness: Freshness,
  ): Promise<Fact<DeletedKeyFacts>> {
    return this.#reader.read(
      {
        stored: this.#facts.of({ kind: 'deleted-key', subject: key.keyOfKey }),
        ask: () => this.#azure.keys.getDeleted(key.versionless, 'revoke'),
      },
      freshness,
    );
  }

  /** Is a registry's name free in all of Azure? Asked anew each time: it is of no use to anybody else. */
  registryName(
    id: RegistryId,
  ): Promise<Fact<{ free: boolean; message?: string }>> {
    return this.#reader.read(
      {
        stored: this.#facts.of({ kind: 'registry-name', subject: id.key }),
        ask: () =>
          this.#azure.registries.checkName(
            id.subscriptionId,
            id.name,
            'provision',
          ),
      },
      NOW,
    );
  }

  /** Management locks that hold at a scope. */
  locks(scope: string, freshness: Freshness): Promise<Fact<LockFacts[]>> {
    return this.#reader.read(
      {
        stored: this.#facts.of({ kind: 'locks', subject: scope.toLowerCase() }),
        ask: () => this.#azure.locks.list(scope),
      },
      freshness,
    );
  }

  /** What one of our own credentials may do at a scope. */
  permissions(
    scope: string,
    credential: CredentialName,
    freshness: Freshness,
  ): Promise<Fact<PermissionSet[]>> {
    const subject = `${credential} ${scope}`.toLowerCase();
    return this.#reader.read(
      {
        stored: this.#facts.of({ kind: 'permissions', subject }),
        ask: () => this.#azure.access.permissionsOfCaller(scope, credential),
      },
      freshness,
    );
  }

  /** Role assignments by which a principal reaches a key. */
  assignments(
    principalId: string,
    { vaultId, key, bundle }: InVault<KeyIdentifier>,
    freshness: Freshness,
  ): Promise<Fact<RoleAssignmentFacts[]>> {
    const stored = this.#rows.access.of({ principalId, key });
    return this.#reader.read(
      {
        stored: bundle ? withKnown(stored, bundle.access) : stored,
        ask: () =>
          this.#azure.access.assignmentsFor(
            principalId,
            `${vaultId}/keys/${key.keyName}`,
          ),
      },
      freshness,
    );
  }

  /**
   * A registry with everything that its encryption depends on.
   *
   * @param known - what the rows hold, when they were just read
   */
  async bundle(
    registry: Registry,
    freshness: Freshness,
    known?: KnownBundle,
  ): Promise<RegistryFactBundle> {
    const { key } = registry;
    if (!key) return { registry };
    const [vault, exists] = await Promise.all([
      this.vault(key.vaultName, freshness, known?.vault),
      identityExists(registry, {
        idOf: clientId => this.#rows.identities.idOf(clientId),
        identity: id => this.identity(id, freshness),
      }),
    ]);
    if (!vault.known) return { registry, vault, key: vault, ...exists };
    const vaultId = vault.value.id;
    const principalId = principalOf(registry);
    const [keyFacts, assignments] = await Promise.all([
      this.#key({ vaultId, key, bundle: known }, freshness),
      vault.value.permissionModel === 'rbac' && principalId
        ? this.assignments(
            principalId,
            { vaultId, key, bundle: known },
            freshness,
          )
        : undefined,
    ]);
    return { registry, vault, key: keyFacts, assignments, ...exists };
  }

  /**
   * We have changed something: what is known of this registry, of these keys, of their vaults and of
   * who may use them is old.
   */
  async expire(id: RegistryId, named: readonly KeyIdentifier[]): Promise<void> {
    await expireAround(
      { rows: this.#rows, facts: this.#facts, at: await this.#clock.now() },
      { id, named },
    );
  }

  #readVault(
    { id, fact }: { id: string; fact: StoredFact<VaultFacts> },
    freshness: Freshness,
  ): Promise<Fact<VaultFacts>> {
    return this.#reader.read(
      {
        stored: withKnown(this.#rows.vaults.of(id), fact),
        ask: () => this.#azure.vaults.get(id),
      },
      freshness,
    );
  }
}
