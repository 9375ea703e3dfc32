import type { Azure } from '../azure';
import { arm } from '../errors';
import { Answer, Call, noContent, ok, page } from '../http';
import { same, shownName, TYPES } from '../ids';
import { Registry, Resource, Vault } from '../model';
import type { Route } from '../router';
import { ARM_PAGE_SIZE } from '../assumptions';
import { registryJson } from './registryJson';
import { readResourceFilter } from './resourceFilter';
import { groupOf, subscriptionOf } from './scopes';
import { dotnetTime } from './systemData';
import { vaultJson } from './vaultJson';

const SUBSCRIPTION = '/subscriptions/{subscription}';
const GROUP = `${SUBSCRIPTION}/resourceGroups/{group}`;

/** Lists of resources of any type, and whether one exists. */
export const resourceRoutes: Route[] = [
  {
    service: 'arm',
    method: 'GET',
    path: `${SUBSCRIPTION}/resources`,
    needs: {
      kind: 'action',
      action: 'Microsoft.Resources/subscriptions/resources/read',
      scope: ({ params }) => `/subscriptions/${params.subscription}`,
    },
    answer: call => {
      const { subscriptionId } = subscriptionOf(call);
      return list(call, doc => same(doc.subscriptionId, subscriptionId));
    },
  },
  {
    service: 'arm',
    method: 'GET',
    path: `${GROUP}/resources`,
    needs: {
      kind: 'action',
      action: 'Microsoft.Resources/subscriptions/resourceGroups/resources/read',
      scope: ({ request }) => request.path.replace(/\/resources$/i, ''),
    },
    answer: call => {
      const group = groupOf(call);
      return list(
        call,
        doc =>
          same(doc.subscriptionId, group.subscriptionId) &&
          same(doc.group, group.name),
      );
    },
  },
  ...Object.values(TYPES).map((type): Route => ({
    service: 'arm',
    method: 'HEAD',
    path: `${GROUP}/providers/${type}/{name}`,
    needs: { kind: 'action', action: `${type}/read` },
    answer: call => {
      groupOf(call);
      if (
        !allResources(call.azure).some(({ doc }) =>
          same(doc.id, call.request.path),
        )
      ) {
        throw arm.resourceNotFound(type, call.params.name, call.params.group);
      }
      return noContent();
    },
  })),
];

export interface TypedResource {
  type: string;
  doc: Resource;
}

/** All resources with their types. */
function allResources({ store }: Azure): TypedResource[] {
  return [
    ...store.all('registries').map(doc => ({ type: TYPES.registry, doc })),
    ...store
      .all('vaults')
      .filter(({ deleted }) => !deleted)
      .map(doc => ({ type: doc.hsm ? TYPES.hsm : TYPES.vault, doc })),
    ...store.all('identities').map(doc => ({ type: TYPES.identity, doc })),
  ];
}

const EXPANDABLE = ['createdTime', 'changedTime', 'provisioningState'];

function list(call: Call, inScope: (doc: Resource) => boolean): Answer {
  const { azure, request } = call;
  const matches = readResourceFilter(request.query.get('$filter') ?? '');
  const expand = readExpand(request.query.get('$expand') ?? '');
  const top = readTop(request.query.get('$top'));
  const rows = allResources(azure)
    .filter(({ doc }) => inScope(doc))
    .map(resource => ({
      ...resource,
      id: resource.doc.id,
      row: () => rowJson(azure, resource, expand),
    }))
    .filter(resource => matches(resource, () => resource.row().identity));
  const { rows: shown, nextLink } = page(request, rows, {
    size: top ?? ARM_PAGE_SIZE,
    tokenName: '$skiptoken',
  });
  return ok({
    value: shown.map(({ row }) => row()),
    ...(nextLink && { nextLink }),
  });
}

function readTop(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const top = Number(value);
  if (!Number.isInteger(top) || top < 1) {
    throw arm.invalidQuery('$top', value);
  }
  return Math.min(top, ARM_PAGE_SIZE);
}

function readExpand(value: string): string[] {
  const requested = value
    .split(',')
    .map(name => name.trim())
    .filter(Boolean);
  return requested.map(name => {
    const known = EXPANDABLE.find(other => same(other, name));
    if (!known) throw arm.invalidQuery('$expand', value);
    return known;
  });
}

interface ResourceRow {
  id: string;
  name: string;
  type: string;
  location: string;
  sku?: unknown;
  identity?: unknown;
  tags: Record<string, string>;
  createdTime?: string;
  changedTime?: string;
  provisioningState?: string;
}

/** A resource as generic lists show it: identity, SKU and tags, but no properties. */
function rowJson(
  azure: Azure,
  { type, doc }: TypedResource,
  expand: string[],
): ResourceRow {
  const { sku, identity, provisioningState } = details(azure, type, doc);
  const expanded: Record<string, string> = {
    createdTime: dotnetTime(doc.createdAt),
    changedTime: dotnetTime(doc.modifiedAt),
    provisioningState,
  };
  return {
    id: doc.id,
    name: shownName(doc.name),
    type,
    location: doc.location,
    tags: doc.tags,
    ...(sku !== undefined && { sku }),
    ...(identity !== undefined && identity !== null && { identity }),
    ...Object.fromEntries(expand.map(name => [name, expanded[name]])),
  };
}

function details(azure: Azure, type: string, doc: Resource) {
  switch (type) {
    case TYPES.registry: {
      const { sku, identity, properties } = registryJson(
        azure,
        doc as Registry,
      );
      return { sku, identity, provisioningState: properties.provisioningState };
    }
    case TYPES.vault: {
      const { properties } = vaultJson(azure, doc as Vault);
      return { provisioningState: properties.provisioningState };
    }
    default:
      return { provisioningState: 'Succeeded' };
  }
}
