/** The registries of drills and campaigns, made in Azure before its process runs. */
import { randomUUID } from 'node:crypto';
import { type Emulator, startEmulator } from 'azure-emulator';
import {
  CRYPTO_SERVICE_ENCRYPTION_USER,
  ENTITY_REF_TAG,
} from 'backstage-plugin-acr-cmk-common';
import { SUBSCRIPTION } from 'backstage-plugin-acr-cmk-backend/src/__testUtils__/demoWorld';
import { OWN_REGISTRIES, newTarget } from '../world/people';

const ARM = 'https://management.azure.com';
const LOCATION = 'westeurope';
const VAULT = 'kv-contoso-rbac';
const VAULT_ID = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-keys/providers/Microsoft.KeyVault/vaults/${VAULT}`;
const ROLE_ID = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${CRYPTO_SERVICE_ENCRYPTION_USER}`;

/** Names of the two role assignments of `drillhalf`. */
export const TWO_ASSIGNMENTS = [
  '5b1d5c1e-6f0a-4a55-9c52-0d0f4f3b7a01',
  '5b1d5c1e-6f0a-4a55-9c52-0d0f4f3b7a02',
];

/** Request that lets a principal use a key, or all keys of the vault. */
export const grantRequest = (
  principalId: string,
  { name = randomUUID(), key }: { name?: string; key?: string },
) => ({
  url: `${ARM}${VAULT_ID}${
    key ? `/keys/${key}` : ''
  }/providers/Microsoft.Authorization/roleAssignments/${name}`,
  body: {
    properties: {
      roleDefinitionId: ROLE_ID,
      principalId,
      principalType: 'ServicePrincipal',
    },
  },
});

/** @returns the principals of the registries */
export async function buildScene(dataDir: string): Promise<string[]> {
  const emulator = await startEmulator({
    dataDir,
    operationSeconds: 0,
    rolePropagationSeconds: 0,
  });
  try {
    const principals: string[] = [];
    for (const name of OWN_REGISTRIES) {
      principals.push(await addRegistry(emulator, name));
    }
    return principals;
  } finally {
    await emulator.close();
  }
}

/** A registry that stays on the newer version of its key. @returns its principal */
async function addRegistry(emulator: Emulator, name: string): Promise<string> {
  const ask = async (method: string, url: string, body: object) => {
    const { status, body: answer } = await emulator.outOfBand(method, url, {
      ...body,
    });
    if (status >= 300) {
      throw new Error(`${method} ${url}: ${JSON.stringify(answer)}`);
    }
    return answer as Record<string, any>;
  };
  const makeVersion = () =>
    ask('POST', `https://${VAULT}.vault.azure.net/keys/${name}/create`, {
      kty: 'RSA',
      key_size: 2048,
    });
  await makeVersion();
  // Of two that were made in the same second, nobody knows the newer one.
  emulator.clock.advance(60_000);
  const { key } = await makeVersion();
  const { registryId, entityRef } = newTarget(name);
  const group = registryId.split('/providers/')[0];
  const identity = await ask(
    'PUT',
    `${ARM}${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-${name}`,
    { location: LOCATION },
  );
  const { principalId, clientId } = identity.properties;
  const [first, second] = TWO_ASSIGNMENTS;
  const grants =
    name === 'drillhalf'
      ? [{ name: first, key: name }, { name: second }]
      : [{ key: name }];
  for (const grant of grants) {
    const { url, body } = grantRequest(principalId, grant);
    await ask('PUT', url, body);
  }
  await ask('PUT', `${ARM}${registryId}`, {
    location: LOCATION,
    sku: { name: 'Premium' },
    tags: { [ENTITY_REF_TAG]: entityRef },
    identity: {
      type: 'UserAssigned',
      userAssignedIdentities: { [identity.id]: {} },
    },
    properties: {
      encryption: {
        status: 'enabled',
        keyVaultProperties: { keyIdentifier: key.kid, identity: clientId },
      },
    },
  });
  return principalId;
}
