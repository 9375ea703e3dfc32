import {
  type KeyIdentifier,
  type RegistryId,
  keyHomeKind,
} from 'backstage-plugin-acr-cmk-common';

/** Message for a registry outside of the scopes, which is neither read nor changed. */
export function outOfScope(id: RegistryId): string {
  return `The registry ${id.name} is in the resource group ${id.resourceGroup} of the subscription ${id.subscriptionId}, which is not in acrCmk.scopes`;
}

/** Message for a vault outside of the list, whose keys are not used. */
export function vaultNotAllowed({
  vaultName,
}: Pick<KeyIdentifier, 'vaultName'>): string {
  return `the ${keyHomeKind(
    vaultName,
  )} ${vaultName} is not in acrCmk.vaults, so its keys may not be used`;
}
