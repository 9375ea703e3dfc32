import { type Config, readDurationFromConfig } from '@backstage/config';
import { durationToMilliseconds } from '@backstage/types';
import {
  type Intent,
  isVaultName,
  KeyIdentifier,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import type { CredentialConfig, CredentialsConfig } from './azure/credentials';

/** A subscription, or one resource group of it. */
export interface Scope {
  subscriptionId: string;
  /** Lower case. Without it, the whole subscription. */
  resourceGroup?: string;
}

/** `acrCmk` of app-config, checked. */
export interface AcrCmkConfig {
  scopes: Scope[];
  /** Lower case. Without it, every vault of the scopes' subscriptions. */
  vaults?: ReadonlySet<string>;
  /** Lower-cased registry id to lower-cased entity refs. */
  bindings: ReadonlyMap<string, ReadonlySet<string>>;
  credentials?: CredentialsConfig;
  /** Intents that a second person has to approve. */
  approvals: ReadonlySet<Intent['kind']>;
  /** How long a second person has. */
  approvalExpiresAfterMs: number;
  /** How long an operation that takes something away waits before it begins. */
  waitingSeconds: number;
  /** What is off unless it is said. */
  allows: { retire: boolean; deleteKey: boolean };
  leaseSeconds: number;
  pollMs: number;
  /** Is revoke-key among the actions for programs? */
  actionsRevoke: boolean;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const SCOPE =
  /^\/subscriptions\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\/resourceGroups\/([\w\-.()]{1,90}))?\/?$/i;

/**
 * Reads `acrCmk`.
 *
 * @throws Error that names the key whose value is wrong, and what would be right
 */
export function readConfig(root: Config): AcrCmkConfig {
  const config = root.getOptionalConfig('acrCmk');
  const scopes = (config?.getOptionalStringArray('scopes') ?? []).map(
    (text, index) => {
      const match = SCOPE.exec(text);
      if (!match) {
        throw new Error(
          `acrCmk.scopes[${index}]: '${text}' is neither /subscriptions/<guid> nor /subscriptions/<guid>/resourceGroups/<group>`,
        );
      }
      return {
        subscriptionId: match[1].toLowerCase(),
        resourceGroup: match[2]?.toLowerCase(),
      };
    },
  );
  const vaults = config?.getOptionalStringArray('vaults');
  vaults?.forEach((name, index) => {
    if (!isVaultName(name)) {
      throw new Error(
        `acrCmk.vaults[${index}]: '${name}' is not the name of a vault (3 to 24 letters, digits and hyphens)`,
      );
    }
  });
  return {
    scopes,
    vaults: vaults && new Set(vaults.map(name => name.toLowerCase())),
    bindings: readBindings(config),
    credentials: readCredentials(config),
    approvals: readApprovals(config),
    approvalExpiresAfterMs: duration(
      config,
      'approvals.expireAfter',
      24 * HOUR_MS,
      MINUTE_MS,
      30 * 24 * HOUR_MS,
    ),
    waitingSeconds:
      duration(config, 'waitingPeriod', 0, 0, 7 * 24 * HOUR_MS) / 1000,
    allows: {
      retire: config?.getOptionalBoolean('operations.retire') ?? false,
      deleteKey: config?.getOptionalBoolean('operations.deleteKey') ?? false,
    },
    leaseSeconds: number(config, 'operations.leaseSeconds', 60, 30, 600),
    pollMs: 1000 * number(config, 'operations.pollSeconds', 2, 0.1, 60),
    actionsRevoke: config?.getOptionalBoolean('actions.revoke') ?? false,
  };
}

function readBindings(config: Config | undefined): AcrCmkConfig['bindings'] {
  const bindings = new Map<string, Set<string>>();
  (config?.getOptionalConfigArray('bindings') ?? []).forEach(
    (binding, index) => {
      const at = `acrCmk.bindings[${index}]`;
      const registry = RegistryId.parse(
        binding.getString('registryId'),
        `${at}.registryId`,
      );
      let entityRef: string;
      try {
        entityRef = stringifyEntityRef(
          parseEntityRef(binding.getString('entityRef')),
        );
      } catch {
        throw new Error(
          `${at}.entityRef: must be an entity ref such as resource:default/shop-images`,
        );
      }
      const refs = bindings.get(registry.key) ?? new Set();
      refs.add(entityRef.toLowerCase());
      bindings.set(registry.key, refs);
    },
  );
  return bindings;
}

function readCredentials(
  config: Config | undefined,
): CredentialsConfig | undefined {
  const credentials = config?.getOptionalConfig('azure.credentials');
  if (!credentials) return undefined;
  const read = (name: string): CredentialConfig | undefined => {
    const one = credentials.getOptionalConfig(name);
    const clientId = one?.getOptionalString('clientId');
    // A value that comes from an environment variable which is not set is as good as left out.
    if (!one || !clientId) return undefined;
    const clientSecret = one.getOptionalString('clientSecret');
    const tenantId = one.getOptionalString('tenantId');
    if (!clientSecret) {
      if (tenantId) {
        throw new Error(
          `acrCmk.azure.credentials.${name}.clientSecret: is needed with a tenantId; leave both out for a managed identity`,
        );
      }
      return { clientId };
    }
    if (!tenantId) {
      throw new Error(
        `acrCmk.azure.credentials.${name}.tenantId: is needed with a clientSecret`,
      );
    }
    return { tenantId, clientId, clientSecret };
  };
  return {
    read: read('read'),
    rotate: read('rotate'),
    revoke: read('revoke'),
    provision: read('provision'),
  };
}

/** Intents by their key below `acrCmk.approvals`. */
const APPROVED_INTENTS: [key: string, kind: Intent['kind']][] = [
  ['rotate', 'rotate'],
  ['revoke', 'revoke'],
  ['restore', 'restore'],
  ['retire', 'retire'],
  ['createRegistry', 'create-registry'],
];

function readApprovals(config: Config | undefined): AcrCmkConfig['approvals'] {
  const required = APPROVED_INTENTS.filter(([key]) => {
    const value = config?.getOptionalString(`approvals.${key}`) ?? 'none';
    if (value !== 'none' && value !== 'required') {
      throw new Error(
        `acrCmk.approvals.${key}: must be none or required, is '${value}'`,
      );
    }
    return value === 'required';
  });
  return new Set(required.map(([, kind]) => kind));
}

/** A duration as Backstage writes them: `{ hours: 1 }`, `1h` or `PT1H`. In milliseconds. */
function duration(
  config: Config | undefined,
  key: string,
  otherwise: number,
  least: number,
  most: number,
): number {
  if (!config?.has(key)) return otherwise;
  const ms = durationToMilliseconds(readDurationFromConfig(config, { key }));
  if (!(ms >= least && ms <= most)) {
    throw new Error(
      `acrCmk.${key}: must be ${least / MINUTE_MS} to ${
        most / MINUTE_MS
      } minutes, is ${ms / MINUTE_MS}`,
    );
  }
  return ms;
}

function number(
  config: Config | undefined,
  key: string,
  otherwise: number,
  least: number,
  most: number,
): number {
  const value = config?.getOptionalNumber(key) ?? otherwise;
  if (!(value >= least && value <= most)) {
    throw new Error(`acrCmk.${key}: must be ${least} to ${most}, is ${value}`);
  }
  return value;
}

/** Is the registry in a configured scope? */
export function inScope(
  scopes: readonly Scope[],
  { subscriptionId, resourceGroup }: RegistryId,
): boolean {
  return scopes.some(
    scope =>
      scope.subscriptionId === subscriptionId &&
      (scope.resourceGroup === undefined ||
        scope.resourceGroup === resourceGroup.toLowerCase()),
  );
}

/** May a key of this vault be chosen? */
export function vaultAllowed(
  { vaults }: Pick<AcrCmkConfig, 'vaults'>,
  { vaultName }: KeyIdentifier,
): boolean {
  return vaultNameAllowed({ vaults }, vaultName);
}

/** May keys of the vault of this name be chosen? */
export function vaultNameAllowed(
  { vaults }: Pick<AcrCmkConfig, 'vaults'>,
  name: string,
): boolean {
  return vaults === undefined || vaults.has(name.toLowerCase());
}

/** Subscriptions that the configured scopes are in, each once. */
export function subscriptionsOf({
  scopes,
}: Pick<AcrCmkConfig, 'scopes'>): string[] {
  return [...new Set(scopes.map(({ subscriptionId }) => subscriptionId))];
}
