// One identity for each job, and the portal on AKS as its user.
param location string
param namePrefix string
param jobs string[]
param aksOidcIssuer string
param aksNamespace string
param aksServiceAccount string

resource identities 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = [
  for job in jobs: {
    name: '${namePrefix}-${job}'
    location: location
  }
]

resource federated 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials@2023-01-31' = [
  for (job, index) in jobs: if (!empty(aksOidcIssuer)) {
    parent: identities[index]
    name: 'aks-${aksNamespace}-${aksServiceAccount}'
    properties: {
      issuer: aksOidcIssuer
      subject: 'system:serviceaccount:${aksNamespace}:${aksServiceAccount}'
      audiences: ['api://AzureADTokenExchange']
    }
  }
]

output identities array = [
  for (job, index) in jobs: {
    job: job
    clientId: identities[index].properties.clientId
    principalId: identities[index].properties.principalId
  }
]
