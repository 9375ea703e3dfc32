import { arm } from '../errors';
import { same, shownName, TYPES } from '../state/ids';
import { GenericResource, Registry, Resource } from '../state/model';
import { ARM_PAGE_SIZE } from '../assumptions';
import { registryJson } from '../registry/registryJson';
import { genericJson } from './genericResources';
import { subscriptionOf } from './scopes';
import type { Answer, Azure, Call, Route } from '../types';
import { ok, page } from '../http/answers';
import { needsAction, routesOf } from '../http/route';

const route = routesOf('arm');

const SUBSCRIPTION = '/subscriptions/{subscription}';

/** The list of resources of any type. */
export const resourceRoutes: Route[] = [
  route(
    `GET ${SUBSCRIPTION}/resources`,
    needsAction(
      'Microsoft.Resources/subscriptions/resources/read',
      ({ params }) => `/subscriptions/${params.subscription}`,
    ),
    call => {
      const { subscriptionId } = subscriptionOf(call);
      return list(call, doc => same(doc.subscriptionId, subscriptionId));
    },
  ),
];

interface TypedResource {
  type: string;
  doc: Resource;
}

/** All resources with their types. */
function allResources({ store }: Azure): TypedResource[] {
  return [
    ...store.all('registries').map(doc => ({ type: TYPES.registry, doc })),
    ...store
      .all('vaults')
      .map(doc => ({ type: doc.hsm ? TYPES.hsm : TYPES.vault, doc })),
    ...store.all('identities').map(doc => ({ type: TYPES.identity, doc })),
    ...store
      .all('genericResources')
      .filter(({ location }) => location)
      .map(doc => ({ type: doc.type, doc })),
  ];
}

const CLAUSE = /^\s*(resourceType|name)\s+eq\s+'([^']*)'\s*$/i;

/** The filter by which az finds a resource by its name: `eq` on type and name, joined by `and`. */
function readFilter(filter: string): (resource: TypedResource) => boolean {
  const tests = (filter ? filter.split(/\s+and\s+/i) : []).map(clause => {
    const [, field, value] = CLAUSE.exec(clause) ?? [];
    if (!field) throw arm.invalidFilter(filter);
    return ({ type, doc }: TypedResource) =>
      same(same(field, 'name') ? doc.name : type, value);
  });
  return resource => tests.every(test => test(resource));
}

function list(call: Call, inScope: (doc: Resource) => boolean): Answer {
  const { azure, request } = call;
  const matches = readFilter(request.query.get('$filter') ?? '');
  const rows = allResources(azure)
    .filter(({ doc }) => inScope(doc))
    .filter(matches)
    .map(resource => ({ ...resource, id: resource.doc.id }));
  const { rows: shown, nextLink } = page(request, rows, {
    size: ARM_PAGE_SIZE,
    tokenName: '$skiptoken',
  });
  return ok({
    value: shown.map(resource => rowJson(azure, resource)),
    ...(nextLink && { nextLink }),
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
}

const genericPartsOf = (
  azure: Azure,
  doc: Resource,
): Pick<ResourceRow, 'sku' | 'identity'> =>
  'properties' in doc ? genericJson(azure, doc as GenericResource) : {};

/** A resource as generic lists show it: identity, SKU and tags, but no properties. */
function rowJson(azure: Azure, { type, doc }: TypedResource): ResourceRow {
  const { sku, identity } =
    type === TYPES.registry
      ? registryJson(azure, doc as Registry)
      : genericPartsOf(azure, doc);
  return {
    id: doc.id,
    name: shownName(doc.name),
    type,
    location: doc.location,
    tags: doc.tags,
    ...(sku !== undefined && { sku }),
    ...(identity !== undefined && identity !== null && { identity }),
  };
}
