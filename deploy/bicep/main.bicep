// The identities of acr-cmk, their roles, and what they may reach. See README.md in this folder.
targetScope = 'subscription'

@description('Resource group for the identities. It has to exist.')
param identityResourceGroup string

@description('Region of the identities.')
param location string = deployment().location

@description('Names of the identities begin with this.')
@minLength(3)
@maxLength(20)
param namePrefix string = 'id-acr-cmk'

@description('Jobs to make an identity for. A job that is left out cannot be done by the portal.')
@allowed(['read', 'rotate', 'revoke', 'provision'])
param jobs string[] = ['read', 'rotate']

@description('Size of the role of revoke: docs/permissions.md says what the smaller ones cannot do.')
@allowed(['everything', 'keys', 'grants'])
param revokerSize string = 'everything'

@description('Whether read also sees resources of other Azure services that may use a key: docs/permissions.md has the role.')
param readKeyConsumers bool = false

@description('Resource groups with the registries and vaults, as in acrCmk.scopes. All in this subscription.')
@minLength(1)
param resourceGroups string[]

@description('Ids of further subscriptions in which the roles may be assigned. README.md has the commands that do it.')
param otherSubscriptions string[] = []

@description('OIDC issuer of the AKS cluster on which the portal runs. Empty: no federated credentials are made.')
param aksOidcIssuer string = ''

@description('Namespace of the portal in the cluster.')
param aksNamespace string = 'backstage'

@description('Service account of the portal in the cluster.')
param aksServiceAccount string = 'backstage'

@description('Vaults whose events are sent to the portal. Empty: the portal looks by itself, at intervals.')
param eventVaults { resourceGroup: string, name: string }[] = []

@description('Address that takes the events: https://HOST/api/acr-cmk/v1/azure-events')
param eventEndpoint string = ''

@description('Application id, in Entra, that the delivery of the events has a token for.')
param eventApplicationId string = ''

var assignableScopes = concat([subscription().id], map(otherSubscriptions, id => '/subscriptions/${id}'))

var revokers = {
  everything: loadJsonContent('../../docs/roles/registry-key-revoker.json')
  keys: loadJsonContent('../../docs/roles/registry-key-revoker-keys.json')
  grants: loadJsonContent('../../docs/roles/registry-key-revoker-grants.json')
}

// The files that the tests of the plugin run with.
var roles = {
  read: loadJsonContent('../../docs/roles/registry-key-reader.json')
  rotate: loadJsonContent('../../docs/roles/registry-key-rotator.json')
  revoke: revokers[revokerSize]
  provision: loadJsonContent('../../docs/roles/registry-key-provisioner.json')
}

// Roles at the subscription itself, beside those of the jobs.
var extraRoles = filter(
  [
    { job: 'provision', wanted: true, role: loadJsonContent('../../docs/roles/registry-name-checker.json') }
    { job: 'read', wanted: readKeyConsumers, role: loadJsonContent('../../docs/roles/key-consumer-reader.json') }
  ],
  each => each.wanted && contains(jobs, each.job)
)

// Without it, who may assign roles may assign every role to everybody.
var conditions = {
  rotate: ''
  revoke: revokerSize == 'keys' ? '' : trim(loadTextContent('../../docs/roles/registry-key-revoker.condition.txt'))
  provision: ''
}

resource roleDefinitions 'Microsoft.Authorization/roleDefinitions@2022-04-01' = [
  for job in jobs: {
    name: guid(subscription().id, roles[job].Name)
    properties: {
      roleName: roles[job].Name
      description: roles[job].Description
      type: 'CustomRole'
      permissions: [
        {
          actions: roles[job].Actions
          notActions: roles[job].NotActions
          dataActions: roles[job].DataActions
          notDataActions: roles[job].NotDataActions
        }
      ]
      assignableScopes: assignableScopes
    }
  }
]

resource extraRoleDefinitions 'Microsoft.Authorization/roleDefinitions@2022-04-01' = [
  for each in extraRoles: {
    name: guid(subscription().id, each.role.Name)
    properties: {
      roleName: each.role.Name
      description: each.role.Description
      type: 'CustomRole'
      permissions: [
        {
          actions: each.role.Actions
          notActions: each.role.NotActions
          dataActions: each.role.DataActions
          notDataActions: each.role.NotDataActions
        }
      ]
      assignableScopes: assignableScopes
    }
  }
]

module identities 'identities.bicep' = {
  name: '${namePrefix}-identities'
  scope: resourceGroup(identityResourceGroup)
  params: {
    location: location
    namePrefix: namePrefix
    jobs: jobs
    aksOidcIssuer: aksOidcIssuer
    aksNamespace: aksNamespace
    aksServiceAccount: aksServiceAccount
  }
}

module assignments 'assignments.bicep' = [
  for group in resourceGroups: {
    name: '${namePrefix}-roles-${uniqueString(group)}'
    scope: resourceGroup(group)
    params: {
      assignments: [
        for job in filter(jobs, each => each != 'read'): {
          roleDefinitionId: subscriptionResourceId(
            'Microsoft.Authorization/roleDefinitions',
            guid(subscription().id, roles[job].Name)
          )
          principalId: identities.outputs.identities[indexOf(jobs, job)].principalId
          condition: conditions[job]
        }
      ]
    }
    dependsOn: [roleDefinitions]
  }
]

// Registries are listed in the whole subscription, to know who else uses a key.
resource readAssignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (job, index) in jobs: if (job == 'read') {
    name: guid(subscription().id, roles.read.Name, identityResourceGroup, namePrefix)
    properties: {
      roleDefinitionId: subscriptionResourceId(
        'Microsoft.Authorization/roleDefinitions',
        guid(subscription().id, roles.read.Name)
      )
      principalId: identities.outputs.identities[index].principalId
      principalType: 'ServicePrincipal'
    }
    dependsOn: [roleDefinitions]
  }
]

resource extraAssignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for each in extraRoles: {
    name: guid(subscription().id, each.role.Name, identityResourceGroup, namePrefix)
    properties: {
      roleDefinitionId: subscriptionResourceId(
        'Microsoft.Authorization/roleDefinitions',
        guid(subscription().id, each.role.Name)
      )
      principalId: identities.outputs.identities[indexOf(jobs, each.job)].principalId
      principalType: 'ServicePrincipal'
    }
    dependsOn: [extraRoleDefinitions]
  }
]

module events 'events.bicep' = [
  for vault in eventVaults: {
    name: '${namePrefix}-events-${uniqueString(vault.resourceGroup, vault.name)}'
    scope: resourceGroup(vault.resourceGroup)
    params: {
      vaultName: vault.name
      endpoint: eventEndpoint
      applicationId: eventApplicationId
    }
  }
]

@description('For acrCmk.azure.credentials: the client id of each job.')
output credentials array = identities.outputs.identities
