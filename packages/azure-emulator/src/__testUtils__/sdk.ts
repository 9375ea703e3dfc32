import { AuthorizationManagementClient } from '@azure/arm-authorization';
import { ContainerRegistryManagementClient } from '@azure/arm-containerregistry';
import { KeyVaultManagementClient } from '@azure/arm-keyvault';
import { ManagedServiceIdentityClient } from '@azure/arm-msi';
import { ResourceGraphClient } from '@azure/arm-resourcegraph';
import { ClientSecretCredential } from '@azure/identity';
import { CryptographyClient, KeyClient } from '@azure/keyvault-keys';
import type { Emulator } from '../emulator';
import type { PrincipalName } from '../worlds/principals';

/** Microsoft's own clients with their default options, signed in as one of the principals. */
export function sdkClients(emulator: Emulator, who: PrincipalName = 'admin') {
  const { tenantId, subscriptionId, principals } = emulator.ready;
  const { clientId, clientSecret } = principals[who];
  const credential = new ClientSecretCredential(
    tenantId,
    clientId,
    clientSecret,
  );
  return {
    credential,
    registries: new ContainerRegistryManagementClient(
      credential,
      subscriptionId,
    ),
    vaults: new KeyVaultManagementClient(credential, subscriptionId),
    identities: new ManagedServiceIdentityClient(credential, subscriptionId),
    authorization: new AuthorizationManagementClient(
      credential,
      subscriptionId,
    ),
    graph: new ResourceGraphClient(credential),
    crypto: (keyIdentifier: string) =>
      new CryptographyClient(keyIdentifier, credential),
    keys: (vault: string) =>
      new KeyClient(`https://${vault}.vault.azure.net`, credential),
  };
}

export type SdkClients = ReturnType<typeof sdkClients>;
