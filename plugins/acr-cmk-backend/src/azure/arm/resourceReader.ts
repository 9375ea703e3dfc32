import type { AzureClients } from '../client';
import { subscriptionIdOf } from '../armIds';
import type { AzureAnswer } from '../transport/answer';
import { read } from '../transport/call';
import { withoutDuplicates } from '../transport/pipeline';

/** Kind of ARM resources for which no SDK client is used. */
interface ResourceKind<T> {
  /** Names in messages about failed calls. */
  one: string;
  many: string;
  /** Action that reads them. */
  action: string;
  apiVersion: string;
  /** Path of their list below a subscription. */
  path: string;
  /** Checks the id of one, as it stands in a URL. */
  idOf(text: string): string;
  toFacts(body: any): T;
}

/** Reads resources of one kind over ARM with the read credential. */
export function createResourceReader<T extends { id: string }>(
  clients: AzureClients,
  { one, many, action, apiVersion, path, idOf, toFacts }: ResourceKind<T>,
) {
  const needed = { action, role: 'Reader', credential: 'read' as const };
  return {
    get: (id: string): Promise<AzureAnswer<T>> =>
      read(
        { doing: `read the ${one}`, scope: id, ...needed },
        clients.limits,
        async () => {
          const url = clients.armUrl(idOf(id), apiVersion);
          return toFacts((await clients.send('read', { url })).body);
        },
      ),

    listBySubscription: (subscription: string): Promise<AzureAnswer<T[]>> =>
      read(
        {
          doing: `list the ${many} of a subscription`,
          scope: `/subscriptions/${subscription}`,
          ...needed,
        },
        clients.limits,
        async () => {
          const below = `/subscriptions/${subscriptionIdOf(subscription)}${path}`;
          const found = await clients.list(
            'read',
            clients.armUrl(below, apiVersion),
          );
          return withoutDuplicates(found.map(toFacts), ({ id }) => id);
        },
      ),
  };
}
