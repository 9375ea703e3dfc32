import type { Azure } from '../azure';
import { Call, ok } from '../http';
import { locationsOf } from '../locations';
import { Subscription } from '../model';
import type { Route } from '../router';
import { cloudMetadata } from './cloudMetadata';
import { subscriptionOf, visibleSubscriptions } from './scopes';

const SUBSCRIPTION = '/subscriptions/{subscription}';
const ACTION = 'Microsoft.Resources/subscriptions';

/** Cloud metadata, tenants, subscriptions and locations. */
export const armRoutes: Route[] = [
  {
    service: 'arm',
    method: 'GET',
    path: '/metadata/endpoints',
    needs: { kind: 'nothing' },
    answer: () => ({ ...ok(cloudMetadata()), verbatim: true }),
  },
  {
    service: 'arm',
    method: 'GET',
    path: '/tenants',
    needs: { kind: 'token' },
    answer: ({ azure }) => {
      const { tenantId } = azure.settings;
      return ok({
        value: [
          {
            id: `/tenants/${tenantId}`,
            tenantId,
            countryCode: 'NL',
            displayName: 'Contoso',
            domains: ['contoso.onmicrosoft.com'],
            defaultDomain: 'contoso.onmicrosoft.com',
            tenantType: 'AAD',
            tenantCategory: 'Home',
          },
        ],
      });
    },
  },
  {
    service: 'arm',
    method: 'GET',
    path: '/subscriptions',
    needs: { kind: 'token' },
    answer: call => {
      const value = visibleSubscriptions(call);
      return ok({
        value: value.map(found => subscriptionJson(call.azure, found)),
        count: { type: 'Total', value: value.length },
      });
    },
  },
  {
    service: 'arm',
    method: 'GET',
    path: SUBSCRIPTION,
    needs: { kind: 'action', action: `${ACTION}/read` },
    answer: call => ok(subscriptionJson(call.azure, subscriptionOf(call))),
  },
  {
    service: 'arm',
    method: 'GET',
    path: `${SUBSCRIPTION}/locations`,
    needs: {
      kind: 'action',
      action: `${ACTION}/locations/read`,
      scope: ({ params }) => `/subscriptions/${params.subscription}`,
    },
    answer: locations,
  },
];

function subscriptionJson({ settings }: Azure, found: Subscription) {
  return {
    id: found.id,
    authorizationSource: 'RoleBased',
    managedByTenants: [],
    ...(found.tags && { tags: found.tags }),
    subscriptionId: found.subscriptionId,
    tenantId: settings.tenantId,
    displayName: found.displayName,
    state: 'Enabled',
    subscriptionPolicies: {
      locationPlacementId: 'Public_2014-09-01',
      quotaId: 'EnterpriseAgreement_2014-09-01',
      spendingLimit: 'Off',
    },
  };
}

function locations(call: Call) {
  const { id } = subscriptionOf(call);
  return ok({
    value: locationsOf(call.azure.settings.cloud).map(
      ({ name, displayName, group }) => ({
        id: `${id}/locations/${name}`,
        name,
        type: 'Region',
        displayName,
        regionalDisplayName: `(${group}) ${displayName}`,
        metadata: {
          regionType: 'Physical',
          regionCategory: 'Recommended',
          geographyGroup: group,
        },
      }),
    ),
  });
}
