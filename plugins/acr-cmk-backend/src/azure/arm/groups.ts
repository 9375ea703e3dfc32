import { scopeOf, subscriptionIdOf } from '../armIds';
import type { AzureClients } from '../client';
import type { GroupFacts, GroupsPort } from '../ports';
import { tagged } from '../transport/tagged';
import { read } from '../transport/call';
import { withoutDuplicates } from '../transport/pipeline';

const ACTION = 'Microsoft.Resources/subscriptions/resourceGroups/read';
const API_VERSION = '2021-04-01';

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

export function createGroups(clients: AzureClients): GroupsPort {
  const { limits } = clients;
  return {
    get(groupId) {
      return read(
        {
          doing: 'read the resource group',
          scope: groupId,
          action: ACTION,
          role: 'Reader',
          credential: 'read',
        },
        limits,
        async () => {
          const { body } = await clients.send('read', {
            url: clients.armUrl(scopeOf(groupId), API_VERSION),
          });
          return toGroupFacts(body);
        },
      );
    },

    listBySubscription(subscription) {
      return read(
        {
          doing: 'list the resource groups of a subscription',
          scope: `/subscriptions/${subscription}`,
          action: ACTION,
          role: 'Reader',
          credential: 'read',
        },
        limits,
        async () => {
          const found = await clients.list(
            'read',
            clients.armUrl(
              `/subscriptions/${subscriptionIdOf(subscription)}/resourceGroups`,
              API_VERSION,
            ),
          );
          return withoutDuplicates(found.map(toGroupFacts), ({ id }) => id);
        },
      );
    },
  };
}
