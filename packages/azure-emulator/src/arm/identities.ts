import { arm } from '../errors';
import {
  asReturnedIdentityId,
  newGuid,
  resourceId,
  same,
  TYPES,
} from '../state/ids';
import { Identity } from '../state/model';
import { checkSameLocation, readLocation } from '../state/locations';
import { ARM_PAGE_SIZE } from '../assumptions';
import { groupOf, subscriptionOf } from './scopes';
import type { Answer, Azure, Call, Route } from '../types';
import { noContent, ok, page } from '../http/answers';
import { requiredString, stringMap } from '../http/body';
import { needsAction, routesOf } from '../http/route';

const route = routesOf('arm');

const ACTION = 'Microsoft.ManagedIdentity/userAssignedIdentities';
const IN_SUBSCRIPTION = `/subscriptions/{subscription}/providers/${ACTION}`;
const IN_GROUP = `/subscriptions/{subscription}/resourceGroups/{group}/providers/${ACTION}`;
const ONE = `${IN_GROUP}/{name}`;

/** User-assigned managed identities. */
export const identityRoutes: Route[] = [
  route(`GET ${IN_SUBSCRIPTION}`, needsAction(`${ACTION}/read`), call => {
    const { subscriptionId } = subscriptionOf(call);
    return list(call, doc => same(doc.subscriptionId, subscriptionId));
  }),
  route(`GET ${ONE}`, needsAction(`${ACTION}/read`), call =>
    ok(identityJson(call.azure, identityOf(call))),
  ),
  route(`PUT ${ONE}`, needsAction(`${ACTION}/write`), put),
  route(
    `DELETE ${ONE}`,
    needsAction(`${ACTION}/delete`),
    ({ azure, params }) => {
      const found = azure.store.get('identities', idOf(params));
      if (!found) return noContent();
      removeIdentity(azure, found);
      return { status: 200 };
    },
  ),
];

function idOf(params: Record<string, string>): string {
  return resourceId(
    { subscriptionId: params.subscription, name: params.group },
    TYPES.identity,
    params.name,
  );
}

function identityOf(call: Call): Identity {
  const group = groupOf(call);
  const found = call.azure.store.get('identities', idOf(call.params));
  if (!found) {
    throw arm.resourceNotFound(TYPES.identity, call.params.name, group.name);
  }
  return found;
}

export function identityJson({ settings }: Azure, identity: Identity) {
  return {
    id: asReturnedIdentityId(identity.id),
    name: identity.name,
    type: TYPES.identity,
    location: identity.location,
    tags: identity.tags,
    properties: {
      tenantId: settings.tenantId,
      principalId: identity.principalId,
      clientId: identity.clientId,
    },
  };
}

function list(call: Call, wanted: (doc: Identity) => boolean): Answer {
  const { rows, nextLink } = page(
    call.request,
    call.azure.store.all('identities').filter(wanted),
    { size: ARM_PAGE_SIZE, tokenName: '$skiptoken' },
  );
  return ok({
    value: rows.map(doc => identityJson(call.azure, doc)),
    ...(nextLink && { nextLink }),
  });
}

function put(call: Call): Answer {
  const { azure, request, params, caller } = call;
  const group = groupOf(call);
  const before = azure.store.get('identities', idOf(params));
  if (before) checkSameLocation(before, request.body.location);
  const identity: Identity = {
    ...(before ?? {
      id: resourceId(group, TYPES.identity, params.name),
      subscriptionId: group.subscriptionId,
      group: group.name,
      name: params.name,
      location: readLocation(
        azure.settings.cloud,
        requiredString(request.body.location, 'location'),
        TYPES.identity,
      ),
      principalId: newGuid(),
      clientId: newGuid(),
      createdAt: azure.now(),
      createdBy: caller.id,
    }),
    tags: stringMap(request.body.tags, 'tags') ?? {},
    modifiedAt: azure.now(),
    modifiedBy: caller.id,
  };
  saveIdentity(azure, identity);
  return {
    status: before ? 200 : 201,
    headers: { location: asReturnedIdentityId(identity.id) },
    body: identityJson(azure, identity),
  };
}

/** The identity, and its service principal in the directory. */
export function saveIdentity({ store }: Azure, identity: Identity) {
  store.put('identities', identity);
  store.put('principals', {
    id: identity.principalId,
    appId: identity.clientId,
    displayName: identity.name,
    kind: 'managedIdentity',
    resourceId: identity.id,
  });
}

/** Registries that use it keep working for a while: see DETACHED_IDENTITY_WORKS_MS. */
export function removeIdentity(azure: Azure, identity: Identity) {
  for (const registry of azure.store.all('registries')) {
    const { encryption } = registry;
    if (encryption && same(encryption.identity, identity.clientId)) {
      azure.store.put('registries', {
        ...registry,
        encryption: {
          ...encryption,
          identityLostAt: encryption.identityLostAt ?? azure.now(),
        },
      });
    }
  }
  azure.store.remove('identities', identity.id);
  azure.store.remove('principals', identity.principalId);
}
