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
import { isVaultOpen } from '../../changes/gate/openness';
import type { PermissionChecker } from '../../changes/gate/PermissionChecker';
import { outOfScope, vaultNotAllowed } from '../../changes/gate/scope';
import type { CatalogLinks } from '../../catalog/CatalogLinks';
import { isMissing } from '../../domain/isMissing';
import {
  type AcrCmkConfig,
  inScope,
  vaultNameAllowed,
} from '../../platform/config';
import { type Inventory, JUST_NOW, SHOWN } from '../../inventory/Inventory';

interface NameChecksDeps {
  config: Pick<
    AcrCmkConfig,
    'cloud' | 'scopes' | 'vaults' | 'keys' | 'identities'
  >;
  inventory: Inventory;
  catalog: Pick<CatalogLinks, 'claimantsOf'>;
  /** Whether there is the credential that Azure requires for this question. */
  canAskForRegistries: () => boolean;
  permissionChecker: PermissionChecker;
}

/** Checks whether names in the form of a new registry are free. Changes nothing. */
export class NameChecks {
  readonly #deps: NameChecksDeps;

  constructor(deps: NameChecksDeps) {
    this.#deps = deps;
  }

  /**
   * Checks whether the name of a registry is free in all of Azure.
   *
   * @throws InvalidInput for a resource group that is not in `acrCmk.scopes`
   * @throws PermissionMissing without `acr-cmk.registry.create`
   */
  async registry(
    id: RegistryId,
    credentials: BackstageCredentials<BackstageUserPrincipal>,
  ): Promise<NameCheck> {
    await this.#requireMayAsk(credentials);
    if (!inScope(this.#deps.config.scopes, id)) {
      throw new InvalidInput('registryId', outOfScope(id));
    }
    if (!this.#deps.canAskForRegistries()) {
      return {
        name: id.name,
        state: 'unknown',
        message: 'acrCmk.azure.credentials.provision is not configured',
      };
    }
    const fact = await this.#deps.inventory.registryName(id);
    if (!fact.known) return unknown(id.name, fact);
    const { free, message } = fact.value;
    return free
      ? { name: id.name, state: 'free' }
      : { name: id.name, state: 'taken', ...(message && { message }) };
  }

  /**
   * Checks whether the name of a key is free in a vault, also among its soft-deleted keys. Reveals
   * nothing of a vault that is not open to the person, not even that it cannot be read: they could
   * create no key there anyway.
   *
   * @throws InvalidInput for a vault that is not in `acrCmk.vaults`, and for what is no name of a
   * key
   * @throws PermissionMissing without `acr-cmk.registry.create`
   */
  async key(
    { vaultName, keyName }: { vaultName: string; keyName: string },
    credentials: BackstageCredentials<BackstageUserPrincipal>,
  ): Promise<NameCheck> {
    await this.#requireMayAsk(credentials);
    if (!vaultNameAllowed(this.#deps.config, vaultName)) {
      throw new InvalidInput('vault', vaultNotAllowed({ vaultName }));
    }
    const vault = await this.#deps.inventory.vaults.named(vaultName, SHOWN);
    const isOpen = isVaultOpen(vaultName, {
      facts: { vaults: vault.known ? [vault.value] : [], keys: [] },
      config: this.#deps.config,
      claimants: await this.#deps.catalog.claimantsOf(
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
    const key = KeyIdentifier.of(
      vault.value.name,
      keyName,
      this.#deps.config.cloud,
    );
    const present = await this.#deps.inventory.vaults.key(
      { vaultId: vault.value.id, key },
      JUST_NOW,
    );
    if (present.known) return { name: keyName, state: 'taken' };
    if (!isMissing(present)) return unknown(keyName, present);
    const deleted = await this.#deps.inventory.vaults.deletedKey(key, JUST_NOW);
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
    await this.#deps.permissionChecker.require(
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
