import { arm } from '../errors';
import {
  Answer,
  Call,
  noContent,
  ok,
  optionalRecord,
  optionalString,
  page,
} from '../http';
import { same } from '../ids';
import { ManagementGroup, Subscription } from '../model';
import type { Route } from '../router';
import { mayDo } from '../authorise';
import {
  findManagementGroup,
  managementGroupId,
  MANAGEMENT_GROUPS,
  parentOf,
} from '../rules/managementGroups';
import { ARM_PAGE_SIZE } from '../assumptions';

const ACTION = 'Microsoft.Management/managementGroups';
const ONE = `${MANAGEMENT_GROUPS}/{group}`;
const SUBSCRIPTION = `${ONE}/subscriptions/{subscription}`;

const needs = (verb: string): Route['needs'] => ({
  kind: 'action',
  action: `${ACTION}/${verb}`,
  scope: ({ params }) => managementGroupId(params.group),
});

/** Management groups: what is in them, and moving subscriptions between them. */
export const managementGroupRoutes: Route[] = [
  {
    service: 'arm',
    method: 'GET',
    path: MANAGEMENT_GROUPS,
    needs: { kind: 'token' },
    answer: call =>
      ok({
        value: allGroups(call)
          .filter(({ name }) =>
            mayDo(call, {
              action: `${ACTION}/read`,
              scope: managementGroupId(name),
            }),
          )
          .map(group => groupJson(call, group)),
      }),
  },
  {
    service: 'arm',
    method: 'GET',
    path: ONE,
    needs: needs('read'),
    answer: get,
  },
  {
    service: 'arm',
    method: 'GET',
    path: `${ONE}/descendants`,
    needs: needs('descendants/read'),
    answer: descendants,
  },
  {
    service: 'arm',
    method: 'PUT',
    path: ONE,
    needs: needs('write'),
    answer: put,
  },
  {
    service: 'arm',
    method: 'DELETE',
    path: ONE,
    needs: needs('delete'),
    answer: remove,
  },
  {
    service: 'arm',
    method: 'PUT',
    path: SUBSCRIPTION,
    needs: needs('subscriptions/write'),
    answer: call => move(call, groupOf(call).name),
  },
  {
    service: 'arm',
    method: 'DELETE',
    path: SUBSCRIPTION,
    needs: needs('subscriptions/delete'),
    // Back to the root group, to which every new subscription belongs.
    answer: call => {
      groupOf(call);
      move(call, call.azure.settings.tenantId);
      return noContent();
    },
  },
];

function groupOf({ azure, params }: Call): ManagementGroup {
  const found = findManagementGroup(azure, params.group);
  if (!found) throw arm.managementGroupNotFound(params.group);
  return found;
}

function allGroups({ azure }: Call): ManagementGroup[] {
  const root = findManagementGroup(azure, azure.settings.tenantId)!;
  return [root, ...azure.store.all('managementGroups')];
}

const isRoot = ({ azure }: Call, { name }: ManagementGroup) =>
  same(name, azure.settings.tenantId);

function groupJson(call: Call, group: ManagementGroup) {
  return {
    id: managementGroupId(group.name),
    type: ACTION,
    name: group.name,
    properties: {
      tenantId: call.azure.settings.tenantId,
      displayName: group.displayName,
    },
  };
}

interface Child {
  id: string;
  type: string;
  name: string;
  displayName: string;
  parent: string;
}

/** The groups and subscriptions directly below a group. */
function childrenOf(call: Call, group: ManagementGroup): Child[] {
  const { azure } = call;
  const { tenantId } = azure.settings;
  return [
    ...azure.store
      .all('managementGroups')
      .filter(child => same(parentOf(azure, child), group.name))
      .map(({ name, displayName }) => ({
        id: managementGroupId(name),
        type: ACTION,
        name,
        displayName,
        parent: group.name,
      })),
    ...azure.store
      .all('subscriptions')
      .filter(({ managementGroup = tenantId }) =>
        same(managementGroup, group.name),
      )
      .map(({ id, subscriptionId, displayName }) => ({
        id,
        type: '/subscriptions',
        name: subscriptionId,
        displayName,
        parent: group.name,
      })),
  ];
}

function below(call: Call, group: ManagementGroup): Child[] {
  return childrenOf(call, group).flatMap(child => [
    child,
    ...(child.type === ACTION
      ? below(call, findManagementGroup(call.azure, child.name)!)
      : []),
  ]);
}

function get(call: Call): Answer {
  const { azure, request } = call;
  const group = groupOf(call);
  const expands = same(request.query.get('$expand') ?? '', 'children');
  const recurses = same(request.query.get('$recurse') ?? '', 'true');
  const { properties, ...rest } = groupJson(call, group);
  const parent = parentOf(azure, group);
  return ok({
    ...rest,
    properties: {
      ...properties,
      details: {
        ...(!isRoot(call, group) && {
          parent: {
            id: managementGroupId(parent),
            name: parent,
            displayName: findManagementGroup(azure, parent)?.displayName,
          },
        }),
      },
      ...(expands && { children: childrenJson(call, group, recurses) }),
    },
  });
}

function childrenJson(
  call: Call,
  group: ManagementGroup,
  recurses: boolean,
): object[] {
  return childrenOf(call, group).map(({ parent: _parent, ...child }) => ({
    ...child,
    ...(recurses &&
      child.type === ACTION && {
        children: childrenJson(
          call,
          findManagementGroup(call.azure, child.name)!,
          true,
        ),
      }),
  }));
}

/** Everything below the group, groups and subscriptions, however deep. */
function descendants(call: Call): Answer {
  const { request } = call;
  const top = Number(request.query.get('$top'));
  const { rows, nextLink } = page(request, below(call, groupOf(call)), {
    size: top > 0 ? Math.min(top, ARM_PAGE_SIZE) : ARM_PAGE_SIZE,
    tokenName: '$skiptoken',
  });
  return ok({
    value: rows.map(({ id, type, name, displayName, parent }) => ({
      id,
      type: type === ACTION ? ACTION : `${ACTION}/subscriptions`,
      name,
      properties: {
        displayName,
        parent: { id: managementGroupId(parent) },
      },
    })),
    ...(nextLink && { nextLink }),
  });
}

/** Azure may also take a while and answer 202 first. */
function put(call: Call): Answer {
  const { azure, params, request } = call;
  const properties = optionalRecord(request.body.properties, 'properties');
  const details = optionalRecord(properties?.details, 'properties.details');
  const parent = optionalRecord(details?.parent, 'properties.details.parent');
  const parentName = optionalString(parent?.id, 'properties.details.parent.id')
    ?.split('/')
    .pop();
  if (parentName && !findManagementGroup(azure, parentName)) {
    throw arm.managementGroupNotFound(parentName);
  }
  const before = azure.store.get('managementGroups', params.group);
  const name = before?.name ?? params.group;
  const group: ManagementGroup = {
    id: name.toLowerCase(),
    name,
    displayName:
      optionalString(properties?.displayName, 'properties.displayName') ??
      before?.displayName ??
      name,
    ...((parentName ?? before?.parent) && {
      parent: parentName ?? before?.parent,
    }),
  };
  azure.store.put('managementGroups', group);
  return ok(groupJson(call, group));
}

function remove(call: Call): Answer {
  const group = groupOf(call);
  if (isRoot(call, group) || childrenOf(call, group).length) {
    throw arm.managementGroupNotEmpty(group.name);
  }
  call.azure.store.remove('managementGroups', group.name);
  return noContent();
}

function move({ azure, params }: Call, group: string): Answer {
  const id = `/subscriptions/${params.subscription}`;
  const found = azure.store.get('subscriptions', id);
  if (!found) throw arm.subscriptionNotFound(params.subscription);
  const { managementGroup: _before, ...rest } = found;
  const moved: Subscription = same(group, azure.settings.tenantId)
    ? rest
    : { ...rest, managementGroup: group };
  azure.store.put('subscriptions', moved);
  return ok({
    id: `${managementGroupId(group)}${id}`,
    type: `${ACTION}/subscriptions`,
    name: found.subscriptionId,
    properties: {
      tenant: azure.settings.tenantId,
      displayName: found.displayName,
      parent: { id: managementGroupId(group) },
      state: 'Active',
    },
  });
}
