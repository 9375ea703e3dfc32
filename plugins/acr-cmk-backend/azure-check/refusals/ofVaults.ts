import { NO_TOKEN, newVault, vaultUrl, type RefusalRequest } from './requests';

/** What vaults refuse, over ARM and in their own API. What needs a key of its own is in the probe. */
export const OF_VAULTS: RefusalRequest[] = [
  {
    name: 'vault.challenge',
    ask: lab =>
      lab.azure.anonymous('GET', `${vaultUrl(lab)}/keys?api-version=7.6`),
  },
  {
    name: 'vault.badToken',
    ask: lab =>
      lab.azure.anonymous('GET', `${vaultUrl(lab)}/keys?api-version=7.6`, {
        headers: { authorization: NO_TOKEN },
      }),
  },
  {
    name: 'vault.keyNotFound',
    ask: lab => lab.azure.vault('GET', `${vaultUrl(lab)}/keys/nosuchkey`),
    values: () => ({ key: 'nosuchkey' }),
  },
  {
    name: 'vault.deletedKeyNotFound',
    ask: lab =>
      lab.azure.vault('GET', `${vaultUrl(lab)}/deletedkeys/nosuchkey`),
    values: () => ({ key: 'nosuchkey' }),
  },
  {
    name: 'vault.badParameter',
    ask: lab =>
      lab.azure.vault('GET', `${vaultUrl(lab)}/keys`, {
        query: {
          maxresults: '1000',
        },
      }),
  },
  {
    name: 'vaultArm.invalidName',
    ask: lab => newVault(lab, { accessPolicies: [] }, '1-bad--name'),
    values: () => ({ vault: '1-bad--name' }),
  },
  {
    name: 'vaultArm.softDeleteStays',
    ask: ({ azure, names }) =>
      azure.arm('PATCH', names.vaultId('policies'), {
        body: { properties: { enableSoftDelete: false } },
      }),
  },
  {
    name: 'vaultArm.softDeleteRequired',
    ask: lab => newVault(lab, { accessPolicies: [], enableSoftDelete: false }),
  },
  {
    name: 'vaultArm.policiesRequired',
    ask: lab => newVault(lab, { enableRbacAuthorization: false }),
  },
  {
    name: 'vaultArm.retentionStays',
    ask: ({ azure, names }) =>
      azure.arm('PATCH', names.vaultId('policies'), {
        body: { properties: { softDeleteRetentionInDays: 30 } },
      }),
  },
  {
    name: 'vaultArm.deletedNotFound',
    ask: ({ azure, names }) =>
      azure.arm(
        'GET',
        `${names.subscriptionPath}/providers/Microsoft.KeyVault/locations/${names.location}/deletedVaults/${names.nobody}`,
      ),
    values: ({ names }) => ({ vault: names.nobody }),
  },
  {
    name: 'vaultArm.invalid',
    ask: ({ azure, names, caller }) =>
      azure.arm('PUT', `${names.vaultId('policies')}/accessPolicies/nonsense`, {
        body: {
          properties: {
            accessPolicies: [
              {
                tenantId: caller.tenantId,
                objectId: caller.objectId,
                permissions: { keys: [] },
              },
            ],
          },
        },
      }),
  },
];
