import { scopeOf } from '../armIds';
import type { AzureClients } from '../client';
import type { GroupFacts, GroupsPort } from '../ports';
import { tagged } from '../transport/tagged';
import { createResourceReader } from './resourceReader';

/** A resource group of ARM as facts. */
function toGroupFacts(group: any): GroupFacts {
  if (!group?.id || !group.name) {
    throw new Error('The answer is not a resource group');
  }
  return {
    id: group.id,
    name: group.name,
    location: group.location ?? '',
    ...tagged(group.tags),
  };
}

export const createGroups = (clients: AzureClients): GroupsPort =>
  createResourceReader(clients, {
    one: 'resource group',
    many: 'resource groups',
    action: 'Microsoft.Resources/subscriptions/resourceGroups/read',
    apiVersion: '2021-04-01',
    path: '/resourceGroups',
    idOf: scopeOf,
    toFacts: toGroupFacts,
  });
