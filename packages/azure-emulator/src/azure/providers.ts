/** The supported resource providers and their types. */
export const PROVIDERS = [
  {
    namespace: 'Microsoft.ContainerRegistry',
    types: ['registries', 'registries/replications', 'operations'],
  },
  {
    namespace: 'Microsoft.KeyVault',
    types: ['vaults', 'vaults/keys', 'vaults/accessPolicies', 'deletedVaults'],
  },
  {
    namespace: 'Microsoft.ManagedIdentity',
    types: ['userAssignedIdentities'],
  },
  {
    namespace: 'Microsoft.Authorization',
    types: ['roleAssignments', 'roleDefinitions', 'permissions', 'locks'],
  },
  { namespace: 'Microsoft.ResourceGraph', types: ['resources'] },
  {
    namespace: 'Microsoft.Resources',
    types: ['subscriptions', 'resourceGroups', 'tenants'],
  },
];
