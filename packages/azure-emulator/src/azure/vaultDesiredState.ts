import { isIP } from 'node:net';
import { arm, vaultArm as errors } from '../errors';
import {
  asRecord,
  Call,
  optionalArray,
  optionalRecord,
  optionalString,
  requiredString,
  stringMap,
} from '../http';
import { resourceId, same, TYPES } from '../ids';
import { readLocation } from '../locations';
import { AccessPolicy, Group, NetworkAcls, Vault } from '../model';
import { DEFAULT_RETENTION_DAYS, RETENTION_DAYS } from '../assumptions';

/** From this api-version on, a new vault uses RBAC unless the request says otherwise. */
const RBAC_BY_DEFAULT_FROM = '2026-02-01';

const FLAGS = [
  'enabledForDeployment',
  'enabledForDiskEncryption',
  'enabledForTemplateDeployment',
];

/** The vault that a request asks for; throws Azure's error when it is refused. */
export function readVault(
  call: Call,
  present: Vault | Group,
  how: 'create' | 'put' | 'patch',
): Vault {
  const { azure, request, caller, params } = call;
  const { body } = request;
  const properties = optionalRecord(body.properties, 'properties') ?? {};
  const before =
    how === 'create' ? newVault(call, present as Group) : (present as Vault);
  const keep = how === 'patch';
  const given =
    properties.accessPolicies !== undefined &&
    properties.accessPolicies !== null;
  const networkAcls = readAcls(properties.networkAcls);
  const rbac = optionalFlag(properties, 'enableRbacAuthorization');
  const vault: Vault = {
    ...before,
    name: before.name ?? params.name,
    tags: stringMap(body.tags, 'tags') ?? (keep ? before.tags : {}),
    sku: readSku(properties.sku, before.sku),
    accessPolicies: given ? readPolicies(properties) : before.accessPolicies,
    flags: {
      ...before.flags,
      ...Object.fromEntries(
        FLAGS.flatMap(name => {
          const flag = optionalFlag(properties, name);
          return flag === undefined ? [] : [[name, flag]];
        }),
      ),
    },
    publicNetworkAccess: oneOf(
      properties.publicNetworkAccess ?? before.publicNetworkAccess,
      ['Enabled', 'Disabled'],
      'publicNetworkAccess',
    ),
    modifiedAt: azure.now(),
    modifiedBy: caller.id,
    ...(networkAcls && { networkAcls }),
    ...(rbac !== undefined && { enableRbacAuthorization: rbac }),
    ...readPurgeProtection(properties, before),
  };
  checkRetention(properties, vault, how);
  checkSoftDelete(properties, how);
  if (!keep && !given && !vault.enableRbacAuthorization) {
    throw errors.policiesRequired();
  }
  return how === 'create' ? withRetention(vault, properties) : vault;
}

function newVault(
  { azure, request, params, caller }: Call,
  group: Group,
): Vault {
  const { body } = request;
  if (!body.location) {
    throw arm.locationRequired();
  }
  const properties = asRecord(body.properties, 'properties');
  const version = request.query.get('api-version') ?? '';
  const now = azure.now();
  return {
    id: resourceId(group.subscriptionId, group.name, TYPES.vault, params.name),
    subscriptionId: group.subscriptionId,
    group: group.name,
    name: params.name,
    location: readLocation(
      requiredString(body.location, 'location'),
      TYPES.vault,
    ),
    tags: {},
    createdAt: now,
    createdBy: caller.id,
    modifiedAt: now,
    modifiedBy: caller.id,
    tenantId: requiredString(properties.tenantId, 'properties.tenantId'),
    sku: readSku(properties.sku),
    accessPolicies: [],
    softDeleteRetentionInDays: DEFAULT_RETENTION_DAYS,
    publicNetworkAccess: 'Enabled',
    flags: {},
    ...(version >= RBAC_BY_DEFAULT_FROM && { enableRbacAuthorization: true }),
  };
}

function readSku(
  value: unknown,
  present?: Vault['sku'],
): { family: string; name: string } {
  const sku = optionalRecord(value, 'properties.sku');
  if (!sku) {
    if (!present) throw arm.invalidBody('properties.sku is required');
    return present;
  }
  const name = requiredString(sku.name, 'properties.sku.name').toLowerCase();
  if (name !== 'standard' && name !== 'premium') {
    throw errors.invalid("The sku name must be 'standard' or 'premium'.");
  }
  return { family: 'A', name };
}

function optionalFlag(
  properties: Record<string, unknown>,
  name: string,
): boolean | undefined {
  const value = properties[name];
  if (value === undefined || value === null) {
    return undefined;
  }
  if (typeof value !== 'boolean') {
    throw arm.invalidBody(`properties.${name} must be true or false`);
  }
  return value;
}

function readPurgeProtection(
  properties: Record<string, unknown>,
  before: Vault,
): Pick<Vault, 'enablePurgeProtection'> {
  const desired = optionalFlag(properties, 'enablePurgeProtection');
  if (desired === false) {
    throw errors.purgeProtectionStays();
  }
  return desired || before.enablePurgeProtection
    ? { enablePurgeProtection: true }
    : {};
}

function checkSoftDelete(properties: Record<string, unknown>, how: string) {
  if (optionalFlag(properties, 'enableSoftDelete') === false) {
    throw how === 'create'
      ? errors.softDeleteRequired()
      : errors.softDeleteStays();
  }
}

function oneOf(value: unknown, values: string[], field: string): string {
  const found = values.find(
    known => typeof value === 'string' && same(known, value),
  );
  if (!found) {
    throw errors.invalid(
      `The value of ${field} must be one of ${values.join(', ')}.`,
    );
  }
  return found;
}

function retentionOf(properties: Record<string, unknown>): number | undefined {
  const days = properties.softDeleteRetentionInDays;
  if (days === undefined || days === null) {
    return undefined;
  }
  if (
    !Number.isInteger(days) ||
    Number(days) < RETENTION_DAYS.least ||
    Number(days) > RETENTION_DAYS.most
  ) {
    throw errors.invalid(
      `The value for softDeleteRetentionInDays must be between ${RETENTION_DAYS.least} and ${RETENTION_DAYS.most}.`,
    );
  }
  return Number(days);
}

function checkRetention(
  properties: Record<string, unknown>,
  vault: Vault,
  how: string,
) {
  const days = retentionOf(properties);
  if (
    how !== 'create' &&
    days !== undefined &&
    days !== vault.softDeleteRetentionInDays
  ) {
    throw errors.retentionStays();
  }
}

function withRetention(
  vault: Vault,
  properties: Record<string, unknown>,
): Vault {
  return {
    ...vault,
    softDeleteRetentionInDays:
      retentionOf(properties) ?? vault.softDeleteRetentionInDays,
  };
}

function readAcls(value: unknown): NetworkAcls | undefined {
  const acls = optionalRecord(value, 'properties.networkAcls');
  if (!acls) {
    return undefined;
  }
  return {
    bypass: oneOf(
      acls.bypass ?? 'AzureServices',
      ['AzureServices', 'None'],
      'networkAcls.bypass',
    ),
    defaultAction: oneOf(
      acls.defaultAction ?? 'Allow',
      ['Allow', 'Deny'],
      'networkAcls.defaultAction',
    ),
    ipRules: (optionalArray(acls.ipRules, 'networkAcls.ipRules') ?? []).map(
      rule => ({
        value: readAddress(
          requiredString(
            asRecord(rule, 'networkAcls.ipRules').value,
            'networkAcls.ipRules.value',
          ),
        ),
      }),
    ),
    virtualNetworkRules: (
      optionalArray(
        acls.virtualNetworkRules,
        'networkAcls.virtualNetworkRules',
      ) ?? []
    ).map(rule => ({
      id: requiredString(
        asRecord(rule, 'networkAcls.virtualNetworkRules').id,
        'networkAcls.virtualNetworkRules.id',
      ),
    })),
  };
}

/** An IP address or a range in CIDR notation. */
function readAddress(value: string): string {
  const [address, bits, ...rest] = value.split('/');
  const widest = isIP(address) === 6 ? 128 : 32;
  const valid =
    isIP(address) !== 0 &&
    rest.length === 0 &&
    (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= widest));
  if (!valid) {
    throw errors.invalid(
      `The value '${value}' of networkAcls.ipRules is not an IP address or a CIDR range.`,
    );
  }
  return value;
}

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
