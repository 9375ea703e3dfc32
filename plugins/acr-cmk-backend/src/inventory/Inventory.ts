import type {
  AzureProblem,
  Fact,
  KeyFacts,
  KeyIdentifier,
  RegistryFacts,
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
import { identityOf, type RegistryFactBundle } from '../cmk/encryptedRegistry';
import type { KnownIdentity } from '../cmk/identity';
import type { Registry } from '../cmk/registry';
import { FactReader, type Freshness, REFRESHED } from './FactReader';
import type { FactStore } from './FactStore';
import { toRegistry } from './toRegistry';

export { FRESH, type Freshness, JUST_NOW, NOW, REFRESHED } from './FactReader';

/** What of Azure belongs to this portal. */
export interface InventoryScope {
  /** Those that are listed. */
  subscriptions: readonly string[];
  /** Is the registry inside `acrCmk.scopes`? */
  includes(id: RegistryId): boolean;
}

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** Several lists put together, and whether each of them could be read. */
export interface Listed<T> {
  items: T[];
  complete: boolean;
}

/** What is known of registries, vaults, keys and grants, how old it is, and how to refresh it. */
export class Inventory {
  readonly #facts: FactStore;
  readonly #azure: AzurePorts;
  readonly #scope: InventoryScope;
  readonly #reader: FactReader;

  constructor(options: {
    facts: FactStore;
    azure: AzurePorts;
    scope: InventoryScope;
  }) {
    this.#facts = options.facts;
    this.#azure = options.azure;
    this.#scope = options.scope;
    this.#reader = new FactReader({ facts: options.facts });
  }

  async registry(
    id: RegistryId,
    freshness: Freshness,
  ): Promise<Fact<Registry>> {
    const fact = await this.#reader.read(
      {
        kind: 'registry',
        subject: id.key,
        ask: () => this.#azure.registries.get(id),
      },
      freshness,
    );
    if (!fact.known) return fact;
    const value = toRegistry(fact.value);
    if (value) return { ...fact, value };
    return {
      known: false,
      problem: {
        kind: 'unavailable',
        code: 'UnexpectedAnswer',
        message: `Azure's answer for the registry ${id.name} does not hold its resource id`,
      },
    };
  }

  /**
   * Every registry that is known: those in scope, and those that were listed beside them. `complete`
   * says whether that is all of them.
   */
  async registries(freshness: Freshness): Promise<{
    inScope: Registry[];
    elsewhere: Registry[];
    complete: boolean;
  }> {
    const { items, complete } = await this.#listed(subscription =>
      this.#reader.read<RegistryFacts[]>(
        {
          kind: 'registries',
          subject: subscription.toLowerCase(),
          ask: () => this.#azure.registries.listBySubscription(subscription),
        },
        freshness,
      ),
    );
    const registries = items.flatMap(facts => toRegistry(facts) ?? []);
    const inScope = ({ registryId }: Registry) =>
      this.#scope.includes(registryId);
    return {
      inScope: registries.filter(inScope),
      elsewhere: registries.filter(registry => !inScope(registry)),
      // An answer without a usable id may be any registry.
      complete: complete && registries.length === items.length,
    };
  }

  /** User-assigned identities in the subscriptions of the scopes. */
  async identities(freshness: Freshness): Promise<Listed<KnownIdentity>> {
    const { items, complete } = await this.#listed(subscription =>
      this.#reader.read(
        {
          kind: 'identities',
          subject: subscription.toLowerCase(),
          ask: () => this.#azure.identities.listBySubscription(subscription),
        },
        freshness,
      ),
    );
    return {
      items: items.map(({ id, name, clientId, principalId, tags }) => ({
        resourceId: id,
        name,
        clientId,
        principalId,
        ...(tags && { tags }),
      })),
      complete,
    };
  }

  /** Vaults in the subscriptions of the scopes. */
  vaults(freshness: Freshness): Promise<Listed<VaultFacts>> {
    return this.#listed(subscription =>
      this.#vaultsOf(subscription, freshness),
    );
  }

  /**
   * A vault by its name, searched in the subscriptions of the scopes: nothing in Azure maps a
   * vault's host to its resource id.
   */
  async vault(name: string, freshness: Freshness): Promise<Fact<VaultFacts>> {
    let problem: AzureProblem = {
      kind: 'not-found',
      code: 'VaultNotFound',
      message: `There is no vault ${name} in the subscriptions of acrCmk.scopes`,
    };
    for (const subscription of this.#scope.subscriptions) {
      const vaults = await this.#vaultsOf(subscription, freshness);
      if (!vaults.known) {
        problem = vaults.problem;
        continue;
      }
      const vault = vaults.value.find(
        candidate => candidate.name.toLowerCase() === name.toLowerCase(),
      );
      if (vault) return { ...vaults, value: vault };
    }
    return { known: false, problem };
  }

  key(
    vaultId: string,
    keyName: string,
    freshness: Freshness,
  ): Promise<Fact<KeyFacts>> {
    return this.#reader.read(
      {
        kind: 'key',
        subject: `${vaultId}/keys/${keyName}`.toLowerCase(),
        ask: () => this.#azure.keys.get(vaultId, keyName),
      },
      freshness,
    );
  }

  /** Every key of a vault, without its versions. */
  keysOf(vaultId: string, freshness: Freshness): Promise<Fact<ListedKey[]>> {
    return this.#reader.read(
      {
        kind: 'keys',
        subject: vaultId.toLowerCase(),
        ask: () => this.#azure.keys.list(vaultId),
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
        kind: 'deleted-key',
        subject: key.keyOfKey,
        ask: () => this.#azure.keys.getDeleted(key.versionless, 'revoke'),
      },
      freshness,
    );
  }

  /** Is a registry's name free in all of Azure? */
  registryName(
    id: RegistryId,
    freshness: Freshness,
  ): Promise<Fact<{ free: boolean; message?: string }>> {
    return this.#reader.read(
      {
        kind: 'registry-name',
        subject: id.key,
        ask: () =>
          this.#azure.registries.checkName(
            id.subscriptionId,
            id.name,
            'provision',
          ),
      },
      freshness,
    );
  }

  /** Management locks that hold at a scope. */
  locks(scope: string, freshness: Freshness): Promise<Fact<LockFacts[]>> {
    return this.#reader.read(
      {
        kind: 'locks',
        subject: scope.toLowerCase(),
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
    return this.#reader.read(
      {
        kind: 'permissions',
        subject: `${credential} ${scope}`.toLowerCase(),
        ask: () => this.#azure.access.permissionsOfCaller(scope, credential),
      },
      freshness,
    );
  }

  assignments(
    principalId: string,
    scope: string,
    freshness: Freshness,
  ): Promise<Fact<RoleAssignmentFacts[]>> {
    return this.#reader.read(
      {
        kind: 'assignments',
        subject: `${principalId} ${scope}`.toLowerCase(),
        ask: () => this.#azure.access.assignmentsFor(principalId, scope),
      },
      freshness,
    );
  }

  /** A registry with everything that its encryption depends on. */
  async bundle(
    registry: Registry,
    freshness: Freshness,
  ): Promise<RegistryFactBundle> {
    const { key, encryption } = registry;
    if (!key) return { registry };
    const [vault, identityExists] = await Promise.all([
      this.vault(key.vaultName, freshness),
      this.#identityExists(registry, freshness),
    ]);
    const exists = identityExists === undefined ? {} : { identityExists };
    if (!vault.known) return { registry, vault, key: vault, ...exists };
    const principalId = encryption.identity
      ? identityOf(registry, encryption.identity).principalId
      : undefined;
    const [keyFacts, assignments] = await Promise.all([
      this.key(vault.value.id, key.keyName, freshness),
      vault.value.permissionModel === 'rbac' && principalId
        ? this.assignments(
            principalId,
            `${vault.value.id}/keys/${key.keyName}`,
            freshness,
          )
        : undefined,
    ]);
    return { registry, vault, key: keyFacts, assignments, ...exists };
  }

  /**
   * Does the encryption identity still exist? Azure goes on naming one that was deleted, without its
   * ids or with them.
   *
   * @returns nothing when that cannot be told: it may be in a subscription that is not listed
   */
  async #identityExists(
    registry: Registry,
    { maxAgeMs }: Freshness,
  ): Promise<boolean | undefined> {
    const reference = registry.encryption.identity;
    if (!reference) return undefined;
    const identity = identityOf(registry, reference);
    // Switching the system-assigned identity off deletes it.
    if (identity.kind === 'system') return identity.attached;
    // One list for all registries: the same age as when a person asks for newer facts.
    const { items, complete } = await this.identities({
      maxAgeMs: Math.max(maxAgeMs, REFRESHED.maxAgeMs),
    });
    if (items.some(({ clientId }) => same(clientId, reference))) return true;
    const named = identity.userAssigned
      ? [identity.userAssigned]
      : registry.userAssignedIdentities.filter(({ clientId }) => !clientId);
    const listed = named.some(({ resourceId }) =>
      this.#scope.subscriptions.some(subscription =>
        same(subscription, resourceId.split('/')[2] ?? ''),
      ),
    );
    return complete && listed ? false : undefined;
  }

  /** We have changed or made this registry: what is known of it is old, also that there is none. */
  async expireRegistry(id: RegistryId): Promise<void> {
    await this.#facts.expire({ kind: 'registry', subject: id.key });
    await this.#facts.expire({
      kind: 'registries',
      subject: id.subscriptionId,
    });
  }

  /** We have changed something: what is known of this registry, its vault, key and grants is old. */
  async expire({ registry, vault }: RegistryFactBundle): Promise<void> {
    const { registryId, encryption, key } = registry;
    await this.expireRegistry(registryId);
    if (!vault?.known) return;
    const vaultId = vault.value.id;
    await this.#facts.expire({
      kind: 'vaults',
      subject: vaultId.split('/')[2].toLowerCase(),
    });
    if (!key) return;
    await this.expireKey(vaultId, key);
    const principalId = encryption.identity
      ? identityOf(registry, encryption.identity).principalId
      : undefined;
    if (principalId) {
      await this.#facts.expire({
        kind: 'assignments',
        subject: `${principalId} ${vaultId}/keys/${key.keyName}`.toLowerCase(),
      });
    }
  }

  /** We have changed this key: what is known of it is old, soft-deleted or not. */
  async expireKey(vaultId: string, key: KeyIdentifier): Promise<void> {
    await this.#facts.expire({ kind: 'keys', subject: vaultId.toLowerCase() });
    await this.#facts.expire({
      kind: 'key',
      subject: `${vaultId}/keys/${key.keyName}`.toLowerCase(),
    });
    await this.#facts.expire({ kind: 'deleted-key', subject: key.keyOfKey });
  }

  #vaultsOf(
    subscription: string,
    freshness: Freshness,
  ): Promise<Fact<VaultFacts[]>> {
    return this.#reader.read(
      {
        kind: 'vaults',
        subject: subscription.toLowerCase(),
        ask: () => this.#azure.vaults.listBySubscription(subscription),
      },
      freshness,
    );
  }

  async #listed<T>(
    list: (subscription: string) => Promise<Fact<T[]>>,
  ): Promise<Listed<T>> {
    const lists = await Promise.all(this.#scope.subscriptions.map(list));
    return {
      items: lists.flatMap(fact => (fact.known ? fact.value : [])),
      complete: lists.every(fact => fact.known && !fact.refreshProblem),
    };
  }
}
