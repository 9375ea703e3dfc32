import { unsupported } from '../errors';
import { ok } from '../http/answers';
import { needsAction, routesOf } from '../http/route';
import { same } from '../state/ids';
import { displayNamesOf } from '../state/locations';
import type { Call, Route } from '../types';
import { subscriptionOf } from './scopes';

const route = routesOf('arm');

/** Resource type of each provider that clients ask about. */
const PROVIDERS = {
  'Microsoft.ContainerRegistry': 'registries',
  'Microsoft.KeyVault': 'vaults',
  'Microsoft.ManagedIdentity': 'userAssignedIdentities',
  'Microsoft.EventGrid': 'eventSubscriptions',
};

/** Metadata of resource providers. Every subscription is registered for all of them. */
export const providerRoutes: Route[] = [
  route(
    'GET /subscriptions/{subscription}/providers/{namespace}',
    needsAction('Microsoft.Resources/subscriptions/providers/read'),
    call => ok(providerJson(call)),
  ),
];

function providerJson(call: Call) {
  const { subscriptionId } = subscriptionOf(call);
  const found = Object.entries(PROVIDERS).find(([name]) =>
    same(name, call.params.namespace),
  );
  if (!found) {
    throw unsupported.feature(`the provider ${call.params.namespace}`);
  }
  const [namespace, resourceType] = found;
  return {
    id: `/subscriptions/${subscriptionId}/providers/${namespace}`,
    namespace,
    registrationState: 'Registered',
    resourceTypes: [
      { resourceType, locations: displayNamesOf(call.azure.settings.cloud) },
    ],
  };
}
