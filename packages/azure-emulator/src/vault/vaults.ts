import { arm, vaultArm as errors } from '../errors';
import { covers, resourceId, same, TYPES } from '../state/ids';
import { Vault } from '../state/model';
import { checkSameLocation } from '../state/locations';
import { ARM_PAGE_SIZE } from '../assumptions';
import { retryAfter } from '../arm/retryAfter';
import { groupOf, subscriptionOf } from '../arm/scopes';
import { vaultJson } from './vaultJson';
import { mergePolicies, readPolicies } from './accessPolicies';
import { readVault } from './vaultDesiredState';
import type { Answer, Azure, Call, Route } from '../types';
import { noContent, ok, page } from '../http/answers';
import { needsAction, routesOf } from '../http/route';

const route = routesOf('arm');

const ACTION = 'Microsoft.KeyVault/vaults';
const PROVIDER = '/subscriptions/{subscription}/providers/Microsoft.KeyVault';
const IN_GROUP = `/subscriptions/{subscription}/resourceGroups/{group}/providers/${ACTION}`;
const ONE = `${IN_GROUP}/{name}`;
const oneId = ({ params }: Call) =>
  resourceId(
    { subscriptionId: params.subscription, name: params.group },
    TYPES.vault,
    params.name,
  );

/** The control plane of key vaults. */
export const vaultRoutes: Route[] = [
  route(`GET ${PROVIDER}/vaults`, needsAction(`${ACTION}/read`), call => {
    const { subscriptionId } = subscriptionOf(call);
    return list(call, vault => same(vault.subscriptionId, subscriptionId));
  }),
  route(`GET ${ONE}`, needsAction(`${ACTION}/read`), call =>
    vaultAnswer(call, vaultOf(call)),
  ),
  route(`PUT ${ONE}`, needsAction(`${ACTION}/write`), put),
  route(`PATCH ${ONE}`, needsAction(`${ACTION}/write`), call =>
    save(call, readVault(call, vaultOf(call), 'patch')),
  ),
  route(`DELETE ${ONE}`, needsAction(`${ACTION}/delete`), call => {
    const found = call.azure.store.get('vaults', oneId(call));
    if (!found) return noContent();
    removeVault(call.azure, found);
    return { status: 200 };
  }),
  route(
    `PUT ${ONE}/accessPolicies/{operation}`,
    needsAction(`${ACTION}/accessPolicies/write`, oneId),
    changePolicies,
  ),
];

export function vaultOf(call: Call, name = call.params.name): Vault {
  const group = groupOf(call);
  const found = call.azure.store.get(
    'vaults',
    resourceId(group, TYPES.vault, name),
  );
  if (!found) {
    throw arm.resourceNotFound(TYPES.vault, name, group.name);
  }
  return found;
}

function list(call: Call, wanted: (vault: Vault) => boolean): Answer {
  const top = Number(call.request.query.get('$top'));
  const { rows, nextLink } = page(
    call.request,
    call.azure.store.all('vaults').filter(vault => !vault.hsm && wanted(vault)),
    {
      size: top > 0 ? Math.min(top, ARM_PAGE_SIZE) : ARM_PAGE_SIZE,
      tokenName: '$skiptoken',
    },
  );
  return ok({
    value: rows.map(vault => vaultJson(call.azure, vault)),
    ...(nextLink && { nextLink }),
  });
}

const NAME = /^[a-z](?!.*--)[a-z0-9-]{1,22}[a-z0-9]$/i;

function put(call: Call): Answer {
  const { azure, params } = call;
  const existing = azure.store.get('vaults', oneId(call));
  if (existing) {
    checkSameLocation(existing, call.request.body.location);
    return save(call, readVault(call, existing, 'put'));
  }
  const group = groupOf(call);
  const { name } = params;
  if (!NAME.test(name)) {
    throw errors.invalidName(name);
  }
  if (azure.vaultsByName.first(name)) {
    throw errors.nameTaken(name);
  }
  const vault = readVault(call, group, 'create');
  const readyAt = azure.now() + azure.operationMs;
  return save(call, { ...vault, readyAt });
}

function save(call: Call, vault: Vault): Answer {
  call.azure.store.put('vaults', vault);
  return vaultAnswer(call, vault);
}

/** Answers with the vault, and with `Retry-After` while it is not ready. */
function vaultAnswer({ azure }: Call, vault: Vault): Answer {
  const body = vaultJson(azure, vault);
  const ready = body.properties.provisioningState === 'Succeeded';
  return ok(body, ready ? undefined : retryAfter(azure));
}

/** Removes the vault with its keys and the role assignments on it. In Azure it could be recovered. */
export function removeVault({ store, keysByVault }: Azure, vault: Vault) {
  for (const { id } of keysByVault.find(vault.name)) store.remove('keys', id);
  for (const { id, scope } of store.all('roleAssignments')) {
    if (covers(vault.id, scope)) store.remove('roleAssignments', id);
  }
  store.remove('vaults', vault.id);
}

function changePolicies(call: Call): Answer {
  const { azure, params, request, caller } = call;
  const vault = vaultOf(call);
  const operation = params.operation.toLowerCase();
  if (!['add', 'replace', 'remove'].includes(operation)) {
    throw errors.invalid(
      `The operation '${params.operation}' must be add, replace or remove.`,
    );
  }
  const given = readPolicies(request.body.properties);
  const accessPolicies = mergePolicies(
    vault.accessPolicies,
    given,
    operation as 'add' | 'replace' | 'remove',
  );
  azure.store.put('vaults', {
    ...vault,
    accessPolicies,
    modifiedAt: azure.now(),
    modifiedBy: caller.id,
  });
  return ok({
    id: `${vault.id}/accessPolicies/`,
    type: 'Microsoft.KeyVault/vaults/accessPolicies',
    properties: { accessPolicies },
  });
}
