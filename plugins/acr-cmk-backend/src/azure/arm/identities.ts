import { identityIdOf, identityIdText } from '../armIds';
import { write } from '../transport/call';
import type { AzureClients } from '../client';
import { tagged } from '../transport/tagged';
import type { IdentitiesPort } from '../ports';
import type { IdentityFacts } from './identityFacts';
import { createResourceReader } from './resourceReader';

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
  return {
    ...createResourceReader(clients, {
      one: 'user-assigned identity',
      many: 'user-assigned identities',
      action: `${RESOURCE}/read`,
      apiVersion: API_VERSION,
      path: `/providers/${RESOURCE}`,
      idOf: text => identityIdText(identityIdOf(text)),
      toFacts: toIdentityFacts,
    }),

    async create(resourceId, location, credential) {
      const { receipt } = await write(
        {
          doing: 'make a user-assigned identity',
          scope: resourceId,
          action: `${RESOURCE}/write`,
          role: 'Managed Identity Contributor',
          credential,
        },
        clients.limits,
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
  };
}
