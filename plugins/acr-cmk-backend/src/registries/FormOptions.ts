import type {
  BackstageCredentials,
  BackstageUserPrincipal,
} from '@backstage/backend-plugin-api';
import {
  acrCmkUsePermission,
  FactsUnavailable,
  type IdentityChoice,
  InvalidInput,
  type KeyChoice,
  KeyIdentifier,
  type RegistryChoice,
  type VaultChoice,
  type VaultFacts,
} from 'backstage-plugin-acr-cmk-common';
import { isIdentityOpen, isKeyOpen, isVaultOpen } from '../authority/openness';
import type { ListedKey } from '../azure/ports';
import type { PermissionChecker } from '../authority/PermissionChecker';
import { vaultNotAllowed } from '../authority/scope';
import type { CatalogLinks } from '../catalog/CatalogLinks';
import { type AcrCmkConfig, vaultNameAllowed } from '../config';
import { type Inventory, type Listed, SHOWN } from '../inventory/Inventory';
import type { LinkRows } from '../inventory/rows/links';

/** Registries that one form offers. Our choice; with more, the answer says that it is not complete. */
const MOST_CHOICES = 1_000;

type FormConfig = Pick<
  AcrCmkConfig,
  'cloud' | 'vaults' | 'keys' | 'identities' | 'bindings'
>;

/** What forms and templates may offer: only what a plan would accept. */
export class FormOptions {
  readonly #config: FormConfig;
  readonly #inventory: Inventory;
  readonly #catalog: CatalogLinks;
  readonly #links: Pick<LinkRows, 'linked' | 'taggedWith'>;
  readonly #permissionChecker: PermissionChecker;

  constructor(options: {
    config: FormConfig;
    inventory: Inventory;
    catalog: CatalogLinks;
    links: Pick<LinkRows, 'linked' | 'taggedWith'>;
    permissionChecker: PermissionChecker;
  }) {
    this.#config = options.config;
    this.#inventory = options.inventory;
    this.#catalog = options.catalog;
    this.#links = options.links;
    this.#permissionChecker = options.permissionChecker;
  }

  /** Vaults with keys that the person, or what they own, may use. */
  async vaults(
    credentials: BackstageCredentials,
  ): Promise<Listed<VaultChoice>> {
    await this.#requireUse(credentials);
    const [{ items, complete }, claimants] = await Promise.all([
      this.#inventory.knownVaults(),
      this.#claimants(credentials),
    ]);
    const allowed = items.filter(({ name }) =>
      vaultNameAllowed(this.#config, name),
    );
    const open = await Promise.all(
      allowed.map(vault => this.#hasOpenKey(vault, claimants)),
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
    const vault = await this.#inventory.vault(vaultName, SHOWN);
    if (!vault.known) {
      throw new FactsUnavailable(
        `The vault ${vaultName}`,
        vault.problem.message,
      );
    }
    const keys = await this.#inventory.keysOf(vault.value, SHOWN);
    if (!keys.known) {
      throw new FactsUnavailable(
        `The keys of the vault ${vaultName}`,
        keys.problem.message,
      );
    }
    const claimants = await this.#claimants(credentials);
    const of = this.#opened(vault.value, { keys: keys.value, claimants });
    return keys.value
      .filter(({ name }) => isKeyOpen({ vaultName, keyName: name }, of))
      .filter(({ type }) => type === undefined || /^RSA(-HSM)?$/i.test(type))
      .map(({ name, tags: _tags, ...rest }) => ({
        name,
        keyIdentifier: KeyIdentifier.of(
          vault.value.name,
          name,
          this.#config.cloud,
        ).toString(),
        ...rest,
      }))
      .sort(byName);
  }

  /** User-assigned identities that the person's registries use, or that are open to them. */
  async identities(
    credentials: BackstageCredentials,
  ): Promise<Listed<IdentityChoice>> {
    await this.#requireUse(credentials);
    const [{ items, complete }, claimants] = await Promise.all([
      this.#inventory.knownIdentities(),
      this.#claimants(credentials),
    ]);
    const attached = await this.#attachedTo(claimants);
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
    const linked = await this.#links.linked(MOST_CHOICES + 1);
    const { items, complete } = await this.#inventory.knownRegistries(
      linked.slice(0, MOST_CHOICES),
    );
    const behind = await this.#catalog.entitiesBehind(
      items.map(({ registryId }) => registryId),
      credentials,
    );
    return {
      items: items
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
      complete: complete && linked.length <= MOST_CHOICES,
    };
  }

  /** Resource ids, lower-cased, of identities that registries of these entities and owners have. */
  async #attachedTo(
    claimants: ReadonlySet<string>,
  ): Promise<ReadonlySet<string>> {
    const bound = [...this.#config.bindings].flatMap(([id, refs]) =>
      [...refs].some(ref => claimants.has(ref)) ? [id] : [],
    );
    const { items } = await this.#inventory.knownRegistries([
      ...new Set([...bound, ...(await this.#links.taggedWith([...claimants]))]),
    ]);
    return new Set(
      items.flatMap(({ userAssignedIdentities }) =>
        userAssignedIdentities.map(({ resourceId }) =>
          resourceId.toLowerCase(),
        ),
      ),
    );
  }

  /** Is the vault open, or a key in it? */
  async #hasOpenKey(
    vault: VaultFacts,
    claimants: ReadonlySet<string>,
  ): Promise<boolean> {
    const none = this.#opened(vault, { keys: [], claimants });
    if (isVaultOpen(vault.name, none)) return true;
    const keys = await this.#inventory.keysOf(vault, SHOWN);
    if (!keys.known) return false;
    const of = this.#opened(vault, { keys: keys.value, claimants });
    return keys.value.some(({ name }) =>
      isKeyOpen({ vaultName: vault.name, keyName: name }, of),
    );
  }

  #opened(
    vault: VaultFacts,
    of: { keys: readonly ListedKey[]; claimants: ReadonlySet<string> },
  ) {
    return {
      facts: {
        vaults: [vault],
        keys: of.keys.map(key => ({ ...key, vaultName: vault.name })),
      },
      config: this.#config,
      claimants: of.claimants,
    };
  }

  /** A service uses nothing for itself. */
  async #claimants({
    principal,
  }: BackstageCredentials): Promise<ReadonlySet<string>> {
    const { userEntityRef } = principal as Partial<BackstageUserPrincipal>;
    return userEntityRef
      ? this.#catalog.claimantsOf(userEntityRef)
      : new Set<string>();
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
