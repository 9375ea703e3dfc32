import { arm, registry as errors } from '../errors';
import { same } from '../state/ids';
import { UNTAGGED_RETENTION_DAYS } from '../assumptions';
import { asRecord, optionalArray, optionalRecord } from '../http/body';

type Settings = Record<string, unknown>;

const SWITCH = ['enabled', 'disabled'];
const CAPITAL_SWITCH = ['Enabled', 'Disabled'];

/** Largest number of days of a retention policy. Days. */
const POLICY_DAYS = { least: 0, most: 365 };

/** The policies of a registry, with the values of their fields; numbers are days. */
const POLICIES: Record<string, Record<string, string[] | 'days'>> = {
  quarantinePolicy: { status: SWITCH },
  trustPolicy: { type: ['Notary'], status: SWITCH },
  retentionPolicy: { days: 'days', status: SWITCH },
  exportPolicy: { status: SWITCH },
  azureADAuthenticationAsArmPolicy: { status: SWITCH },
  softDeletePolicy: { retentionDays: 'days', status: SWITCH },
};

const TEXTS: Record<string, string[]> = {
  publicNetworkAccess: CAPITAL_SWITCH,
  networkRuleBypassOptions: ['AzureServices', 'None'],
  zoneRedundancy: CAPITAL_SWITCH,
  roleAssignmentMode: [
    'LegacyRegistryPermissions',
    'AbacRepositoryPermissions',
  ],
};

const FLAGS = [
  'adminUserEnabled',
  'dataEndpointEnabled',
  'networkRuleBypassAllowedForTasks',
  'anonymousPullEnabled',
];

/** Cannot be changed after creation: updates do not have the field. */
const ONLY_AT_CREATION = ['zoneRedundancy'];

const dotnetTime = (ms: number) =>
  new Date(ms).toISOString().replace('Z', '0000+00:00');

/**
 * The soft delete policy of a registry that never changed it. Only preview versions show it, so it is
 * kept apart from the other policies, and only once it was changed.
 */
export const defaultSoftDelete = (now: number) => ({
  retentionDays: UNTAGGED_RETENTION_DAYS,
  lastUpdatedTime: dotnetTime(now),
  status: 'disabled',
});

export function defaultSettings(now: number): Settings {
  return {
    adminUserEnabled: false,
    networkRuleSet: {
      defaultAction: 'Allow',
      virtualNetworkRules: [],
      ipRules: [],
    },
    policies: {
      quarantinePolicy: { status: 'disabled' },
      trustPolicy: { type: 'Notary', status: 'disabled' },
      retentionPolicy: {
        days: UNTAGGED_RETENTION_DAYS,
        lastUpdatedTime: dotnetTime(now),
        status: 'disabled',
      },
      exportPolicy: { status: 'enabled' },
      azureADAuthenticationAsArmPolicy: { status: 'enabled' },
    },
    dataEndpointEnabled: false,
    publicNetworkAccess: 'Enabled',
    networkRuleBypassOptions: 'AzureServices',
    networkRuleBypassAllowedForTasks: false,
    zoneRedundancy: 'Disabled',
    anonymousPullEnabled: false,
    roleAssignmentMode: 'LegacyRegistryPermissions',
  };
}

/** The settings after a request: fields that it does not name keep their value, in policies as well. */
export function mergeSettings(
  present: Settings,
  properties: Settings,
  { creating, now }: { creating: boolean; now: number },
): Settings {
  const settings: Settings = { ...present };
  for (const name of FLAGS) {
    const value = properties[name] ?? undefined;
    if (value === undefined) continue;
    if (typeof value !== 'boolean') {
      throw arm.invalidBody(`properties.${name} must be true or false`);
    }
    settings[name] = value;
  }
  for (const [name, values] of Object.entries(TEXTS)) {
    const value = properties[name] ?? undefined;
    if (value === undefined) continue;
    if (!creating && ONLY_AT_CREATION.includes(name)) continue;
    settings[name] = oneOf(value, values, `properties.${name}`);
  }
  settings.networkRuleSet = mergeRules(
    asRecord(present.networkRuleSet, 'properties.networkRuleSet'),
    properties.networkRuleSet,
  );
  const { softDeletePolicy, ...policies } = mergePolicies(
    {
      ...asRecord(present.policies, 'properties.policies'),
      softDeletePolicy: present.softDeletePolicy ?? defaultSoftDelete(now),
    },
    properties.policies,
    now,
  );
  const changesSoftDelete = optionalRecord(
    properties.policies,
    'properties.policies',
  )?.softDeletePolicy;
  return {
    ...settings,
    policies,
    ...(changesSoftDelete ? { softDeletePolicy } : {}),
  };
}

function oneOf(value: unknown, values: string[], field: string): string {
  const found = values.find(
    known => typeof value === 'string' && same(known, value),
  );
  if (!found) {
    throw arm.invalidBody(`${field} must be one of ${values.join(', ')}`);
  }
  return found;
}

function mergeRules(present: Settings, value: unknown): Settings {
  const given = optionalRecord(value, 'properties.networkRuleSet');
  if (!given) return present;
  const list = (name: string) =>
    optionalArray(given[name], `properties.networkRuleSet.${name}`) ??
    present[name];
  return {
    defaultAction: oneOf(
      given.defaultAction ?? present.defaultAction,
      ['Allow', 'Deny'],
      'properties.networkRuleSet.defaultAction',
    ),
    virtualNetworkRules: list('virtualNetworkRules'),
    ipRules: list('ipRules'),
  };
}

function mergePolicies(
  present: Settings,
  value: unknown,
  now: number,
): Settings {
  const given = optionalRecord(value, 'properties.policies') ?? {};
  const merged: Settings = { ...present };
  for (const [name, fields] of Object.entries(POLICIES)) {
    const field = `properties.policies.${name}`;
    const change = optionalRecord(given[name], field);
    if (!change) continue;
    const before = optionalRecord(present[name], field) ?? {};
    const after: Settings = { ...before };
    for (const [key, values] of Object.entries(fields)) {
      if (change[key] === undefined || change[key] === null) continue;
      after[key] =
        values === 'days'
          ? readDays(change[key], `${field}.${key}`)
          : oneOf(change[key], values, `${field}.${key}`);
    }
    const changed = Object.keys(fields).some(key => after[key] !== before[key]);
    merged[name] =
      changed && 'lastUpdatedTime' in before
        ? { ...after, lastUpdatedTime: dotnetTime(now) }
        : after;
  }
  return merged;
}

function readDays(value: unknown, field: string): number {
  if (
    !Number.isInteger(value) ||
    Number(value) < POLICY_DAYS.least ||
    Number(value) > POLICY_DAYS.most
  ) {
    throw arm.invalidBody(
      `${field} must be a whole number between ${POLICY_DAYS.least} and ${POLICY_DAYS.most}`,
    );
  }
  return Number(value);
}

/** Combinations of settings that Azure refuses. */
export function checkSettings(
  settings: Settings,
  { sku, encrypted }: { sku: string; encrypted: boolean },
) {
  const policies = settings.policies as Record<string, { status?: string }>;
  if (encrypted && policies.trustPolicy.status === 'enabled') {
    throw errors.trustBlockedByEncryption();
  }
  if (
    policies.exportPolicy.status === 'disabled' &&
    settings.publicNetworkAccess !== 'Disabled'
  ) {
    throw errors.exportNeedsClosedNetwork();
  }
  if (sku !== 'Premium') {
    const feature = premiumFeature(settings, policies);
    if (feature) throw errors.featureNeedsPremium(feature);
  }
}

function premiumFeature(
  settings: Settings,
  policies: Record<string, { status?: string }>,
): string | undefined {
  const { defaultAction } = settings.networkRuleSet as Settings;
  const features: Record<string, boolean> = {
    'network rules': defaultAction === 'Deny',
    'disabling public network access':
      settings.publicNetworkAccess === 'Disabled',
    'dedicated data endpoints': settings.dataEndpointEnabled === true,
    'retention policies': policies.retentionPolicy.status === 'enabled',
    'content trust': policies.trustPolicy.status === 'enabled',
    'quarantine policies': policies.quarantinePolicy.status === 'enabled',
  };
  return Object.keys(features).find(name => features[name]);
}
