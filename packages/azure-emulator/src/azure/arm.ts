import type { Azure } from '../azure';
import { arm, unsupported } from '../errors';
import {
  Answer,
  Call,
  noContent,
  ok,
  page,
  requiredString,
  stringMap,
} from '../http';
import { groupId, same, TYPES } from '../ids';
import { Group, Resource, Subscription } from '../model';
import type { Route } from '../router';
import { groupOf, subscriptionOf, visibleSubscriptions } from './scopes';
import { ARM_PAGE_SIZE } from '../assumptions';
import { PROVIDERS } from './providers';
import { deleteRegistry } from './registries';
import { deleteVault } from './vaults';
import { removeIdentity } from './identities';

const SUBSCRIPTION = '/subscriptions/{subscription}';
const GROUPS = `${SUBSCRIPTION}/resourceGroups`;
const GROUP = `${GROUPS}/{group}`;
const GROUP_ACTION = 'Microsoft.Resources/subscriptions/resourceGroups';

/** Tenants, subscriptions, resource groups and resource lists. */
export const armRoutes: Route[] = [
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
    answer: listSubscriptions,
  },
  {
    service: 'arm',
    method: 'GET',
    path: SUBSCRIPTION,
    needs: {
      kind: 'action',
      action: 'Microsoft.Resources/subscriptions/read',
    },
    answer: call => ok(subscriptionJson(call.azure, subscriptionOf(call))),
  },
  {
    service: 'arm',
    method: 'GET',
    path: `${SUBSCRIPTION}/providers`,
    needs: { kind: 'token' },
    answer: call => {
      subscriptionOf(call);
      return ok({ value: PROVIDERS.map(p => providerJson(call, p)) });
    },
  },
  {
    service: 'arm',
    method: 'GET',
    path: `${SUBSCRIPTION}/providers/{namespace}`,
    needs: { kind: 'token' },
    answer: call => {
      const found = PROVIDERS.find(({ namespace }) =>
        same(namespace, call.params.namespace),
      );
      if (!found) {
        throw arm.notFound(
          `The resource namespace '${call.params.namespace}' is invalid.`,
        );
      }
      return ok(providerJson(call, found));
    },
  },
  {
    service: 'arm',
    method: 'POST',
    path: `${SUBSCRIPTION}/providers/{namespace}/register`,
    needs: {
      kind: 'action',
      action: 'Microsoft.Resources/subscriptions/providers/register/action',
      scope: ({ params }) => `/subscriptions/${params.subscription}`,
    },
    answer: call =>
      ok(providerJson(call, { namespace: call.params.namespace, types: [] })),
  },
  {
    service: 'arm',
    method: 'GET',
    path: `${SUBSCRIPTION}/resources`,
    needs: {
      kind: 'action',
      action: 'Microsoft.Resources/subscriptions/resources/read',
      scope: ({ params }) => `/subscriptions/${params.subscription}`,
    },
    answer: listResources,
  },
  {
    service: 'arm',
    method: 'GET',
    path: GROUPS,
    needs: { kind: 'action', action: `${GROUP_ACTION}/read` },
    answer: listGroups,
  },
  {
    service: 'arm',
    method: 'GET',
    path: GROUP,
    needs: { kind: 'action', action: `${GROUP_ACTION}/read` },
    answer: call => ok(groupJson(groupOf(call))),
  },
  {
    service: 'arm',
    method: 'HEAD',
    path: GROUP,
    needs: { kind: 'action', action: `${GROUP_ACTION}/read` },
    answer: call => {
      groupOf(call);
      return noContent();
    },
  },
  {
    service: 'arm',
    method: 'PUT',
    path: GROUP,
    needs: { kind: 'action', action: `${GROUP_ACTION}/write` },
    answer: putGroup,
  },
  {
    service: 'arm',
    method: 'DELETE',
    path: GROUP,
    needs: { kind: 'action', action: `${GROUP_ACTION}/delete` },
    answer: deleteGroup,
  },
];

function subscriptionJson({ settings }: Azure, found: Subscription) {
  return {
    id: found.id,
    authorizationSource: 'RoleBased',
    managedByTenants: [],
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

function listSubscriptions(call: Call): Answer {
  const value = visibleSubscriptions(call);
  return ok({
    value: value.map(found => subscriptionJson(call.azure, found)),
    count: { type: 'Total', value: value.length },
  });
}

function providerJson(
  { params }: Call,
  { namespace, types }: { namespace: string; types: string[] },
) {
  return {
    id: `/subscriptions/${params.subscription}/providers/${namespace}`,
    namespace,
    registrationState: 'Registered',
    registrationPolicy: 'RegistrationRequired',
    resourceTypes: types.map(resourceType => ({
      resourceType,
      locations: ['West Europe'],
      apiVersions: [],
      capabilities: 'None',
    })),
  };
}

function groupJson(group: Group) {
  return {
    id: group.id,
    name: group.name,
    type: 'Microsoft.Resources/resourceGroups',
    location: group.location,
    tags: group.tags,
    properties: { provisioningState: 'Succeeded' },
  };
}

function listGroups(call: Call): Answer {
  const { subscriptionId } = subscriptionOf(call);
  const groups = call.azure.store
    .all('groups')
    .filter(group => same(group.subscriptionId, subscriptionId));
  return ok({ value: groups.map(groupJson) });
}

function putGroup(call: Call): Answer {
  const { azure, params, request } = call;
  const { subscriptionId } = subscriptionOf(call);
  const id = groupId(subscriptionId, params.group);
  const before = azure.store.get('groups', id);
  const group: Group = {
    id: before?.id ?? id,
    subscriptionId,
    name: before?.name ?? params.group,
    location:
      before?.location ?? requiredString(request.body.location, 'location'),
    tags: stringMap(request.body.tags, 'tags') ?? {},
  };
  azure.store.put('groups', group);
  return { status: before ? 200 : 201, body: groupJson(group) };
}

/** Deletes everything in the group; vaults are soft-deleted. */
function deleteGroup(call: Call): Answer {
  const { azure } = call;
  const group = groupOf(call);
  const inGroup = (resource: Resource) =>
    same(groupId(resource.subscriptionId, resource.group), group.id);
  azure.store
    .all('registries')
    .filter(inGroup)
    .forEach(doc => deleteRegistry(azure, doc));
  azure.store
    .all('identities')
    .filter(inGroup)
    .forEach(doc => removeIdentity(azure, doc));
  azure.store
    .all('vaults')
    .filter(vault => inGroup(vault) && !vault.deleted)
    .forEach(doc => deleteVault(azure, doc));
  azure.store.remove('groups', group.id);
  return { status: 200 };
}

/** All resources, with their types. */
export function allResources(azure: Azure): { type: string; doc: Resource }[] {
  return [
    ...azure.store
      .all('registries')
      .map(doc => ({ type: TYPES.registry as string, doc })),
    ...azure.store
      .all('vaults')
      .filter(({ deleted }) => !deleted)
      .map(doc => ({ type: TYPES.vault as string, doc })),
    ...azure.store
      .all('identities')
      .map(doc => ({ type: TYPES.identity as string, doc })),
  ];
}

function listResources(call: Call): Answer {
  const { azure, request } = call;
  const { subscriptionId } = subscriptionOf(call);
  const matches = resourceFilter(request.query.get('$filter') ?? '');
  const rows = allResources(azure)
    .filter(({ doc }) => same(doc.subscriptionId, subscriptionId))
    .filter(({ type, doc }) => matches({ type, doc }))
    .map(({ type, doc }) => ({
      id: doc.id,
      name: doc.name,
      type,
      location: doc.location,
      tags: doc.tags,
    }));
  const { rows: shown, nextLink } = page(request, rows, {
    size: ARM_PAGE_SIZE,
    tokenName: '$skiptoken',
  });
  return ok({ value: shown, ...(nextLink && { nextLink }) });
}

const CLAUSE =
  /^\s*(resourceType|name|resourceGroup|location)\s+eq\s+'([^']*)'\s*$/i;

function resourceFilter(
  filter: string,
): (row: { type: string; doc: Resource }) => boolean {
  const clauses = filter ? filter.split(/\s+and\s+/i) : [];
  const tests = clauses.map(clause => {
    const [, field, value] = CLAUSE.exec(clause) ?? [];
    if (!field) {
      throw unsupported.feature(`the filter '${clause}'`, 'azure/arm.ts');
    }
    return { field: field.toLowerCase(), value };
  });
  return ({ type, doc }) =>
    tests.every(({ field, value }) => {
      const actual: Record<string, string> = {
        resourcetype: type,
        name: doc.name,
        resourcegroup: doc.group,
        location: doc.location,
      };
      return same(actual[field], value);
    });
}
