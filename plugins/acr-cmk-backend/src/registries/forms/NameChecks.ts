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
import { outOfScope, vaultNotAllowed } from '../../changes/gate/scope';
import { isMissing } from '../../domain/isMissing';
import { inScope, vaultNameAllowed } from '../../platform/config';
import type { Context } from '../../platform/context';
import { JUST_NOW, SHOWN } from '../../inventory/Inventory';
import type { FormParts } from './FormOptions';

/** Checks whether names in the form of a new registry are free. Changes nothing. */
export function createNameChecks(
  { config, azure }: Pick<Context, 'config' | 'azure'>,
  { inventory, catalog, permissionChecker }: FormParts,
) {
  const requireMayAsk = (
    credentials: BackstageCredentials<BackstageUserPrincipal>,
  ) =>
    permissionChecker.require(
      { permission: registryCreatePermission },
      credentials,
    );
  return {
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
      await requireMayAsk(credentials);
      if (!inScope(config.scopes, id)) {
        throw new InvalidInput('registryId', outOfScope(id));
      }
      if (!azure.has('provision')) {
        return {
          name: id.name,
          state: 'unknown',
          message: 'acrCmk.azure.credentials.provision is not configured',
        };
      }
      const fact = await inventory.registryName(id);
      if (!fact.known) return unknown(id.name, fact);
      const { free, message } = fact.value;
      return free
        ? { name: id.name, state: 'free' }
        : { name: id.name, state: 'taken', ...(message && { message }) };
    },

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
      await requireMayAsk(credentials);
      if (!vaultNameAllowed(config, vaultName)) {
        throw new InvalidInput('vault', vaultNotAllowed({ vaultName }));
      }
      const vault = await inventory.vaults.named(vaultName, SHOWN);
      const isOpen = isVaultOpen(vaultName, {
        facts: { vaults: vault.known ? [vault.value] : [], keys: [] },
        config: config,
        claimants: await catalog.claimantsOf(
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
      const key = KeyIdentifier.of(vault.value.name, keyName, config.cloud);
      const present = await inventory.vaults.key(
        { vaultId: vault.value.id, key },
        JUST_NOW,
      );
      if (present.known) return { name: keyName, state: 'taken' };
      if (!isMissing(present)) return unknown(keyName, present);
      const deleted = await inventory.vaults.deletedKey(key, JUST_NOW);
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
    },
  };
}

export type NameChecks = ReturnType<typeof createNameChecks>;

function unknown(
  name: string,
  { problem }: Extract<Fact<unknown>, { known: false }>,
): NameCheck {
  return { name, state: 'unknown', message: problem.message };
}
