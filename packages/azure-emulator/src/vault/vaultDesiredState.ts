import { arm, vaultArm as errors } from '../errors';
import { resourceId, same, TYPES } from '../state/ids';
import { readLocation } from '../state/locations';
import { Group, Vault } from '../state/model';
import { readPolicies } from './accessPolicies';
import { oneOf, readAcls } from './vaultNetwork';
import { DEFAULT_RETENTION_DAYS, RETENTION_DAYS } from '../assumptions';
import {
  asRecord,
  optionalRecord,
  optionalString,
  requiredString,
  stringMap,
} from '../http/body';
import type { Call } from '../types';

/** From this api-version on, a new vault uses RBAC unless the request says otherwise. */
const RBAC_BY_DEFAULT_FROM = '2026-02-01';

const FLAGS = [
  'enabledForDeployment',
  'enabledForDiskEncryption',
  'enabledForTemplateDeployment',
];

/** Reads the vault that a request describes; throws Azure's error when it is refused. */
export function readVault(
  call: Call,
  present: Vault | Group,
  how: 'create' | 'put' | 'patch',
): Vault {
  const { azure, request, caller, params } = call;
  const { body } = request;
  const properties = optionalRecord(body.properties, 'properties') ?? {};
  const tenantId = optionalString(properties.tenantId, 'properties.tenantId');
  // In 2018 azure-cli issue 7607 saw another tenant accepted; now a vault belongs to its subscription's [?].
  if (tenantId && !same(tenantId, azure.settings.tenantId)) {
    throw errors.foreignTenant(tenantId);
  }
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
    id: resourceId(group, TYPES.vault, params.name),
    subscriptionId: group.subscriptionId,
    group: group.name,
    name: params.name,
    location: readLocation(
      azure.settings.cloud,
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
