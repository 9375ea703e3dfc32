import { KeyIdentifier, RegistryId } from 'backstage-plugin-acr-cmk-common';

const PORTAL = 'https://portal.azure.com';

/**
 * Page of a registry in Azure's portal.
 *
 * Only what our own parsers have taken apart and put together again ends in a link; for anything
 * else there is none.
 */
export function registryInPortal(registryId: string): string | undefined {
  const id = RegistryId.tryParse(registryId);
  return id && `${PORTAL}/#@/resource${id}`;
}

/** Page of a key, with all its versions. */
export function keyInPortal(keyIdentifier: string | null): string | undefined {
  const key = KeyIdentifier.tryParse(keyIdentifier);
  return (
    key && `${PORTAL}/#@/asset/Microsoft_Azure_KeyVault/Key/${key.versionless}`
  );
}

const VAULT_ID =
  /^\/subscriptions\/[0-9a-f-]{36}\/resourceGroups\/[\w\-.()]{1,90}\/providers\/Microsoft\.KeyVault\/vaults\/[a-z0-9-]{3,24}$/i;

/** Page of a vault. */
export function vaultInPortal(vaultId: string): string | undefined {
  return VAULT_ID.test(vaultId) ? `${PORTAL}/#@/resource${vaultId}` : undefined;
}
