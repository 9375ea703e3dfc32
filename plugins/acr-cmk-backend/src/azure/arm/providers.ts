import type { AzureClients } from '../client';
import { subscriptionIdOf } from '../armIds';
import type { CredentialName } from '../ports';
import type { AzureAnswer } from '../transport/answer';
import { read } from '../transport/call';

const PROVIDERS_API_VERSION = '2021-04-01';

/** Azure's own role with the right to read resource providers. */
const READER = 'Reader';

/** Reads the metadata of a resource provider in a subscription, with the state of its registration there. */
export function readProvider<T>(
  clients: AzureClients,
  provider: {
    doing: string;
    subscription: string;
    namespace: string;
    parse(body: any): T;
  },
  credential: CredentialName,
): Promise<AzureAnswer<T>> {
  const { doing, subscription, namespace, parse } = provider;
  return read(
    {
      doing,
      scope: `/subscriptions/${subscription}`,
      action: 'Microsoft.Resources/subscriptions/providers/read',
      role: READER,
      credential,
    },
    clients.limits,
    async () => {
      const { body } = await clients.send(credential, {
        url: clients.armUrl(
          `/subscriptions/${subscriptionIdOf(subscription)}/providers/${namespace}`,
          PROVIDERS_API_VERSION,
        ),
      });
      return parse(body);
    },
  );
}
