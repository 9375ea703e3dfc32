import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  acrCmkUsePermission,
  FactsUnavailable,
  type IdentityChoice,
  InvalidInput,
  type KeyChoice,
  KeyIdentifier,
  type RegistryChoice,
  type VaultChoice,
} from 'backstage-plugin-acr-cmk-common';
import type { PermissionChecker } from '../authority/PermissionChecker';
import { vaultNotAllowed } from '../authority/scope';
import type { CatalogLinks } from '../catalog/CatalogLinks';
import { type AcrCmkConfig, vaultNameAllowed } from '../config';
import { FRESH, type Inventory, type Listed } from '../inventory/Inventory';

/** What forms and templates may offer: only what a plan would accept. */
export class FormOptions {
  readonly #config: Pick<AcrCmkConfig, 'vaults'>;
  readonly #inventory: Inventory;
  readonly #catalog: CatalogLinks;
  readonly #permissionChecker: PermissionChecker;

  constructor(options: {
    config: Pick<AcrCmkConfig, 'vaults'>;
    inventory: Inventory;
    catalog: CatalogLinks;
    permissionChecker: PermissionChecker;
  }) {
    this.#config = options.config;
    this.#inventory = options.inventory;
    this.#catalog = options.catalog;
    this.#permissionChecker = options.permissionChecker;
  }

  /** Vaults whose keys may be chosen. */
  async vaults(
    credentials: BackstageCredentials,
  ): Promise<Listed<VaultChoice>> {
    await this.#requireUse(credentials);
    const { items, complete } = await this.#inventory.vaults(FRESH);
    return {
      items: items
        .filter(({ name }) => vaultNameAllowed(this.#config, name))
        .map(vault => ({
          name: vault.name,
          location: vault.location ?? '',
          sku:
            vault.sku.toLowerCase() === 'premium'
              ? ('premium' as const)
              : ('standard' as const),
          permissionModel: vault.permissionModel,
          purgeProtection: vault.purgeProtection,
        }))
        .sort(byName),
      complete,
    };
  }

  /** Keys of a vault, of types that a registry can use. */
  async keys(
    vaultName: string,
    credentials: BackstageCredentials,
  ): Promise<KeyChoice[]> {
    await this.#requireUse(credentials);
    if (!vaultNameAllowed(this.#config, vaultName)) {
      throw new InvalidInput('vault', vaultNotAllowed({ vaultName }));
    }
    const vault = await this.#inventory.vault(vaultName, FRESH);
    if (!vault.known) {
      throw new FactsUnavailable(
        `The vault ${vaultName}`,
        vault.problem.message,
      );
    }
    const keys = await this.#inventory.keysOf(vault.value.id, FRESH);
    if (!keys.known) {
      throw new FactsUnavailable(
        `The keys of the vault ${vaultName}`,
        keys.problem.message,
      );
    }
    return keys.value
      .filter(({ type }) => type === undefined || /^RSA(-HSM)?$/i.test(type))
      .map(({ name, ...rest }) => ({
        name,
        keyIdentifier: KeyIdentifier.of(vault.value.name, name).toString(),
        ...rest,
      }))
      .sort(byName);
  }

  /** User-assigned identities that may be chosen. */
  async identities(
    credentials: BackstageCredentials,
  ): Promise<Listed<IdentityChoice>> {
    await this.#requireUse(credentials);
    const { items, complete } = await this.#inventory.identities(FRESH);
    return {
      items: items
        .map(({ name, resourceId, clientId }) => ({
          name,
          resourceId,
          clientId,
        }))
        .sort(byName),
      complete,
    };
  }

  /** Registries behind the entities that the caller may see. */
  async registries(
    credentials: BackstageCredentials,
  ): Promise<Listed<RegistryChoice>> {
    await this.#requireUse(credentials);
    const [{ inScope, complete }, behind] = await Promise.all([
      this.#inventory.registries(FRESH),
      this.#catalog.entitiesBehind(credentials),
    ]);
    return {
      items: inScope
        .map(registry => ({
          ...registry,
          entities: behind(registry.registryId).visible,
        }))
        .filter(({ entities }) => entities.length > 0)
        .map(({ id, name, location, encryption, key, entities }) => ({
          registryId: id,
          name,
          location,
          encrypted: encryption.status === 'enabled',
          versionMode:
            key && (key.version ? ('manual' as const) : ('automatic' as const)),
          entities,
        }))
        .sort(byName),
      complete,
    };
  }

  async #requireUse(credentials: BackstageCredentials): Promise<void> {
    await this.#permissionChecker.require(
      { permission: acrCmkUsePermission },
      credentials,
    );
  }
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name.localeCompare(b.name);
}
