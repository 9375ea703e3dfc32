import type { Azure } from '../azure';
import { arm } from '../errors';
import {
  Answer,
  Call,
  noContent,
  ok,
  optionalString,
  origin,
  page,
  requiredString,
  stringMap,
} from '../http';
import { covers, groupId, newGuid, same } from '../ids';
import { locationsOf, normalizeLocation } from '../locations';
import { Group, Resource } from '../model';
import type { Route } from '../router';
import { removeLocksBelow } from '../rules/locks';
import { ARM_PAGE_SIZE } from '../assumptions';
import { removeIdentity } from './identities';
import { deleteRegistry } from './registries';
import { retryAfter } from './retryAfter';
import { groupOf, subscriptionOf } from './scopes';
import { deleteVault } from './vaults';

const SUBSCRIPTION = '/subscriptions/{subscription}';
const GROUPS = `${SUBSCRIPTION}/resourceGroups`;
const GROUP = `${GROUPS}/{group}`;
const ACTION = 'Microsoft.Resources/subscriptions/resourceGroups';

/** Resource groups, and the operation that deletes one. */
export const groupRoutes: Route[] = [
  {
    service: 'arm',
    method: 'GET',
    path: GROUPS,
    needs: { kind: 'action', action: `${ACTION}/read` },
    answer: list,
  },
  {
    service: 'arm',
    method: 'GET',
    path: GROUP,
    needs: { kind: 'action', action: `${ACTION}/read` },
    answer: call => ok(groupJson(groupOf(call))),
  },
  {
    service: 'arm',
    method: 'HEAD',
    path: GROUP,
    needs: { kind: 'action', action: `${ACTION}/read` },
    answer: call => {
      groupOf(call);
      return noContent();
    },
  },
  {
    service: 'arm',
    method: 'PUT',
    path: GROUP,
    needs: { kind: 'action', action: `${ACTION}/write` },
    answer: put,
  },
  {
    service: 'arm',
    method: 'PATCH',
    path: GROUP,
    needs: { kind: 'action', action: `${ACTION}/write` },
    answer: patch,
  },
  {
    service: 'arm',
    method: 'DELETE',
    path: GROUP,
    needs: { kind: 'action', action: `${ACTION}/delete` },
    answer: startDeletion,
  },
  {
    service: 'arm',
    method: 'GET',
    path: `${SUBSCRIPTION}/operationresults/{token}`,
    // As in Azure, whoever has the address may follow the operation.
    needs: { kind: 'token' },
    answer: operationResult,
  },
];

export function groupJson(group: Group) {
  return {
    id: group.id,
    name: group.name,
    type: 'Microsoft.Resources/resourceGroups',
    location: group.location,
    tags: group.tags,
    ...(group.managedBy && { managedBy: group.managedBy }),
    properties: {
      provisioningState: group.deletion ? 'Deleting' : 'Succeeded',
    },
  };
}

const TAG_FILTER =
  /^tagName\s+eq\s+'([^']*)'(?:\s+and\s+tagValue\s+eq\s+'([^']*)')?$/i;

function list(call: Call): Answer {
  const { subscriptionId } = subscriptionOf(call);
  const filter = call.request.query.get('$filter')?.trim() ?? '';
  const match = TAG_FILTER.exec(filter);
  if (filter && !match) {
    throw arm.invalidFilter(filter);
  }
  const [, name, value] = match ?? [];
  const top = Number(call.request.query.get('$top'));
  const groups = call.azure.store
    .all('groups')
    .filter(group => same(group.subscriptionId, subscriptionId))
    .filter(
      ({ tags }) =>
        name === undefined ||
        Object.entries(tags).some(
          ([tag, content]) =>
            same(tag, name) && (value === undefined || content === value),
        ),
    );
  const { rows, nextLink } = page(call.request, groups, {
    size: top > 0 ? Math.min(top, ARM_PAGE_SIZE) : ARM_PAGE_SIZE,
    tokenName: '$skiptoken',
  });
  return ok({ value: rows.map(groupJson), ...(nextLink && { nextLink }) });
}

function readGroupLocation({ azure }: Call, value: string): string {
  const locations = locationsOf(azure.settings.cloud);
  const name = normalizeLocation(value);
  if (!locations.some(location => location.name === name)) {
    throw arm.groupLocationNotAvailable(
      value,
      locations.map(location => location.name),
    );
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
  if (before?.deletion) {
    throw arm.groupBeingDeleted(before.name);
  }
  if (before && normalizeLocation(location) !== before.location) {
    throw arm.invalidGroupLocation(before.location, location);
  }
  const managedBy =
    optionalString(body.managedBy, 'managedBy') ?? before?.managedBy;
  const group: Group = {
    id: before?.id ?? id,
    subscriptionId,
    name: before?.name ?? params.group,
    location: before?.location ?? readGroupLocation(call, location),
    tags: stringMap(body.tags, 'tags') ?? {},
    ...(managedBy && { managedBy }),
  };
  azure.store.put('groups', group);
  return { status: before ? 200 : 201, body: groupJson(group) };
}

function patch(call: Call): Answer {
  const { azure, request } = call;
  const before = groupOf(call);
  const managedBy =
    optionalString(request.body.managedBy, 'managedBy') ?? before.managedBy;
  const group: Group = {
    ...before,
    tags: stringMap(request.body.tags, 'tags') ?? before.tags,
    ...(managedBy && { managedBy }),
  };
  azure.store.put('groups', group);
  return ok(groupJson(group));
}

function startDeletion(call: Call): Answer {
  const { azure } = call;
  const group = groupOf(call);
  const deletion = group.deletion ?? {
    endsAt: azure.now() + azure.operationMs,
    token: newGuid(),
  };
  azure.store.put('groups', { ...group, deletion });
  azure.store.put('operations', {
    id: deletion.token,
    resourceId: group.id,
    endsAt: deletion.endsAt,
  });
  return {
    status: 202,
    headers: resultHeaders(call, group.subscriptionId, deletion.token),
  };
}

function resultHeaders(
  { request, azure }: Call,
  subscriptionId: string,
  token: string,
) {
  const version = request.query.get('api-version') ?? '';
  return {
    location: `${origin(
      request,
    )}/subscriptions/${subscriptionId}/operationresults/${token}?api-version=${version}`,
    ...retryAfter(azure),
  };
}

/** 202 while the operation runs, 200 when it has ended. */
function operationResult(call: Call): Answer {
  const { azure, params } = call;
  const { subscriptionId } = subscriptionOf(call);
  const operation = azure.store.get('operations', params.token);
  if (
    !operation ||
    !covers(`/subscriptions/${subscriptionId}`, operation.resourceId)
  ) {
    throw arm.notFound(`The operation '${params.token}' could not be found.`);
  }
  return operation.endsAt !== undefined && operation.endsAt <= azure.now()
    ? { status: 200 }
    : {
        status: 202,
        headers: resultHeaders(call, subscriptionId, params.token),
      };
}

/** Deletes the group and everything in it; vaults are soft-deleted. */
export function endGroupDeletion(azure: Azure, group: Group) {
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
  for (const assignment of azure.store.all('roleAssignments')) {
    if (covers(group.id, assignment.scope)) {
      azure.store.remove('roleAssignments', assignment.id);
    }
  }
  removeLocksBelow(azure, group.id);
  azure.store.remove('groups', group.id);
}
