// Events of one vault, to the portal. They only cause another reading, so a lost event does no harm.
param vaultName string

// Without them the deployment ends before anything is made.
@minLength(1)
param endpoint string

@minLength(1)
param applicationId string

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' existing = {
  name: vaultName
}

resource toPortal 'Microsoft.EventGrid/eventSubscriptions@2022-06-15' = {
  name: 'acr-cmk'
  scope: vault
  properties: {
    destination: {
      endpointType: 'WebHook'
      properties: {
        endpointUrl: endpoint
        azureActiveDirectoryTenantId: tenant().tenantId
        azureActiveDirectoryApplicationIdOrUri: applicationId
      }
    }
    filter: {
      includedEventTypes: [
        'Microsoft.KeyVault.KeyNewVersionCreated'
        'Microsoft.KeyVault.KeyNearExpiry'
        'Microsoft.KeyVault.KeyExpired'
        'Microsoft.KeyVault.VaultAccessPolicyChanged'
      ]
    }
  }
}
