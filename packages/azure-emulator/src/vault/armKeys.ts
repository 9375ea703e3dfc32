import { unixSeconds } from '../state/durations';
import { arm } from '../errors';
import { keyUri, resourceId, TYPES } from '../state/ids';
import { Key, KeyVersion, RotationPolicy, Vault } from '../state/model';
import { ARM_PAGE_SIZE } from '../assumptions';
import { recoveryLevel, type VersionInVault } from './keyJson';
import { vaultOf } from './vaults';
import type { Answer, Call, Route } from '../types';
import { ok, page } from '../http/answers';
import { needsAction, routesOf } from '../http/route';

const route = routesOf('arm');

const KEYS =
  '/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.KeyVault/vaults/{vault}/keys';
const ACTION = 'Microsoft.KeyVault/vaults/keys';

/** The keys of a vault through ARM, which needs no data-plane permission and passes no firewall. */
export const armKeyRoutes: Route[] = [
  route(`GET ${KEYS}`, needsAction(`${ACTION}/read`), call => {
    const vault = theVault(call);
    const keys = call.azure.keysByVault
      .find(vault.name)
      .filter(key => !key.deleted && key.versions.length);
    return listOf(
      call,
      keys.map(key => keyResource({ vault, key }, 'list')),
    );
  }),
  route(`GET ${KEYS}/{key}`, needsAction(`${ACTION}/read`), call => {
    const { vault, key } = keyOf(call);
    return ok(keyResource({ vault, key }, 'one'));
  }),
  route(
    `GET ${KEYS}/{key}/versions`,
    needsAction(`${ACTION}/versions/read`, ({ request }) =>
      request.path.replace(/\/versions$/i, ''),
    ),
    call => {
      const { vault, key } = keyOf(call);
      return listOf(
        call,
        key.versions.map(version => versionResource({ vault, key, version })),
      );
    },
  ),
];

function theVault(call: Call): Vault {
  return vaultOf(call, call.params.vault);
}

function latest({ versions }: Key): KeyVersion {
  return versions[versions.length - 1];
}

function keyOf(call: Call): { vault: Vault; key: Key } {
  const vault = theVault(call);
  const key = call.azure.key(vault.name, call.params.key);
  if (!key) {
    throw arm.resourceNotFound(
      `${TYPES.vault}/${vault.name}/keys`,
      call.params.key,
      call.params.group,
    );
  }
  return { vault, key };
}

function listOf<T extends { id: string }>(call: Call, rows: T[]): Answer {
  const { rows: value, nextLink } = page(call.request, rows, {
    size: ARM_PAGE_SIZE,
    tokenName: '$skiptoken',
  });
  return ok({ value, ...(nextLink && { nextLink }) });
}

/** List entries lack type, size and rotation policy. */
type Detail = 'list' | 'one';

function keyResource(
  { vault, key }: { vault: Vault; key: Key },
  detail: Detail,
) {
  const version = latest(key);
  return {
    id: `${vaultId(vault)}/keys/${key.name}`,
    name: key.name,
    type: 'Microsoft.KeyVault/vaults/keys',
    location: vault.location,
    ...(version.tags && { tags: version.tags }),
    properties: {
      ...properties({ vault, key, version }, detail),
      ...(detail === 'one' &&
        key.rotationPolicy && {
          rotationPolicy: policyJson(key.rotationPolicy),
        }),
    },
  };
}

function versionResource({ vault, key, version }: VersionInVault) {
  return {
    id: `${vaultId(vault)}/keys/${key.name}/versions/${version.version}`,
    name: version.version,
    type: 'Microsoft.KeyVault/vaults/keys/versions',
    location: vault.location,
    ...(version.tags && { tags: version.tags }),
    properties: properties({ vault, key, version }, 'list'),
  };
}

function vaultId({ subscriptionId, group, name }: Vault): string {
  return resourceId({ subscriptionId, name: group }, TYPES.vault, name);
}

function properties({ vault, key, version }: VersionInVault, detail: Detail) {
  return {
    attributes: {
      enabled: version.enabled,
      ...(version.notBefore !== undefined && {
        nbf: unixSeconds(version.notBefore),
      }),
      ...(version.expiresAt !== undefined && {
        exp: unixSeconds(version.expiresAt),
      }),
      created: unixSeconds(version.createdAt),
      updated: unixSeconds(version.updatedAt),
      recoveryLevel: recoveryLevel(vault),
      exportable: false,
    },
    ...(detail === 'one' && {
      kty: version.kty,
      keyOps: version.keyOps,
      ...(version.keySize !== undefined && { keySize: version.keySize }),
      ...(version.crv !== undefined && { curveName: version.crv }),
    }),
    keyUri: keyUri(vault.name, key.name),
    keyUriWithVersion: keyUri(vault.name, key.name, version.version),
  };
}

/** ARM returns the actions in lower case; the data plane capitalises them. */
function policyJson(policy: RotationPolicy) {
  return {
    attributes: {
      ...policy.attributes,
      created: unixSeconds(policy.createdAt),
      updated: unixSeconds(policy.updatedAt),
    },
    lifetimeActions: policy.lifetimeActions.map(({ trigger, action }) => ({
      trigger,
      action: { type: action.type.toLowerCase() },
    })),
  };
}
