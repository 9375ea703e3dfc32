import type { Azure } from '../azure';
import { arm, vaultArm as errors } from '../errors';
import {
  Answer,
  Call,
  noContent,
  ok,
  optionalString,
  page,
  requiredString,
} from '../http';
import { resourceId, same, TYPES } from '../ids';
import { Vault } from '../model';
import { checkSameLocation } from '../locations';
import type { Route } from '../router';
import { removeLocksBelow } from '../rules/locks';
import { purgeVault } from '../rules/softDelete';
import { ARM_PAGE_SIZE, DAY } from '../assumptions';
import { retryAfter } from './retryAfter';
import { groupOf, subscriptionOf } from './scopes';
import { deletedVaultJson, vaultJson } from './vaultJson';
import { mergePolicies, readPolicies } from './accessPolicies';
import { readVault } from './vaultDesiredState';

const ACTION = 'Microsoft.KeyVault/vaults';
const PROVIDER = '/subscriptions/{subscription}/providers/Microsoft.KeyVault';
const IN_GROUP = `/subscriptions/{subscription}/resourceGroups/{group}/providers/${ACTION}`;
const ONE = `${IN_GROUP}/{name}`;
const DELETED = `${PROVIDER}/locations/{location}/deletedVaults/{name}`;
const oneId = ({ params }: Call) =>
  resourceId(
    { subscriptionId: params.subscription, name: params.group },
    TYPES.vault,
    params.name,
  );

/** The control plane of key vaults. */
export const vaultRoutes: Route[] = [
  {
    service: 'arm',
    method: 'GET',
    path: `${PROVIDER}/vaults`,
    needs: { kind: 'action', action: `${ACTION}/read` },
    answer: call => {
      const { subscriptionId } = subscriptionOf(call);
      return list(call, vault => same(vault.subscriptionId, subscriptionId));
    },
  },
  {
    service: 'arm',
    method: 'GET',
    path: IN_GROUP,
    needs: { kind: 'action', action: `${ACTION}/read` },
    answer: call => {
      const group = groupOf(call);
      return list(
        call,
        vault =>
          same(vault.subscriptionId, group.subscriptionId) &&
          same(vault.group, group.name),
      );
    },
  },
  {
    service: 'arm',
    method: 'GET',
    path: ONE,
    needs: { kind: 'action', action: `${ACTION}/read` },
    answer: call => vaultAnswer(call, vaultOf(call)),
  },
  {
    service: 'arm',
    method: 'PUT',
    path: ONE,
    needs: { kind: 'action', action: `${ACTION}/write` },
    answer: put,
  },
  {
    service: 'arm',
    method: 'PATCH',
    path: ONE,
    needs: { kind: 'action', action: `${ACTION}/write` },
    answer: call => save(call, readVault(call, vaultOf(call), 'patch')),
  },
  {
    service: 'arm',
    method: 'DELETE',
    path: ONE,
    needs: { kind: 'action', action: `${ACTION}/delete` },
    answer: call => {
      const found = call.azure.store.get('vaults', oneId(call));
      if (!found || found.deleted) return noContent();
      deleteVault(call.azure, found);
      return { status: 200 };
    },
  },
  {
    service: 'arm',
    method: 'PUT',
    path: `${ONE}/accessPolicies/{operation}`,
    needs: {
      kind: 'action',
      action: `${ACTION}/accessPolicies/write`,
      scope: oneId,
    },
    answer: changePolicies,
  },
  {
    service: 'arm',
    method: 'GET',
    path: `${ONE}/privateLinkResources`,
    needs: {
      kind: 'action',
      action: `${ACTION}/privateLinkResources/read`,
      scope: oneId,
    },
    answer: call => {
      const { id } = vaultOf(call);
      const properties = {
        groupId: 'vault',
        requiredMembers: ['default'],
        requiredZoneNames: ['privatelink.vaultcore.azure.net'],
      };
      return ok({
        value: [
          {
            id: `${id}/privateLinkResources/vault`,
            name: 'vault',
            type: `${ACTION}/privateLinkResources`,
            properties,
          },
        ],
      });
    },
  },
  {
    service: 'arm',
    method: 'GET',
    path: `${ONE}/privateEndpointConnections`,
    needs: {
      kind: 'action',
      action: `${ACTION}/privateEndpointConnections/read`,
      scope: oneId,
    },
    answer: call => {
      vaultOf(call);
      return ok({ value: [] });
    },
  },
  {
    service: 'arm',
    method: 'POST',
    path: `${PROVIDER}/checkNameAvailability`,
    needs: { kind: 'token' },
    answer: ({ azure, request }) => {
      const name = requiredString(request.body.name, 'name');
      const taken = azure.vaultsByName.first(name) !== undefined;
      return ok({
        nameAvailable: !taken,
        ...(taken && {
          reason: 'AlreadyExists',
          message: errors.nameTaken(name).message,
        }),
      });
    },
  },
  {
    service: 'arm',
    method: 'GET',
    path: `${PROVIDER}/deletedVaults`,
    needs: { kind: 'action', action: 'Microsoft.KeyVault/deletedVaults/read' },
    answer: call => {
      const { subscriptionId } = subscriptionOf(call);
      return ok({
        value: call.azure.store
          .all('vaults')
          .filter(
            vault =>
              vault.deleted && same(vault.subscriptionId, subscriptionId),
          )
          .map(deletedVaultJson),
      });
    },
  },
  {
    service: 'arm',
    method: 'GET',
    path: DELETED,
    needs: {
      kind: 'action',
      action: 'Microsoft.KeyVault/locations/deletedVaults/read',
    },
    answer: call => ok(deletedVaultJson(deletedVaultOf(call))),
  },
  {
    service: 'arm',
    method: 'POST',
    path: `${DELETED}/purge`,
    needs: {
      kind: 'action',
      action: 'Microsoft.KeyVault/locations/deletedVaults/purge/action',
    },
    answer: call => {
      const vault = deletedVaultOf(call);
      if (vault.enablePurgeProtection) {
        throw errors.purgeProtected(vault.name);
      }
      purgeVault(call.azure, vault);
      return { status: 200 };
    },
  },
];

export function vaultOf(call: Call, name = call.params.name): Vault {
  const group = groupOf(call);
  const found = call.azure.store.get(
    'vaults',
    resourceId(group, TYPES.vault, name),
  );
  if (!found || found.deleted) {
    throw arm.resourceNotFound(TYPES.vault, name, group.name);
  }
  return found;
}

function deletedVaultOf({ azure, params }: Call): Vault {
  const found = azure.vaultsByName
    .find(params.name)
    .find(
      vault =>
        vault.deleted &&
        same(vault.location, params.location) &&
        same(vault.subscriptionId, params.subscription),
    );
  if (!found) {
    throw errors.deletedNotFound(params.name);
  }
  return found;
}

function list(call: Call, wanted: (vault: Vault) => boolean): Answer {
  const top = Number(call.request.query.get('$top'));
  const { rows, nextLink } = page(
    call.request,
    call.azure.store
      .all('vaults')
      .filter(vault => !vault.deleted && !vault.hsm && wanted(vault)),
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
  if (existing && !existing.deleted) {
    checkSameLocation(existing, call.request.body.location);
    return save(call, readVault(call, existing, 'put'));
  }
  const group = groupOf(call);
  const { name } = params;
  if (!NAME.test(name)) {
    throw errors.invalidName(name);
  }
  const properties = call.request.body.properties as
    | Record<string, unknown>
    | undefined;
  const mode = optionalString(properties?.createMode, 'properties.createMode');
  if (same(mode ?? '', 'recover')) {
    return recover(call, existing);
  }
  const taken = azure.vaultsByName.first(name);
  if (taken) {
    throw taken.deleted
      ? errors.deletedNeedsRecover(name)
      : errors.nameTaken(name);
  }
  const vault = readVault(call, group, 'create');
  const readyAt = azure.now() + azure.operationMs;
  return save(call, { ...vault, readyAt });
}

function save(call: Call, vault: Vault): Answer {
  call.azure.store.put('vaults', vault);
  return vaultAnswer(call, vault);
}

/** While the vault is not ready, the answer says when to ask again. */
function vaultAnswer({ azure }: Call, vault: Vault): Answer {
  const body = vaultJson(azure, vault);
  const ready = body.properties.provisioningState === 'Succeeded';
  return ok(body, ready ? undefined : retryAfter(azure));
}

/** Recovers a vault with its keys; role assignments on it are lost, as in Azure. */
function recover(call: Call, deleted: Vault | undefined): Answer {
  if (!deleted) {
    throw errors.deletedNotFound(call.params.name);
  }
  const { deleted: _gone, ...vault } = deleted;
  return save(call, vault);
}

/** Soft-deletes: name and keys are kept until the retention period ends; role assignments are removed. */
export function deleteVault(azure: Azure, vault: Vault) {
  const at = azure.now();
  azure.store.put('vaults', {
    ...vault,
    deleted: { at, purgeAt: at + vault.softDeleteRetentionInDays * DAY },
  });
  removeLocksBelow(azure, vault.id);
  for (const assignment of azure.store.all('roleAssignments')) {
    if (assignment.scope.toLowerCase().startsWith(vault.id.toLowerCase())) {
      azure.store.remove('roleAssignments', assignment.id);
    }
  }
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
