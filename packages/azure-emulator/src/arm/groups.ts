import { arm } from '../errors';
import { removeRegistry } from '../registry/registryChange';
import { covers, groupId } from '../state/ids';
import { locationsOf, normalizeLocation } from '../state/locations';
import { Group } from '../state/model';
import { removeVault } from '../vault/vaults';
import { removeGenericResources } from './genericResources';
import { removeIdentity } from './identities';
import { groupOf, subscriptionOf } from './scopes';
import type { Answer, Azure, Call, Route } from '../types';
import { ARM_PAGE_SIZE } from '../assumptions';
import { ok, page } from '../http/answers';
import { requiredString, stringMap } from '../http/body';
import { needsAction, routesOf } from '../http/route';

const route = routesOf('arm');

const GROUP = '/subscriptions/{subscription}/resourceGroups/{group}';
const ACTION = 'Microsoft.Resources/subscriptions/resourceGroups';

/** Resource groups. */
export const groupRoutes: Route[] = [
  route(
    'GET /subscriptions/{subscription}/resourceGroups',
    needsAction(`${ACTION}/read`),
    list,
  ),
  route(`GET ${GROUP}`, needsAction(`${ACTION}/read`), call =>
    ok(groupJson(groupOf(call))),
  ),
  route(`PUT ${GROUP}`, needsAction(`${ACTION}/write`), put),
  route(`DELETE ${GROUP}`, needsAction(`${ACTION}/delete`), call => {
    removeGroup(call.azure, groupOf(call));
    return { status: 202 };
  }),
];

function list(call: Call): Answer {
  const { subscriptionId } = subscriptionOf(call);
  const { rows, nextLink } = page(
    call.request,
    call.azure.store
      .all('groups')
      .filter(group => group.subscriptionId === subscriptionId),
    { size: ARM_PAGE_SIZE, tokenName: '$skiptoken' },
  );
  return ok({ value: rows.map(groupJson), ...(nextLink && { nextLink }) });
}

function groupJson(group: Group) {
  return {
    id: group.id,
    name: group.name,
    type: 'Microsoft.Resources/resourceGroups',
    location: group.location,
    // A group that never had tags has no such property.
    ...(group.tags && { tags: group.tags }),
    properties: { provisioningState: 'Succeeded' },
  };
}

function readGroupLocation({ azure }: Call, value: string): string {
  const name = normalizeLocation(value);
  const locations = locationsOf(azure.settings.cloud);
  if (!locations.includes(name)) {
    throw arm.groupLocationNotAvailable(value, locations);
  }
  return name;
}

function put(call: Call): Answer {
  const { azure, params, request } = call;
  const { body } = request;
  const { subscriptionId } = subscriptionOf(call);
  const id = groupId(subscriptionId, params.group);
  const before = azure.store.get('groups', id);
  const location = requiredString(body.location, 'location');
  if (before && normalizeLocation(location) !== before.location) {
    throw arm.invalidGroupLocation(before.location, location);
  }
  const tags = stringMap(body.tags, 'tags');
  const group: Group = {
    id: before?.id ?? id,
    subscriptionId,
    name: before?.name ?? params.group,
    location: before?.location ?? readGroupLocation(call, location),
    ...(tags && { tags }),
  };
  azure.store.put('groups', group);
  return { status: before ? 200 : 201, body: groupJson(group) };
}

/** Removes the group with everything in it. In Azure that takes minutes. */
function removeGroup(azure: Azure, group: Group) {
  const { store } = azure;
  const isInside = ({ id }: { id: string }) => covers(group.id, id);
  store
    .all('registries')
    .filter(isInside)
    .forEach(doc => removeRegistry(azure, doc));
  store
    .all('identities')
    .filter(isInside)
    .forEach(doc => removeIdentity(azure, doc));
  store
    .all('vaults')
    .filter(isInside)
    .forEach(doc => removeVault(azure, doc));
  removeGenericResources(azure, group.id);
  store
    .all('roleAssignments')
    .filter(({ scope }) => covers(group.id, scope))
    .forEach(({ id }) => store.remove('roleAssignments', id));
  store.remove('groups', group.id);
}
