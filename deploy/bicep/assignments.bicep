// Roles of the identities in one resource group.
param assignments { roleDefinitionId: string, principalId: string, condition: string }[]

resource roleAssignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for each in assignments: {
    name: guid(resourceGroup().id, each.roleDefinitionId, each.principalId)
    properties: {
      roleDefinitionId: each.roleDefinitionId
      principalId: each.principalId
      // Without it, Azure looks for the identity before it is known everywhere, and refuses.
      principalType: 'ServicePrincipal'
      condition: empty(each.condition) ? null : each.condition
      conditionVersion: empty(each.condition) ? null : '2.0'
    }
  }
]
