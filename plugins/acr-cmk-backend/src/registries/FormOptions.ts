import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  FactsUnavailable,
  type IdentityChoice,
  InvalidInput,
  type KeyChoice,
  KeyIdentifier,
  type RegistryChoice,
  RegistryId,
  type VaultChoice,
} from 'backstage-plugin-acr-cmk-common';
import type { CatalogLinks } from '../catalog/CatalogLinks';
import {
  type AcrCmkConfig,
  subscriptionsOf,
  vaultNameAllowed,
} from '../config';
import { FRESH, type Inventory } from '../inventory/Inventory';
import type { Planner } from '../plans/Planner';

/** What forms and templates may offer: only what a plan would accept. */
export class FormOptions {
  readonly #config: AcrCmkConfig;
  readonly #inventory: Inventory;
  readonly #planner: Planner;
  readonly #catalog: CatalogLinks;

  constructor(options: {
    config: AcrCmkConfig;
    inventory: Inventory;
    planner: Planner;
    catalog: CatalogLinks;
  }) {
    this.#config = options.config;
    this.#inventory = options.inventory;
    this.#planner = options.planner;
    this.#catalog = options.catalog;
  }

  /** Vaults whose keys may be chosen. */
  async vaults(): Promise<{ items: VaultChoice[]; complete: boolean }> {
    const lists = await Promise.all(
      this.#subscriptions.map(subscription =>
        this.#inventory.vaults(subscription, FRESH),
      ),
    );
    return {
      items: lists
        .flatMap(list => (list.known ? list.value : []))
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
      complete: lists.every(list => list.known && !list.refreshProblem),
    };
  }

  /** Keys of a vault, of types that a registry can use. */
  async keys(vaultName: string): Promise<KeyChoice[]> {
    if (!vaultNameAllowed(this.#config, vaultName)) {
      throw new InvalidInput(
        'vault',
        `${vaultName} is not in acrCmk.vaults, so its keys may not be used`,
      );
    }
    const vault = await this.#inventory.vault(
      vaultName,
      this.#subscriptions,
      FRESH,
    );
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
  async identities(): Promise<{ items: IdentityChoice[]; complete: boolean }> {
    const { identities, complete } = await this.#planner.identitiesInScope(
      FRESH,
    );
    return {
      items: identities
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
  ): Promise<{ items: RegistryChoice[]; complete: boolean }> {
    const [{ registries, complete }, behind] = await Promise.all([
      this.#planner.registriesInScope(FRESH),
      this.#catalog.entitiesBehind(credentials),
    ]);
    return {
      items: registries
        .map(registry => ({
          registry,
          entities: behind(RegistryId.parse(registry.id)).visible,
        }))
        .filter(({ entities }) => entities.length > 0)
        .map(({ registry, entities }) => {
          const key = KeyIdentifier.tryParse(registry.encryption.keyIdentifier);
          return {
            registryId: registry.id,
            name: registry.name,
            location: registry.location,
            encrypted: registry.encryption.status === 'enabled',
            versionMode:
              key &&
              (key.version ? ('manual' as const) : ('automatic' as const)),
            entities,
          };
        })
        .sort(byName),
      complete,
    };
  }

  get #subscriptions(): string[] {
    return subscriptionsOf(this.#config);
  }
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name.localeCompare(b.name);
}
