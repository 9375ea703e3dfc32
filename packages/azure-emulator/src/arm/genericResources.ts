import { arm, unsupported } from '../errors';
import { asReturnedIdentityId, covers } from '../state/ids';
import { checkSameLocation, readLocation } from '../state/locations';
import type { GenericResource } from '../state/model';
import {
  optionalRecord,
  optionalString,
  requiredString,
  stringMap,
} from '../http/body';
import { noContent, ok } from '../http/answers';
import { needsAction, routesOf } from '../http/route';
import type { Answer, Azure, Call, Route } from '../types';
import {
  attachedIdentitiesJson,
  newSystemIdentity,
} from './attachedIdentities';
import { groupOf } from './scopes';
import { systemDataJson } from './systemData';

const route = routesOf('arm');

const ONE = '{scope*}/providers/{namespace}/{type}/{name}';
const CHILD = `${ONE}/{childType}/{child}`;

/** Providers whose types have routes of their own. */
const EMULATED = new Set(
  [
    'Microsoft.Authorization',
    'Microsoft.ContainerRegistry',
    'Microsoft.KeyVault',
    'Microsoft.Management',
    'Microsoft.ManagedIdentity',
    'Microsoft.ResourceGraph',
    'Microsoft.Resources',
  ].map(namespace => namespace.toLowerCase()),
);

const GROUP = /^\/subscriptions\/([^/]+)\/resourcegroups\/([^/]+)$/i;

const needs = (verb: string) =>
  needsAction(call => `${placeOf(call).type}/${verb}`);

/** Resources of all other types, and their children, in a resource group. They are kept as they are sent. */
export const genericResourceRoutes: Route[] = [ONE, CHILD].flatMap(path => [
  route(`GET ${path}`, needs('read'), call =>
    ok(genericJson(call.azure, genericResourceOf(call))),
  ),
  route(`PUT ${path}`, needs('write'), put),
  route(`DELETE ${path}`, needs('delete'), remove),
]);

interface Place {
  subscription: string;
  group: string;
  type: string;
  name: string;
  isChild: boolean;
}

/** The type and place that the path names. */
function placeOf({ request, params }: Call): Place {
  const { scope, namespace, type, name, childType, child } = params;
  const [, subscription, group] = GROUP.exec(scope) ?? [];
  if (!subscription || EMULATED.has(namespace.toLowerCase())) {
    throw unsupported.route(request.method, request.path);
  }
  const isChild = child !== undefined;
  return {
    subscription,
    group,
    type: `${namespace}/${type}${isChild ? `/${childType}` : ''}`,
    name: isChild ? child : name,
    isChild,
  };
}

function homeOf(call: Call, { subscription, group }: Place) {
  return groupOf({ ...call, params: { subscription, group } });
}

function genericResourceOf(call: Call): GenericResource {
  const place = placeOf(call);
  const group = homeOf(call, place);
  const found = call.azure.store.get('genericResources', call.request.path);
  if (!found) throw arm.resourceNotFound(place.type, place.name, group.name);
  return found;
}

export function genericJson(azure: Azure, resource: GenericResource) {
  const { identity, kind, sku, location } = resource;
  return {
    id: resource.id,
    name: resource.name,
    type: resource.type,
    ...(location && { location, tags: resource.tags }),
    ...(kind !== undefined && { kind }),
    ...(sku && { sku }),
    ...(identity && {
      identity: {
        type: identity.type,
        ...attachedIdentitiesJson(azure, identity),
      },
    }),
    properties: resource.properties,
    systemData: systemDataJson(resource),
  };
}

function put(call: Call): Answer {
  const { azure, request, caller } = call;
  const { body } = request;
  const place = placeOf(call);
  const group = homeOf(call, place);
  const before = azure.store.get('genericResources', request.path);
  if (before) checkSameLocation(before, body.location);
  const kind = optionalString(body.kind, 'kind');
  const sku = optionalRecord(body.sku, 'sku');
  const at = before ?? {
    id: request.path,
    subscriptionId: group.subscriptionId,
    group: group.name,
    type: place.type,
    name: place.name,
    location: locationOf(call, place),
    createdAt: azure.now(),
    createdBy: caller.id,
  };
  const resource: GenericResource = {
    ...at,
    tags: stringMap(body.tags, 'tags') ?? {},
    kind,
    sku,
    identity: identityOf(call, at, before?.identity),
    properties: optionalRecord(body.properties, 'properties') ?? {},
    modifiedAt: azure.now(),
    modifiedBy: caller.id,
  };
  azure.store.put('genericResources', resource);
  return {
    status: before ? 200 : 201,
    body: genericJson(azure, resource),
  };
}

/** A child may have no location: Resource Graph does not list it then. */
function locationOf({ azure, request }: Call, { type, isChild }: Place) {
  const read = isChild ? optionalString : requiredString;
  const given = read(request.body.location, 'location');
  return given ? readLocation(azure.settings.cloud, given, type) : '';
}

/** The identities that a resource is to have; they need not exist, and no right to assign them is required. */
function identityOf(
  { azure, request }: Call,
  resource: { id: string; name: string },
  before: GenericResource['identity'],
): GenericResource['identity'] {
  const desired = optionalRecord(request.body.identity, 'identity');
  if (!desired) return undefined;
  const type = requiredString(desired.type, 'identity.type');
  const users = optionalRecord(
    desired.userAssignedIdentities,
    'identity.userAssignedIdentities',
  );
  return {
    type,
    users: Object.keys(users ?? {}).map(asReturnedIdentityId),
    ...(/systemassigned/i.test(type) && {
      system: before?.system ?? newSystemIdentity(azure, resource),
    }),
  };
}

function remove(call: Call): Answer {
  const { azure, request } = call;
  homeOf(call, placeOf(call));
  if (!azure.store.get('genericResources', request.path)) return noContent();
  removeGenericResources(azure, request.path);
  return { status: 200 };
}

/** Removes the resources at an id and below it, with their system identities. */
export function removeGenericResources({ store }: Azure, scope: string) {
  for (const { id, identity } of store.all('genericResources')) {
    if (!covers(scope, id)) continue;
    store.remove('genericResources', id);
    if (identity?.system) {
      store.remove('principals', identity.system.principalId);
    }
  }
}
