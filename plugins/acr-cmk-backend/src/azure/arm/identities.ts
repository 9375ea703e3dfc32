import { identityIdOf, identityIdText, subscriptionIdOf } from '../armIds';
import { read, write } from '../transport/call';
import type { AzureClients } from '../client';
import { withoutDuplicates } from '../transport/pipeline';
import { tagged } from '../transport/tagged';
import type { IdentitiesPort } from '../ports';
import type { IdentityFacts } from './identityFacts';

const RESOURCE = 'Microsoft.ManagedIdentity/userAssignedIdentities';
const API_VERSION = '2023-01-31';

/** An identity of ARM as facts. */
export function toIdentityFacts(identity: any): IdentityFacts {
  const { tenantId, clientId, principalId } = identity?.properties ?? {};
  if (!identity?.id || !clientId || !principalId) {
    throw new Error('The answer is not an identity');
  }
  return {
    id: identityIdText(identityIdOf(identity.id)),
    name: identity.name ?? '',
    location: identity.location ?? '',
    tenantId: tenantId ?? '',
    clientId,
    principalId,
    ...tagged(identity.tags),
  };
}

export function createIdentities(clients: AzureClients): IdentitiesPort {
  const { limits } = clients;
  return {
    async create(resourceId, location, credential) {
      const { receipt } = await write(
        {
          doing: 'make a user-assigned identity',
          scope: resourceId,
          action: `${RESOURCE}/write`,
          role: 'Managed Identity Contributor',
          credential,
        },
        limits,
        async () => {
          const id = identityIdText(identityIdOf(resourceId));
          await clients.send(credential, {
            method: 'PUT',
            url: clients.armUrl(id, API_VERSION),
            body: { location },
          });
        },
      );
      return receipt;
    },

    get(resourceId) {
      return read(
        {
          doing: 'read the user-assigned identity',
          scope: resourceId,
          action: `${RESOURCE}/read`,
          role: 'Reader',
          credential: 'read',
        },
        limits,
        async () => {
          const id = identityIdText(identityIdOf(resourceId));
          const { body } = await clients.send('read', {
            url: clients.armUrl(id, API_VERSION),
          });
          return toIdentityFacts(body);
        },
      );
    },

    listBySubscription(subscription) {
      return read(
        {
          doing: 'list the user-assigned identities of a subscription',
          scope: `/subscriptions/${subscription}`,
          action: `${RESOURCE}/read`,
          role: 'Reader',
          credential: 'read',
        },
        limits,
        async () => {
          const path = `/subscriptions/${subscriptionIdOf(
            subscription,
          )}/providers/${RESOURCE}`;
          const found = await clients.list(
            'read',
            clients.armUrl(path, API_VERSION),
          );
          return withoutDuplicates(
            found.map(toIdentityFacts),
            identity => identity.id,
          );
        },
      );
    },
  };
}
