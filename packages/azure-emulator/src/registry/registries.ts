import { arm, registry as errors } from '../errors';
import { newGuid, resourceId, same, TYPES } from '../state/ids';
import { checkSameLocation, readLocation } from '../state/locations';
import {
  Operation,
  PendingChange,
  Registry,
  RegistryOutcome,
} from '../state/model';
import { ARM_PAGE_SIZE } from '../assumptions';
import { retryAfter } from '../arm/retryAfter';
import { groupOf, subscriptionOf } from '../arm/scopes';
import { ONE_REGISTRY, registryId, registryOf } from './registryPaths';
import { registryJson } from './registryJson';
import { readDesiredState } from './registryDesiredState';
import { defaultSettings } from './registrySettings';
import type { Answer, Azure, Call, Route } from '../types';
import { noContent, ok, origin, page } from '../http/answers';
import { optionalString, requiredString } from '../http/body';
import { NEEDS_TOKEN, needsAction, routesOf } from '../http/route';

const route = routesOf('arm');

const ACTION = 'Microsoft.ContainerRegistry/registries';
const PROVIDER =
  '/subscriptions/{subscription}/providers/Microsoft.ContainerRegistry';

/** The control plane of container registries. */
export const registryRoutes: Route[] = [
  route(`GET ${PROVIDER}/registries`, needsAction(`${ACTION}/read`), call => {
    const { subscriptionId } = subscriptionOf(call);
    return list(call, call.azure.registriesBySubscription.find(subscriptionId));
  }),
  route(`POST ${PROVIDER}/checkNameAvailability`, NEEDS_TOKEN, checkName),
  route(`GET ${ONE_REGISTRY}`, needsAction(`${ACTION}/read`), call =>
    ok(
      registryJson(call.azure, registryOf(call), versionOf(call)),
      versionsHeader(call),
    ),
  ),
  route(`PUT ${ONE_REGISTRY}`, needsAction(`${ACTION}/write`), put),
  route(`PATCH ${ONE_REGISTRY}`, needsAction(`${ACTION}/write`), call =>
    update(call, registryOf(call), 'patch'),
  ),
  route(`DELETE ${ONE_REGISTRY}`, needsAction(`${ACTION}/delete`), call => {
    const found = call.azure.store.get('registries', registryId(call));
    return found ? remove(call, found) : noContent();
  }),
  // azure-docs, role-based-access-control/permissions/containers.md. Whether a signed address also asks for it: [?].
  route(
    `GET ${PROVIDER}/locations/{location}/operationResults/{operation}`,
    needsAction('Microsoft.ContainerRegistry/locations/operationResults/read'),
    deletionResult,
  ),
  route(
    `GET ${ONE_REGISTRY}/operationStatuses/{operation}`,
    needsAction(`${ACTION}/operationStatuses/read`, registryId),
    operationStatus,
  ),
];

function versionOf({ request }: Call): string {
  return request.query.get('api-version') ?? '';
}

function versionsHeader(call: Call): Record<string, string> {
  return { 'api-supported-versions': versionOf(call) };
}

function list(call: Call, registries: Registry[]): Answer {
  const { rows, nextLink } = page(call.request, registries, {
    size: ARM_PAGE_SIZE,
    tokenName: '$skipToken',
  });
  return ok(
    {
      value: rows.map(doc => registryJson(call.azure, doc, versionOf(call))),
      ...(nextLink && { nextLink }),
    },
    versionsHeader(call),
  );
}

const NAME = /^[a-z0-9]{5,50}$/i;

function checkName({ azure, request }: Call): Answer {
  const name = requiredString(request.body.name, 'name');
  const type = optionalString(request.body.type, 'type');
  if (type && !same(type, TYPES.registry)) {
    throw arm.invalidBody(`type must be ${TYPES.registry}`);
  }
  if (!NAME.test(name)) {
    return ok({
      nameAvailable: false,
      reason: 'Invalid',
      message: errors.invalidName(name).message,
    });
  }
  const taken = azure.registriesByName.first(name) !== undefined;
  return ok({
    nameAvailable: !taken,
    availableLoginServerName: `${name.toLowerCase()}.azurecr.io`,
    ...(taken && {
      reason: 'AlreadyExists',
      message: `The registry ${name} is already in use.`,
    }),
  });
}

function put(call: Call): Answer {
  const { azure, params, request, caller } = call;
  const existing = azure.store.get('registries', registryId(call));
  if (existing) {
    checkSameLocation(existing, request.body.location);
    return update(call, existing, 'put');
  }
  const group = groupOf(call);
  const { name } = params;
  if (!NAME.test(name)) {
    throw errors.invalidName(name);
  }
  if (azure.registriesByName.first(name)) {
    throw errors.nameTaken(name);
  }
  if (!request.body.location) {
    throw arm.locationRequired();
  }
  const now = azure.now();
  const blank: Registry = {
    id: resourceId(group, TYPES.registry, name),
    subscriptionId: group.subscriptionId,
    group: group.name,
    name,
    location: readLocation(
      azure.settings.cloud,
      requiredString(request.body.location, 'location'),
      TYPES.registry,
    ),
    createdAt: now,
    createdBy: caller.id,
    modifiedAt: now,
    modifiedBy: caller.id,
    tags: {},
    sku: 'Standard',
    identity: { users: [] },
    settings: defaultSettings(now),
    provisioningState: 'Creating',
  };
  const outcome = readDesiredState(call, blank, 'create');
  // As recorded, the first answer shows neither identity nor encryption; both appear when the operation
  // has ended.
  return start(
    call,
    {
      ...blank,
      tags: outcome.tags,
      sku: outcome.sku,
      settings: outcome.settings,
    },
    { kind: 'Creating', outcome },
  );
}

function update(call: Call, existing: Registry, how: 'put' | 'patch'): Answer {
  const { azure, caller } = call;
  if (existing.change) {
    throw errors.busy(existing.name, existing.change.kind);
  }
  const outcome = readDesiredState(call, existing, how);
  return start(
    call,
    { ...existing, modifiedAt: azure.now(), modifiedBy: caller.id },
    { kind: 'Updating', outcome },
  );
}

/** Stores the desired state, and answers 201 with the address of the operation's status. */
function start(
  call: Call,
  registry: Registry,
  desired: { kind: 'Creating' | 'Updating'; outcome: RegistryOutcome },
): Answer {
  const { azure } = call;
  const operation = begin(call);
  const changed = { ...registry, change: { ...operation, ...desired } };
  keep(azure, changed);
  return {
    status: 201,
    headers: operationHeaders(call, registry.id, operation.operationId),
    body: registryJson(azure, changed, versionOf(call)),
  };
}

/**
 * Deletes the registry when the operation ends: 202 with `Location`, as in a recording of azure-cli
 * (2026-04-03). Until then the registry is there.
 */
function remove(call: Call, registry: Registry): Answer {
  const operation =
    registry.change?.kind === 'Deleting' ? registry.change : begin(call);
  keep(call.azure, {
    ...registry,
    change: { ...operation, kind: 'Deleting' },
  });
  return deletionRuns(call, {
    location: registry.location,
    name: `delete-${operation.operationId}`,
  });
}

function deletionRuns(
  { azure, request, params }: Call,
  { location, name }: { location: string; name: string },
): Answer {
  const version = request.query.get('api-version') ?? '';
  return {
    status: 202,
    headers: {
      location: `${origin(request)}/subscriptions/${
        params.subscription
      }/providers/Microsoft.ContainerRegistry/locations/${location}/operationResults/${name}?api-version=${version}`,
      ...retryAfter(azure),
    },
  };
}

const hasEnded = (azure: Azure, { endsAt }: Operation) =>
  endsAt !== undefined && endsAt <= azure.now();

function deletionResult(call: Call): Answer {
  const { azure, params } = call;
  const operationId = params.operation.replace(/^delete-/i, '');
  const operation = azure.store.get('operations', operationId);
  if (!operation) throw errors.noSuchOperation(params.operation);
  if (!hasEnded(azure, operation)) {
    return deletionRuns(call, {
      location: params.location,
      name: params.operation,
    });
  }
  const { failure } = operation;
  if (failure) throw errors.deletionFailed(failure);
  return { status: 200 };
}

/** A new operation, which ends by the clock or as an injected fault says. */
function begin({ azure, operationFault }: Call) {
  const failure = operationFault &&
    operationFault !== 'hang' && {
      status:
        operationFault === 'cancel'
          ? ('Canceled' as const)
          : ('Failed' as const),
      code: 'InternalServerError',
      message: 'The operation was ended by an injected fault.',
    };
  return {
    operationId: newGuid(),
    ...(operationFault !== 'hang' && {
      endsAt: azure.now() + azure.operationMs,
    }),
    ...(failure && { failure }),
  };
}

function keep(
  { store }: Azure,
  registry: Registry & { change: PendingChange },
): void {
  const { operationId, endsAt, failure } = registry.change;
  store.put('registries', registry);
  store.put('operations', {
    id: operationId,
    resourceId: registry.id,
    ...(endsAt !== undefined && { endsAt }),
    ...(failure && { failure }),
  });
}

function operationHeaders(
  call: Call,
  resourceOfOperation: string,
  operationId: string,
) {
  const { request, azure } = call;
  const version = request.query.get('api-version') ?? '';
  return {
    ...versionsHeader(call),
    'azure-asyncoperation': `${origin(
      request,
    )}${resourceOfOperation}/operationStatuses/registries-${operationId}?api-version=${version}`,
    ...retryAfter(azure),
  };
}

function operationStatus(call: Call): Answer {
  const { azure, params } = call;
  const operationId = params.operation.replace(/^registries-/i, '');
  const operation = azure.store.get('operations', operationId);
  if (!operation || !same(operation.resourceId, registryId(call))) {
    throw errors.noSuchOperation(params.operation);
  }
  const headers = operationHeaders(call, operation.resourceId, operationId);
  if (!hasEnded(azure, operation)) {
    return ok({ status: azure.assumptions.operationRunningStatus }, headers);
  }
  const { 'retry-after': _over, ...final }: Record<string, string> = headers;
  const { failure } = operation;
  return ok(
    failure
      ? {
          status: failure.status,
          error: { code: failure.code, message: failure.message },
        }
      : { status: 'Succeeded' },
    final,
  );
}
