import { arm } from '../errors';
import { Answer, Call, ok } from '../http';
import { same } from '../ids';
import { locationsOf } from '../locations';
import type { Route } from '../router';
import { subscriptionOf } from './scopes';

const SUBSCRIPTION = '/subscriptions/{subscription}';

interface ResourceType {
  name: string;
  /** Newest first. */
  apiVersions: string[];
  /** Whether the type is deployed to regions; other types have no location. */
  regional: boolean;
  capabilities: string;
}

interface Provider {
  namespace: string;
  types: ResourceType[];
}

const REGISTRY_VERSIONS = [
  '2026-01-01-preview',
  '2025-11-01',
  '2025-06-01-preview',
  '2025-05-01-preview',
  '2025-04-01',
  '2025-03-01-preview',
  '2024-11-01-preview',
  '2023-11-01-preview',
  '2023-08-01-preview',
  '2023-07-01',
  '2023-06-01-preview',
  '2023-01-01-preview',
  '2022-12-01',
  '2022-02-01-preview',
  '2021-12-01-preview',
  '2021-09-01',
  '2021-08-01-preview',
  '2021-06-01-preview',
  '2020-11-01-preview',
  '2019-12-01-preview',
  '2019-05-01',
  '2017-10-01',
];
const VAULT_VERSIONS = [
  '2026-02-01',
  '2025-05-01',
  '2024-11-01',
  '2024-04-01-preview',
  '2023-07-01',
  '2023-02-01',
  '2022-11-01',
  '2022-07-01',
  '2021-10-01',
  '2021-06-01-preview',
  '2019-09-01',
  '2018-02-14',
  '2016-10-01',
  '2015-06-01',
];
const IDENTITY_VERSIONS = [
  '2024-11-30',
  '2023-07-31-preview',
  '2023-01-31',
  '2022-01-31-preview',
  '2021-09-30-preview',
  '2018-11-30',
  '2015-08-31-PREVIEW',
];
const EVENT_VERSIONS = ['2025-02-15', '2022-06-15', '2021-12-01', '2020-06-01'];
const RESOURCE_VERSIONS = [
  '2025-04-01',
  '2024-11-01',
  '2024-07-01',
  '2024-03-01',
  '2023-07-01',
  '2022-09-01',
  '2022-01-01',
  '2021-04-01',
  '2021-01-01',
  '2020-10-01',
  '2019-10-01',
  '2018-05-01',
  '2016-06-01',
  '2015-11-01',
];

const TRACKED =
  'CrossResourceGroupResourceMove, CrossSubscriptionResourceMove, SystemAssignedResourceIdentity, SupportsTags, SupportsLocation';

const regional = (
  name: string,
  apiVersions: string[],
  capabilities = 'None',
): ResourceType => ({ name, apiVersions, regional: true, capabilities });
const global = (name: string, apiVersions: string[]): ResourceType => ({
  name,
  apiVersions,
  regional: false,
  capabilities: 'None',
});

/** The supported resource providers, with the types and api-versions that clients look for. */
const PROVIDERS: Provider[] = [
  {
    namespace: 'Microsoft.ContainerRegistry',
    types: [
      regional('registries', REGISTRY_VERSIONS, TRACKED),
      regional('registries/cacheRules', REGISTRY_VERSIONS),
      regional('registries/connectedRegistries', REGISTRY_VERSIONS),
      regional('registries/credentialSets', REGISTRY_VERSIONS),
      regional('registries/listCredentials', REGISTRY_VERSIONS),
      regional('registries/listUsages', REGISTRY_VERSIONS),
      regional('registries/privateEndpointConnections', REGISTRY_VERSIONS),
      regional('registries/privateLinkResources', REGISTRY_VERSIONS),
      regional('registries/regenerateCredential', REGISTRY_VERSIONS),
      regional(
        'registries/replications',
        REGISTRY_VERSIONS,
        'SupportsTags, SupportsLocation',
      ),
      regional('registries/scopeMaps', REGISTRY_VERSIONS),
      regional('registries/tokens', REGISTRY_VERSIONS),
      regional(
        'registries/webhooks',
        REGISTRY_VERSIONS,
        'SupportsTags, SupportsLocation',
      ),
      global('checkNameAvailability', REGISTRY_VERSIONS),
      global('operations', REGISTRY_VERSIONS),
    ],
  },
  {
    namespace: 'Microsoft.EventGrid',
    types: [
      global('eventSubscriptions', EVENT_VERSIONS),
      regional(
        'systemTopics',
        EVENT_VERSIONS,
        'SystemAssignedResourceIdentity, SupportsTags, SupportsLocation',
      ),
      regional('systemTopics/eventSubscriptions', EVENT_VERSIONS),
      global('operations', EVENT_VERSIONS),
    ],
  },
  {
    namespace: 'Microsoft.KeyVault',
    types: [
      regional('vaults', VAULT_VERSIONS, TRACKED),
      regional('vaults/accessPolicies', VAULT_VERSIONS),
      regional('vaults/keys', VAULT_VERSIONS),
      regional('vaults/keys/versions', VAULT_VERSIONS),
      global('deletedVaults', VAULT_VERSIONS),
      regional('locations/deletedVaults', VAULT_VERSIONS),
      global('checkNameAvailability', VAULT_VERSIONS),
      global('operations', VAULT_VERSIONS),
    ],
  },
  {
    namespace: 'Microsoft.ManagedIdentity',
    types: [
      regional(
        'userAssignedIdentities',
        IDENTITY_VERSIONS,
        'SupportsTags, SupportsLocation',
      ),
      regional(
        'userAssignedIdentities/federatedIdentityCredentials',
        IDENTITY_VERSIONS,
      ),
      global('identities', IDENTITY_VERSIONS),
      global('operations', IDENTITY_VERSIONS),
    ],
  },
  {
    namespace: 'Microsoft.Authorization',
    types: [
      global('roleAssignments', [
        '2022-04-01',
        '2020-10-01-preview',
        '2020-04-01-preview',
        '2018-09-01-preview',
        '2015-07-01',
      ]),
      global('roleDefinitions', [
        '2022-05-01-preview',
        '2022-04-01',
        '2018-01-01-preview',
        '2015-07-01',
      ]),
      global('permissions', ['2022-04-01', '2018-07-01', '2015-07-01']),
      global('locks', ['2020-05-01', '2017-04-01', '2016-09-01']),
      global('operations', ['2022-04-01', '2015-07-01']),
    ],
  },
  {
    namespace: 'Microsoft.Management',
    types: [
      global('managementGroups', [
        '2023-04-01',
        '2021-04-01',
        '2020-10-01',
        '2020-05-01',
      ]),
      global('managementGroups/descendants', [
        '2023-04-01',
        '2021-04-01',
        '2020-10-01',
        '2020-05-01',
      ]),
      global('managementGroups/subscriptions', [
        '2023-04-01',
        '2021-04-01',
        '2020-10-01',
        '2020-05-01',
      ]),
      global('operations', ['2023-04-01', '2021-04-01', '2020-10-01']),
    ],
  },
  {
    namespace: 'Microsoft.ResourceGraph',
    types: [
      global('resources', ['2024-04-01', '2022-10-01', '2021-03-01']),
      global('operations', ['2024-04-01', '2021-03-01']),
    ],
  },
  {
    namespace: 'Microsoft.Resources',
    types: [
      global('locations', RESOURCE_VERSIONS),
      global('operations', RESOURCE_VERSIONS),
      global('providers', RESOURCE_VERSIONS),
      global('resourceGroups', RESOURCE_VERSIONS),
      global('resources', RESOURCE_VERSIONS),
      global('subscriptions', RESOURCE_VERSIONS),
      global('subscriptions/resourceGroups', RESOURCE_VERSIONS),
      global('tags', RESOURCE_VERSIONS),
      global('tenants', RESOURCE_VERSIONS),
    ],
  },
];

const stable = (versions: string[]) =>
  versions.find(version => !/preview/i.test(version)) ?? versions[0];

/** Resource providers of a subscription and of the tenant; all of them are always registered. */
export const providerRoutes: Route[] = [
  route('GET', '/providers', call =>
    ok({ value: PROVIDERS.map(provider => providerJson(call, provider, '')) }),
  ),
  route('GET', '/providers/{namespace}', call =>
    ok(providerJson(call, providerOf(call), '')),
  ),
  route('GET', `${SUBSCRIPTION}/providers`, call => {
    const { id } = subscriptionOf(call);
    return ok({
      value: PROVIDERS.map(provider => providerJson(call, provider, id)),
    });
  }),
  route('GET', `${SUBSCRIPTION}/providers/{namespace}`, inSubscription),
  ...['register', 'unregister'].map((verb): Route => ({
    ...route(
      'POST',
      `${SUBSCRIPTION}/providers/{namespace}/${verb}`,
      inSubscription,
    ),
    needs: {
      kind: 'action',
      action: `Microsoft.Resources/subscriptions/providers/${verb}/action`,
      scope: ({ params }) => `/subscriptions/${params.subscription}`,
    },
  })),
];

function route(method: string, path: string, answer: Route['answer']): Route {
  return { service: 'arm', method, path, needs: { kind: 'token' }, answer };
}

function inSubscription(call: Call): Answer {
  const { id } = subscriptionOf(call);
  return ok(providerJson(call, providerOf(call), id));
}

function providerOf({ params }: Call): Provider {
  const found = PROVIDERS.find(({ namespace }) =>
    same(namespace, params.namespace),
  );
  if (!found) {
    throw arm.invalidNamespace(params.namespace);
  }
  return found;
}

function providerJson(
  { azure }: Call,
  { namespace, types }: Provider,
  scope: string,
) {
  const regions = locationsOf(azure.settings.cloud).map(
    ({ displayName }) => displayName,
  );
  return {
    id: `${scope}/providers/${namespace}`,
    namespace,
    resourceTypes: types.map(
      ({ name, apiVersions, regional: local, capabilities }) => ({
        resourceType: name,
        locations: local ? regions : [],
        apiVersions,
        defaultApiVersion: stable(apiVersions),
        capabilities,
      }),
    ),
    registrationState: 'Registered',
    registrationPolicy: 'RegistrationRequired',
  };
}
