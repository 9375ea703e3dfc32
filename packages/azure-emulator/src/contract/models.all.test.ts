import { sdkClients, SdkClients } from '../__testUtils__/sdk';
import { useEmulator } from '../__testUtils__/emulated';
import { missingFields, ModelPackage } from '../__testUtils__/models';

const world = useEmulator();
let azure: SdkClients;
beforeAll(() => {
  azure = sdkClients(world.emulator);
});

async function all<T>(list: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of list) found.push(item);
  return found;
}

const SHOP = ['rg-shop', 'shopimages'] as const;
const VAULT = ['rg-keys', 'kv-contoso-rbac'] as const;
const vaultScope = () =>
  `/subscriptions/${world.emulator.ready.subscriptionId}/resourceGroups/rg-keys/providers/Microsoft.KeyVault/vaults/kv-contoso-rbac`;

/**
 * Every resource that the emulator returns: the package and name of its model, and an answer. With several
 * answers of a model, a field is missing when all of them lack it.
 */
const ANSWERS: [
  from: ModelPackage,
  model: string,
  read: () => Promise<unknown>,
][] = [
  [
    '@azure/arm-containerregistry',
    'Registry',
    () => azure.registries.registries.get('rg-shop', 'billingimages'),
  ],
  [
    '@azure/arm-containerregistry',
    'Registry',
    async () => {
      await azure.registries.registries.update(...SHOP, {
        encryption: (await azure.registries.registries.get(...SHOP)).encryption,
      });
      return azure.registries.registries.get('rg-shop', 'ordersimages');
    },
  ],
  [
    '@azure/arm-containerregistry',
    'RegistryNameStatus',
    () =>
      azure.registries.registries.checkNameAvailability({
        name: 'shopimages',
        type: 'Microsoft.ContainerRegistry/registries',
      }),
  ],
  ['@azure/arm-keyvault', 'Vault', () => azure.vaults.vaults.get(...VAULT)],
  [
    '@azure/arm-keyvault',
    'VaultAccessPolicyParameters',
    () =>
      azure.vaults.vaults.updateAccessPolicy(
        'rg-keys',
        'kv-contoso-policy',
        'add',
        { properties: { accessPolicies: [] } },
      ),
  ],
  [
    '@azure/arm-keyvault',
    'Key',
    async () => {
      await azure
        .keys('kv-contoso-policy')
        .createKey('tagged', 'RSA', { tags: { team: 'shop' } });
      return azure.vaults.keys.get('rg-keys', 'kv-contoso-policy', 'tagged');
    },
  ],
  [
    '@azure/arm-msi',
    'Identity',
    () =>
      azure.identities.userAssignedIdentities.get('rg-shop', 'id-shopimages'),
  ],
  [
    '@azure/arm-authorization',
    'RoleAssignment',
    async () =>
      (
        await all(
          azure.authorization.roleAssignments.listForScope(vaultScope()),
        )
      )[0],
  ],
  [
    '@azure/arm-authorization',
    'RoleDefinition',
    async () =>
      (await all(azure.authorization.roleDefinitions.list(vaultScope()))).find(
        ({ roleType }) => roleType === 'CustomRole',
      ),
  ],
  [
    '@azure/arm-authorization',
    'RoleDefinition',
    async () =>
      (await all(azure.authorization.roleDefinitions.list(vaultScope()))).find(
        ({ roleType }) => roleType === 'BuiltInRole',
      ),
  ],
  [
    '@azure/keyvault-keys',
    'KeyVaultKey',
    () => azure.keys('kv-contoso-rbac').getKey('shopimages'),
  ],
  [
    '@azure/keyvault-keys',
    'DeletedKey',
    async () => {
      const keys = azure.keys('kv-contoso-policy');
      const poller = await keys.beginDeleteKey('ordersimages', {
        intervalInMs: 10,
      });
      return poller.getResult()!;
    },
  ],
  [
    '@azure/keyvault-keys',
    'KeyRotationPolicy',
    () =>
      azure.keys('kv-contoso-policy').getKeyRotationPolicy('checkoutimages'),
  ],
];

/** Fields that the emulator does not return, each with the reason. */
const NOT_RETURNED: Record<string, string> = {
  'Identity.systemData': 'not in the recorded answers',
  'Key.systemData': 'Azure does not return it',
  'KeyVaultKey.properties.managed':
    'only keys of certificates have it, which do not exist here',
  'Registry.status': 'not in the recorded answers',
  'Vault.properties.hsmPoolResourceId':
    'only vaults in an HSM pool have it, which do not exist here',
  'Vault.properties.privateEndpointConnections':
    'absent without private endpoints, as in the recorded answers',
  'VaultAccessPolicyParameters.location':
    'Azure returns id, type and properties',
  'VaultAccessPolicyParameters.name': 'Azure returns id, type and properties',
};

describe('the models of the SDKs', () => {
  it('have every required and read-only field in the answers, except those listed above', async () => {
    const missing = new Map<string, string[]>();
    for (const [from, model, read] of ANSWERS) {
      const fields = missingFields(from, model, await read());
      const key = `${from} ${model}`;
      const before = missing.get(key) ?? fields;
      missing.set(
        key,
        before.filter(field => fields.includes(field)),
      );
    }
    expect([...missing.values()].flat().sort()).toEqual(
      Object.keys(NOT_RETURNED).sort(),
    );
  });

  it('are compared by a check that finds a missing field, also in a nested model', () => {
    expect(
      missingFields('@azure/arm-keyvault', 'Vault', {
        id: '/v',
        name: 'v',
        type: 't',
        systemData: {},
        properties: {
          tenantId: 't',
          sku: { family: 'A' },
          privateEndpointConnections: [],
        },
      }),
    ).toEqual([
      'Vault.properties.hsmPoolResourceId',
      'Vault.properties.sku.name',
    ]);
  });
});
