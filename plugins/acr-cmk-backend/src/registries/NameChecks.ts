import type {
  BackstageCredentials,
  BackstageUserPrincipal,
} from '@backstage/backend-plugin-api';
import {
  type Fact,
  InvalidInput,
  KeyIdentifier,
  type NameCheck,
  registryCreatePermission,
  type RegistryId,
  keyHome,
} from 'backstage-plugin-acr-cmk-common';
import { isVaultOpen } from '../authority/openness';
import type { PermissionChecker } from '../authority/PermissionChecker';
import { outOfScope, vaultNotAllowed } from '../authority/scope';
import type { CatalogLinks } from '../catalog/CatalogLinks';
import { isMissing } from '../cmk/isMissing';
import { type AcrCmkConfig, inScope, vaultNameAllowed } from '../config';
import { type Inventory, JUST_NOW, SHOWN } from '../inventory/Inventory';

type NameCheckConfig = Pick<
  AcrCmkConfig,
  'cloud' | 'scopes' | 'vaults' | 'keys' | 'identities'
>;

/** Are the names free that somebody types into the form of a new registry? Changes nothing. */
export class NameChecks {
  readonly #config: NameCheckConfig;
  readonly #inventory: Inventory;
  readonly #catalog: Pick<CatalogLinks, 'claimantsOf'>;
  readonly #canAskForRegistries: () => boolean;
  readonly #permissionChecker: PermissionChecker;

  constructor(options: {
    config: NameCheckConfig;
    inventory: Inventory;
    catalog: Pick<CatalogLinks, 'claimantsOf'>;
    /** Is there the credential that Azure is asked with about the name of a registry? */
    canAskForRegistries: () => boolean;
    permissionChecker: PermissionChecker;
  }) {
    this.#config = options.config;
    this.#inventory = options.inventory;
    this.#catalog = options.catalog;
    this.#canAskForRegistries = options.canAskForRegistries;
    this.#permissionChecker = options.permissionChecker;
  }

  /**
   * Is the name of a registry free in all of Azure?
   *
   * @throws InvalidInput for a resource group that is not in `acrCmk.scopes`
   * @throws PermissionMissing without `acr-cmk.registry.create`
   */
  async registry(
    id: RegistryId,
    credentials: BackstageCredentials<BackstageUserPrincipal>,
  ): Promise<NameCheck> {
    await this.#requireMayAsk(credentials);
    if (!inScope(this.#config.scopes, id)) {
      throw new InvalidInput('registryId', outOfScope(id));
    }
    if (!this.#canAskForRegistries()) {
      return {
        name: id.name,
        state: 'unknown',
        message: 'acrCmk.azure.credentials.provision is not configured',
      };
    }
    const fact = await this.#inventory.registryName(id);
    if (!fact.known) return unknown(id.name, fact);
    const { free, message } = fact.value;
    return free
      ? { name: id.name, state: 'free' }
      : { name: id.name, state: 'taken', ...(message && { message }) };
  }

  /**
   * Is the name of a key free in a vault, also among its soft-deleted keys? Of a vault that is not open
   * to the person, where they could make no key anyway, nothing is shown, not even that it cannot be read.
   *
   * @throws InvalidInput for a vault that is not in `acrCmk.vaults`, and for what is no name of a key
   * @throws PermissionMissing without `acr-cmk.registry.create`
   */
  async key(
    { vaultName, keyName }: { vaultName: string; keyName: string },
    credentials: BackstageCredentials<BackstageUserPrincipal>,
  ): Promise<NameCheck> {
    await this.#requireMayAsk(credentials);
    if (!vaultNameAllowed(this.#config, vaultName)) {
      throw new InvalidInput('vault', vaultNotAllowed({ vaultName }));
    }
    const vault = await this.#inventory.vault(vaultName, SHOWN);
    const isOpen = isVaultOpen(vaultName, {
      facts: { vaults: vault.known ? [vault.value] : [], keys: [] },
      config: this.#config,
      claimants: await this.#catalog.claimantsOf(
        credentials.principal.userEntityRef,
      ),
    });
    if (!isOpen) {
      return {
        name: keyName,
        state: 'unknown',
        message: `The ${keyHome(
          vaultName,
        )} is not open to you or your groups. The plan checks the name`,
      };
    }
    if (!vault.known) return unknown(keyName, vault);
    const key = KeyIdentifier.of(vault.value.name, keyName, this.#config.cloud);
    const present = await this.#inventory.key(vault.value.id, key, JUST_NOW);
    if (present.known) return { name: keyName, state: 'taken' };
    if (!isMissing(present)) return unknown(keyName, present);
    const deleted = await this.#inventory.deletedKey(key, JUST_NOW);
    if (deleted.known) {
      const { scheduledPurgeAt } = deleted.value;
      return {
        name: keyName,
        state: 'soft-deleted',
        ...(scheduledPurgeAt && { until: scheduledPurgeAt }),
      };
    }
    return isMissing(deleted)
      ? { name: keyName, state: 'free' }
      : unknown(keyName, deleted);
  }

  async #requireMayAsk(
    credentials: BackstageCredentials<BackstageUserPrincipal>,
  ): Promise<void> {
    await this.#permissionChecker.require(
      { permission: registryCreatePermission },
      credentials,
    );
  }
}

function unknown(
  name: string,
  { problem }: Extract<Fact<unknown>, { known: false }>,
): NameCheck {
  return { name, state: 'unknown', message: problem.message };
}
