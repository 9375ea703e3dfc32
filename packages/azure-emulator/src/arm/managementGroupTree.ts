import { covers, same } from '../state/ids';
import { ManagementGroup, Subscription } from '../state/model';
import type { Azure } from '../types';

export const MANAGEMENT_GROUPS =
  '/providers/Microsoft.Management/managementGroups';

export const managementGroupId = (name: string) =>
  `${MANAGEMENT_GROUPS}/${name}`;

const SCOPE = /^\/providers\/microsoft\.management\/managementgroups\/([^/]+)/i;

/** The name of the management group that a scope is or lies in. */
export const managementGroupOf = (scope: string): string | undefined =>
  SCOPE.exec(scope)?.[1];

/** The root group has the name of the tenant. */
export function findManagementGroup(
  { store, settings }: Azure,
  name: string,
): ManagementGroup | undefined {
  return same(name, settings.tenantId)
    ? {
        id: settings.tenantId,
        name: settings.tenantId,
        displayName: 'Tenant Root Group',
      }
    : store.get('managementGroups', name);
}

export const parentOf = (
  { settings }: Azure,
  { parent }: ManagementGroup,
): string => parent ?? settings.tenantId;

/** The groups above a subscription or group, nearest first; the root group is the last one. */
function above(azure: Azure, nearest: string | undefined): string[] {
  const { tenantId } = azure.settings;
  if (nearest === undefined || same(nearest, tenantId)) return [tenantId];
  const found = azure.store.get('managementGroups', nearest);
  return [nearest, ...above(azure, found?.parent)];
}

/** The management groups that a scope lies in or is, nearest first. */
export function managementGroupsAround(azure: Azure, scope: string): string[] {
  const group = managementGroupOf(scope);
  if (group !== undefined) return above(azure, group);
  const subscription = /^\/subscriptions\/[^/]+/i.exec(scope)?.[0];
  const found = subscription && azure.store.get('subscriptions', subscription);
  return found ? above(azure, found.managementGroup) : [];
}

/** `covers`, and a management group covers what is in it. */
export function coversScope(
  azure: Azure,
  outer: string,
  inner: string,
): boolean {
  if (covers(outer, inner)) return true;
  const group = managementGroupOf(outer);
  return (
    group !== undefined &&
    managementGroupsAround(azure, inner).some(name => same(name, group))
  );
}

export function subscriptionsIn(azure: Azure, group: string): Subscription[] {
  return azure.store
    .all('subscriptions')
    .filter(({ id }) => coversScope(azure, managementGroupId(group), id));
}
