import { vaultArm as errors } from '../errors';
import { same } from '../state/ids';
import { AccessPolicy } from '../state/model';
import {
  asRecord,
  optionalArray,
  optionalString,
  requiredString,
} from '../http/body';

/** Read from Azure’s documentation, as the product’s own list is: a stand-in that copied it would prove nothing. */
const KEY_PERMISSIONS = [
  'all',
  'get',
  'list',
  'update',
  'create',
  'import',
  'delete',
  'recover',
  'backup',
  'restore',
  'decrypt',
  'encrypt',
  'unwrapKey',
  'wrapKey',
  'verify',
  'sign',
  'purge',
  'release',
  'rotate',
  'getrotationpolicy',
  'setrotationpolicy',
];

function checkPermission(kind: string, name: string) {
  if (same(kind, 'keys') && !KEY_PERMISSIONS.some(known => same(known, name))) {
    throw errors.invalid(
      `The key permission '${name}' is not valid. It must be one of ${KEY_PERMISSIONS.join(
        ', ',
      )}.`,
    );
  }
  return name;
}

/** The access policies of a request; throws Azure's error when they are invalid. */
export function readPolicies(properties: unknown): AccessPolicy[] {
  const list = optionalArray(
    asRecord(properties, 'properties').accessPolicies,
    'properties.accessPolicies',
  );
  return (list ?? []).map(entry => {
    const policy = asRecord(entry, 'accessPolicies');
    const applicationId = optionalString(
      policy.applicationId,
      'accessPolicies.applicationId',
    );
    const permissions = asRecord(
      policy.permissions,
      'accessPolicies.permissions',
    );
    return {
      tenantId: requiredString(policy.tenantId, 'accessPolicies.tenantId'),
      objectId: requiredString(policy.objectId, 'accessPolicies.objectId'),
      ...(applicationId && { applicationId }),
      permissions: Object.fromEntries(
        Object.entries(permissions)
          .filter(([, names]) => names !== undefined && names !== null)
          .map(([kind, names]) => [
            kind,
            (optionalArray(names, `permissions.${kind}`) ?? []).map(name =>
              checkPermission(
                kind,
                requiredString(name, `permissions.${kind}`),
              ),
            ),
          ]),
      ),
    };
  });
}

const samePrincipal = (a: AccessPolicy, b: AccessPolicy) =>
  same(a.objectId, b.objectId) &&
  same(a.tenantId, b.tenantId) &&
  same(a.applicationId ?? '', b.applicationId ?? '');

/** `add` merges, `remove` subtracts, `replace` sets the permissions of the named principals. */
export function mergePolicies(
  present: AccessPolicy[],
  given: AccessPolicy[],
  operation: 'add' | 'replace' | 'remove',
): AccessPolicy[] {
  let merged = [...present];
  for (const policy of given) {
    const at = merged.findIndex(entry => samePrincipal(entry, policy));
    const before = at < 0 ? undefined : merged[at];
    const after = mergeOne(before, policy, operation);
    merged = [
      ...merged.slice(0, at < 0 ? merged.length : at),
      ...(after ? [after] : []),
      ...(at < 0 ? [] : merged.slice(at + 1)),
    ];
  }
  return merged;
}

function mergeOne(
  before: AccessPolicy | undefined,
  given: AccessPolicy,
  operation: 'add' | 'replace' | 'remove',
): AccessPolicy | undefined {
  if (operation === 'replace' || (operation === 'add' && !before)) {
    return given;
  }
  if (!before) {
    return undefined;
  }
  const permissions: AccessPolicy['permissions'] = {};
  const kinds = new Set([
    ...Object.keys(before.permissions),
    ...Object.keys(given.permissions),
  ]);
  for (const kind of kinds) {
    const had = before.permissions[kind] ?? [];
    const named = given.permissions[kind] ?? [];
    const isNamed = (name: string) => named.some(other => same(other, name));
    const names =
      operation === 'remove'
        ? had.filter(name => !isNamed(name))
        : [...had, ...named.filter(name => !had.some(h => same(h, name)))];
    if (names.length) permissions[kind] = names;
  }
  return Object.keys(permissions).length
    ? { ...before, permissions }
    : undefined;
}
