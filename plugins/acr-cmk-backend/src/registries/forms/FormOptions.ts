import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  acrCmkUsePermission,
  type Fact,
  FactsUnavailable,
  type IdentityChoice,
  InvalidInput,
  type KeyChoice,
  KeyIdentifier,
  type KeyVersionChoice,
  type RegistryId,
  registryCreatePermission,
  registryReadPermission,
  type ResourceGroupChoice,
  type VaultChoice,
  type VaultFacts,
  keyHome,
} from 'backstage-plugin-acr-cmk-common';
import {
  isGroupOpen,
  isIdentityOpen,
  isKeyOpen,
  isVaultOpen,
} from '../../changes/gate/openness';
import type { GroupFacts, ListedKey } from '../../azure/ports';
import type { PermissionChecker } from '../../changes/gate/PermissionChecker';
import { vaultNotAllowed } from '../../changes/gate/scope';
import { personOf } from '../../platform/callerOf';
import { isOwnerRef } from '../../catalog/binding';
import type { CatalogLinks } from '../../catalog/CatalogLinks';
import type { CatalogSweep } from '../../catalog/CatalogSweep';
import { firewallOf } from '../../domain/firewall';
import type { Registry } from '../../domain/registry';
import {
  type AcrCmkConfig,
  type Scope,
  vaultNameAllowed,
} from '../../platform/config';
import type { Context } from '../../platform/context';
import {
  FRESH,
  type Inventory,
  type Listed,
  SHOWN,
} from '../../inventory/Inventory';
import type { LinkRows } from '../../inventory/rows/links';

/** Order of a list to choose from. */
export const byName = (a: { name: string }, b: { name: string }) =>
  a.name.localeCompare(b.name);

/**
 * Target of a choice: an entity, and its registry if there is one. Without it, everything that the
 * person may use is offered.
 */
export interface ChosenFor {
  entityRef?: string;
  registryId?: RegistryId;
}

/** Owners for whom something has to be open, and registries whose present key and identities are offered anyway. */
interface Chooser {
  claimants: ReadonlySet<string>;
  registries: readonly Registry[];
}

/** Sources of forms: facts of Azure and of the catalog, and the permission policy. */
export interface FormParts {
  inventory: Inventory;
  catalog: CatalogLinks;
  links: Pick<LinkRows, 'linked' | 'taggedWith'>;
  catalogSweep: Pick<CatalogSweep, 'refreshSoon'>;
  permissionChecker: PermissionChecker;
}

/** Offers vaults, keys, versions and identities to forms and templates: only those that a plan would accept. */
export class FormOptions {
  readonly #config: AcrCmkConfig;
  readonly #parts: FormParts;

  constructor({ config }: Pick<Context, 'config'>, parts: FormParts) {
    this.#config = config;
    this.#parts = parts;
  }

  /**
   * Vaults with keys that may be used.
   *
   * @throws EntityUnknown when there is no such entity that the person may see
   */
  async vaults(
    credentials: BackstageCredentials,
    chosenFor: ChosenFor = {},
  ): Promise<Listed<VaultChoice>> {
    await this.#requireUse(credentials);
    const [{ items, complete }, chooser] = await Promise.all([
      this.#parts.inventory.knownVaults(),
      this.#chooser(credentials, chosenFor),
    ]);
    const allowed = items.filter(({ name }) =>
      vaultNameAllowed(this.#config, name),
    );
    const open = await Promise.all(
      allowed.map(vault => this.#hasOpenKey(vault, chooser)),
    );
    return {
      items: allowed
        .filter((_, index) => open[index])
        .map(vault => ({
          name: vault.name,
          location: vault.location ?? '',
          sku:
            vault.sku.toLowerCase() === 'premium'
              ? ('premium' as const)
              : ('standard' as const),
          permissionModel: vault.permissionModel,
          purgeProtection: vault.purgeProtection,
          unsuitable: unsuitable(vault),
        }))
        .sort(byName),
      complete,
    };
  }

  /** Keys of a vault; of those that a registry cannot use, with the reason. */
  async keys(
    vaultName: string,
    credentials: BackstageCredentials,
    chosenFor: ChosenFor = {},
  ): Promise<KeyChoice[]> {
    const offered = await this.#offeredKeys(vaultName, {
      credentials,
      chosenFor,
    });
    if (!offered) return [];
    const { vault, keys } = offered;
    return keys
      .map(({ name, tags: _tags, ...rest }) => ({
        name,
        keyIdentifier: KeyIdentifier.of(
          vault.name,
          name,
          this.#config.cloud,
        ).toString(),
        ...rest,
        unsuitable: unsuitableKey(rest),
      }))
      .sort(byName);
  }

  /** Versions of a key that is offered, newest first. */
  async keyVersions(
    { vaultName, keyName }: { vaultName: string; keyName: string },
    credentials: BackstageCredentials,
    chosenFor: ChosenFor = {},
  ): Promise<KeyVersionChoice[]> {
    const offered = await this.#offeredKeys(vaultName, {
      credentials,
      chosenFor,
    });
    const wanted = keyName.toLowerCase();
    const listed = offered?.keys.find(
      ({ name }) => name.toLowerCase() === wanted,
    );
    if (!offered || !listed || !isOfSuitableType(listed)) {
      throw new InvalidInput(
        'key',
        `the ${keyHome(
          vaultName,
        )} has no key ${keyName} that you may use for a registry`,
      );
    }
    const { vault } = offered;
    const key = await this.#parts.inventory.vaults.key(
      {
        vaultId: vault.id,
        key: KeyIdentifier.of(vault.name, listed.name, this.#config.cloud),
      },
      FRESH,
    );
    if (!key.known) {
      throw new FactsUnavailable(`The key ${keyName}`, key.problem.message);
    }
    return key.value.versions.map(({ version, enabled, created, expires }) => ({
      version,
      enabled,
      created,
      ...(expires && { expires }),
    }));
  }

  /** User-assigned identities that are attached already, or open. */
  async identities(
    credentials: BackstageCredentials,
    chosenFor: ChosenFor = {},
  ): Promise<Listed<IdentityChoice>> {
    await this.#requireUse(credentials);
    const [{ items, complete }, { claimants, registries }] = await Promise.all([
      this.#parts.inventory.knownIdentities(),
      this.#chooser(credentials, chosenFor),
    ]);
    const attached = new Set(
      registries.flatMap(({ userAssignedIdentities }) =>
        userAssignedIdentities.map(({ resourceId }) =>
          resourceId.toLowerCase(),
        ),
      ),
    );
    return {
      items: items
        .filter(
          identity =>
            attached.has(identity.resourceId.toLowerCase()) ||
            isIdentityOpen(identity, { config: this.#config, claimants }),
        )
        .map(({ name, resourceId, clientId }) => ({
          name,
          resourceId,
          clientId,
          attached: attached.has(resourceId.toLowerCase()),
        }))
        .sort(byName),
      complete,
    };
  }

  /**
   * Resource groups in the scopes, those first in which the person may create registries alone. A new
   * entity belongs to its creator and their groups, so only what names these is open.
   */
  async resourceGroups(
    credentials: BackstageCredentials,
  ): Promise<Listed<ResourceGroupChoice>> {
    await this.#parts.permissionChecker.require(
      { permission: registryCreatePermission },
      credentials,
    );
    const [facts, chooser] = await Promise.all([
      Promise.all(this.#config.scopes.map(scope => this.#groupsIn(scope))),
      this.#chooser(credentials, {}),
    ]);
    const claimants = new Set([...chooser.claimants].filter(isOwnerRef));
    const groups = facts.flatMap(fact => (fact.known ? fact.value : []));
    const choices = new Map(
      groups.map(({ id, name, location, tags }) => [
        id.toLowerCase(),
        {
          resourceGroupId: id,
          name,
          location,
          open: isGroupOpen({ id, tags }, { config: this.#config, claimants }),
        },
      ]),
    );
    return {
      items: [...choices.values()].sort(
        (a, b) => Number(b.open) - Number(a.open) || byName(a, b),
      ),
      complete: facts.every(({ known }) => known),
    };
  }

  async #groupsIn({
    subscriptionId,
    resourceGroup,
  }: Scope): Promise<Fact<GroupFacts[]>> {
    const { groups } = this.#parts.inventory;
    if (resourceGroup === undefined) {
      return groups.inSubscription(subscriptionId, FRESH);
    }
    const fact = await groups.of(
      `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`,
      FRESH,
    );
    return fact.known ? { ...fact, value: [fact.value] } : fact;
  }

  /**
   * Keys of a vault that the person may choose.
   *
   * @returns nothing when the keys cannot be read and none would be offered: as of a vault that can be read
   * @throws FactsUnavailable when they cannot be read, to those to whom some are open
   */
  async #offeredKeys(
    vaultName: string,
    of: { credentials: BackstageCredentials; chosenFor: ChosenFor },
  ): Promise<{ vault: VaultFacts; keys: ListedKey[] } | undefined> {
    await this.#requireUse(of.credentials);
    if (!vaultNameAllowed(this.#config, vaultName)) {
      throw new InvalidInput('vault', vaultNotAllowed({ vaultName }));
    }
    const chooser = await this.#chooser(of.credentials, of.chosenFor);
    const vault = await this.#parts.inventory.vaults.named(vaultName, SHOWN);
    if (!vault.known) {
      if (!this.#isSomethingOpen(vaultName, [], chooser)) return undefined;
      throw new FactsUnavailable(
        `The ${keyHome(vaultName)}`,
        vault.problem.message,
      );
    }
    const keys = await this.#parts.inventory.vaults.keysOf(vault.value, FRESH);
    if (!keys.known) {
      if (!this.#isSomethingOpen(vaultName, [vault.value], chooser)) {
        return undefined;
      }
      throw new FactsUnavailable(
        `The keys of the ${keyHome(vaultName)}`,
        keys.problem.message,
      );
    }
    const isOffered = this.#offered(vault.value, keys.value, chooser);
    return {
      vault: vault.value,
      keys: keys.value.filter(({ name }) => isOffered(name)),
    };
  }

  /** Registries that are bound to one of these entities or owners. */
  async #boundTo(refs: ReadonlySet<string>): Promise<readonly Registry[]> {
    const bound = [...this.#config.bindings].flatMap(([id, entities]) =>
      [...entities].some(ref => refs.has(ref)) ? [id] : [],
    );
    const { items } = await this.#parts.inventory.knownRegistries([
      ...new Set([
        ...bound,
        ...(await this.#parts.links.taggedWith([...refs])),
      ]),
    ]);
    return items;
  }

  /** Whether the vault is open, or a key in it. */
  async #hasOpenKey(vault: VaultFacts, chooser: Chooser): Promise<boolean> {
    const { claimants } = chooser;
    const facts = { vaults: [vault], keys: [] };
    if (isVaultOpen(vault.name, { facts, config: this.#config, claimants })) {
      return true;
    }
    const keys = await this.#parts.inventory.vaults.keysOf(vault, FRESH);
    if (!keys.known) return false;
    const isOffered = this.#offered(vault, keys.value, chooser);
    return keys.value.some(({ name }) => isOffered(name));
  }

  /** Whether the vault is open, or one of its keys by the configuration or by use, without reading its keys. */
  #isSomethingOpen(
    vaultName: string,
    vaults: readonly VaultFacts[],
    { claimants, registries }: Chooser,
  ): boolean {
    const name = vaultName.toLowerCase();
    return (
      isVaultOpen(vaultName, {
        facts: { vaults, keys: [] },
        config: this.#config,
        claimants,
      }) ||
      this.#config.keys.some(
        entry =>
          entry.vaultName === name &&
          [...entry.entityRefs].some(ref => claimants.has(ref)),
      ) ||
      registries.some(({ key }) => key?.vaultName.toLowerCase() === name)
    );
  }

  /** Tells for each key of a vault whether it is open or already in use. */
  #offered(
    vault: VaultFacts,
    keys: readonly ListedKey[],
    { claimants, registries }: Chooser,
  ): (keyName: string) => boolean {
    const used = new Set(registries.map(({ key }) => key?.keyOfKey));
    const of = {
      facts: {
        vaults: [vault],
        keys: keys.map(key => ({ ...key, vaultName: vault.name })),
      },
      config: this.#config,
      claimants,
    };
    return keyName =>
      used.has(KeyIdentifier.of(vault.name, keyName).keyOfKey) ||
      isKeyOpen({ vaultName: vault.name, keyName }, of);
  }

  /** The chooser, by the rule that a plan is judged by. */
  async #chooser(
    credentials: BackstageCredentials,
    { entityRef, registryId }: ChosenFor,
  ): Promise<Chooser> {
    const person = personOf(credentials);
    // A service uses nothing for itself.
    if (!person) return { claimants: new Set(), registries: [] };
    if (entityRef === undefined) {
      const claimants = await this.#parts.catalog.claimantsOf(person);
      return { claimants, registries: await this.#boundTo(claimants) };
    }
    const entity = await this.#parts.catalog.registriesOf(
      entityRef,
      credentials,
    );
    await this.#parts.permissionChecker.require(
      { permission: registryReadPermission, entityRef: entity.entityRef },
      credentials,
    );
    const { claimants } = await this.#parts.catalog.ownership(
      entity.entityRef,
      person,
    );
    const own = registryId
      ? await this.#boundTo(new Set([entity.entityRef.toLowerCase()]))
      : [];
    return {
      claimants,
      registries: own.filter(one => registryId?.equals(one.registryId)),
    };
  }

  async #requireUse(credentials: BackstageCredentials): Promise<void> {
    await this.#parts.permissionChecker.require(
      { permission: acrCmkUsePermission },
      credentials,
    );
  }
}

/** Whether a registry can use a key of this type. Some answers leave the type out. */
function isOfSuitableType({ type }: Pick<ListedKey, 'type'>): boolean {
  return type === undefined || /^RSA(-HSM)?$/i.test(type);
}

/** Reasons why a registry cannot use a key. */
function unsuitableKey(
  key: Pick<ListedKey, 'type' | 'enabled'>,
): KeyChoice['unsuitable'] {
  return [
    ...(isOfSuitableType(key) ? [] : ['type' as const]),
    ...(key.enabled === false ? ['disabled' as const] : []),
  ];
}

/** Reasons why a new registry cannot use a key of the vault. */
function unsuitable(vault: VaultFacts): VaultChoice['unsuitable'] {
  return [
    ...(vault.purgeProtection === false
      ? ['purge-protection-off' as const]
      : []),
    ...(firewallOf(vault) === 'closed' ? ['firewall-closed' as const] : []),
  ];
}
