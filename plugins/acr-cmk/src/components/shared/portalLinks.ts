import {
  AZURE_CLOUDS,
  type AzureCloud,
  hostInCloud,
  KeyIdentifier,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';

const portalOf = ({ portalHost }: AzureCloud) => `https://${portalHost}`;

/** The cloud that a registry's login server is in; the public one when it is not known. */
function cloudOf(loginServer: string | null | undefined): AzureCloud {
  return (
    hostInCloud(loginServer ?? '', 'registrySuffix')?.cloud ??
    AZURE_CLOUDS.public
  );
}

/**
 * Page of a registry in Azure's portal.
 *
 * Only what our own parsers have taken apart and put together again ends in a link; for anything
 * else there is none.
 */
export function registryInPortal(
  registryId: string,
  loginServer: string | null | undefined,
): string | undefined {
  const id = RegistryId.tryParse(registryId);
  return id && `${portalOf(cloudOf(loginServer))}/#@/resource${id}`;
}

/** Page of a key, with all its versions. */
export function keyInPortal(keyIdentifier: string | null): string | undefined {
  const key = KeyIdentifier.tryParse(keyIdentifier);
  // No address is documented for keys in a Managed HSM.
  if (!key || key.isInHsm) return undefined;
  return `${portalOf(key.cloud)}/#@/asset/Microsoft_Azure_KeyVault/Key/${
    key.versionless
  }`;
}

const VAULT_ID =
  /^\/subscriptions\/[0-9a-f-]{36}\/resourceGroups\/[\w\-.()]{1,90}\/providers\/Microsoft\.KeyVault\/(?:vaults|managedHSMs)\/[a-z0-9-]{3,24}$/i;

/** Page of the vault of a registry. */
export function vaultInPortal(
  vaultId: string,
  loginServer: string | null | undefined,
): string | undefined {
  return VAULT_ID.test(vaultId)
    ? `${portalOf(cloudOf(loginServer))}/#@/resource${vaultId}`
    : undefined;
}
