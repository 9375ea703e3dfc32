import { ARM_PAGE_SIZE } from '../assumptions';
import { arm } from '../errors';
import { same } from '../state/ids';
import { ManagementGroup } from '../state/model';
import {
  findManagementGroup,
  managementGroupId,
  MANAGEMENT_GROUPS,
  parentOf,
} from './managementGroupTree';
import type { Answer, Call, Route } from '../types';
import { ok, page } from '../http/answers';
import { needsAction, routesOf } from '../http/route';

const route = routesOf('arm');

const ACTION = 'Microsoft.Management/managementGroups';
const ONE = `${MANAGEMENT_GROUPS}/{group}`;

/** The subscriptions and groups in a management group. */
export const managementGroupRoutes: Route[] = [
  route(
    `GET ${ONE}/descendants`,
    needsAction(`${ACTION}/descendants/read`, ({ params }) =>
      managementGroupId(params.group),
    ),
    descendants,
  ),
];

function groupOf({ azure, params }: Call): ManagementGroup {
  const found = findManagementGroup(azure, params.group);
  if (!found) throw arm.managementGroupNotFound(params.group);
  return found;
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
