import {
  hsmName,
  isKeyName,
  isVaultName,
  quote,
} from 'backstage-plugin-acr-cmk-common';
import { AzureError } from './AzureError';

/*
 * ARM ids that are not a registry's (that one is `RegistryId`): taken apart and rebuilt, so that
 * only checked names reach a URL.
 */

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** One segment of an ARM path: what Azure's naming rules allow anywhere, and nothing that a URL treats in a special way. */
const SEGMENT = /^(?!\.{1,2}$)[\w\-.()]{1,128}$/;
const LONGEST_ID = 1000;

/** An id that did not pass: nothing has been asked of Azure. */
export function refusedInput(message: string): AzureError {
  return new AzureError(
    { kind: 'refused', code: 'InvalidInput', message },
    { effect: 'refused' },
  );
}

function quoted(text: unknown): string {
  return typeof text === 'string' ? quote(text) : `a ${typeof text}`;
}

/** A subscription id in lower case. */
export function subscriptionIdOf(text: unknown): string {
  return guidOf(text, 'the id of a subscription');
}

/** A GUID in lower case, such as the id of a principal. */
export function guidOf(text: unknown, what: string): string {
  if (typeof text !== 'string' || !GUID.test(text)) {
    throw refusedInput(`${quoted(text)} is not ${what}, which is a GUID`);
  }
  return text.toLowerCase();
}

/** The name of a key, as it stands in a path. */
export function keyNameOf(text: unknown): string {
  if (typeof text !== 'string' || !isKeyName(text)) {
    throw refusedInput(`${quoted(text)} is not a name that a key can have`);
  }
  return text;
}

function segmentsOf(text: unknown, what: string): string[] {
  if (
    typeof text !== 'string' ||
    text.length > LONGEST_ID ||
    !text.startsWith('/')
  ) {
    throw refusedInput(`${quoted(text)} is not ${what}`);
  }
  if (text === '/') return [];
  const segments = text.slice(1).split('/');
  if (!segments.every(segment => SEGMENT.test(segment))) {
    throw refusedInput(`${quoted(text)} is not ${what}`);
  }
  return segments;
}

/** Id of a resource of one known type, in three parts. */
export interface ResourceParts {
  subscriptionId: string;
  resourceGroup: string;
  name: string;
}

function resourceOf(
  text: unknown,
  { provider, type, what }: { provider: string; type: string; what: string },
): ResourceParts {
  const segments = segmentsOf(text, what);
  const [subs, subscriptionId, groups, resourceGroup, provs, ns, ty, name] =
    segments;
  if (
    segments.length !== 8 ||
    subs.toLowerCase() !== 'subscriptions' ||
    !GUID.test(subscriptionId) ||
    groups.toLowerCase() !== 'resourcegroups' ||
    provs.toLowerCase() !== 'providers' ||
    ns.toLowerCase() !== provider.toLowerCase() ||
    ty.toLowerCase() !== type.toLowerCase()
  ) {
    throw refusedInput(
      `${quoted(
        text,
      )} is not ${what}, which looks like /subscriptions/<guid>/resourceGroups/<group>/providers/${provider}/${type}/<name>`,
    );
  }
  return { subscriptionId: subscriptionId.toLowerCase(), resourceGroup, name };
}

/** The ARM id of a vault or Managed HSM in parts. */
export interface VaultParts extends ResourceParts {
  isHsm: boolean;
}

const HSM_ID =
  /^((?:\/[^/]+){6}\/managedhsms\/[^/]+)(?:(\/keys(?:\/[^/]+)?)?)$/i;

/** @throws AzureError unless `text` is exactly the ARM id of a vault or Managed HSM */
export function vaultIdOf(text: unknown): VaultParts {
  const isHsm = typeof text === 'string' && HSM_ID.test(text);
  const parts = resourceOf(text, {
    provider: 'Microsoft.KeyVault',
    type: isHsm ? 'managedHSMs' : 'vaults',
    what: isHsm ? 'the ARM id of a Managed HSM' : 'the ARM id of a vault',
  });
  if (!isVaultName(parts.name)) {
    throw refusedInput(
      `${quoted(parts.name)} is not a name that a vault can have`,
    );
  }
  return { ...parts, isHsm };
}

/** The ARM id of a vault or Managed HSM in Azure's own spelling. */
export function vaultIdText(parts: VaultParts): string {
  const type = parts.isHsm ? 'managedHSMs' : 'vaults';
  return `/subscriptions/${parts.subscriptionId}/resourceGroups/${parts.resourceGroup}/providers/Microsoft.KeyVault/${type}/${parts.name}`;
}

/** A scope of a Managed HSM's own RBAC: the HSM, all its keys, or one key. */
export interface HsmScope {
  /** ARM id of the HSM. */
  hsmId: string;
  /** Name of the HSM, as key identifiers have it. */
  hsm: string;
  /** As the HSM itself writes it: `/`, `/keys` or `/keys/<name>`. */
  scope: string;
}

/** Is this such a scope, or an id below one? Malformed ones included. */
export const isHsmScope = (text: string) => HSM_ID.test(text);

/**
 * Such a scope, which this product writes like a scope of ARM: below the ARM id of the HSM. Nothing for
 * every other scope.
 *
 * @throws AzureError when it is one, and malformed
 */
export function hsmScopeOf(text: unknown): HsmScope | undefined {
  const match = typeof text === 'string' && HSM_ID.exec(text);
  if (!match) return undefined;
  const parts = vaultIdOf(match[1]);
  const scope = match[2] ?? '/';
  const keyName = scope.split('/')[2];
  return {
    hsmId: vaultIdText(parts),
    hsm: hsmName(parts.name),
    scope: keyName === undefined ? scope : `/keys/${keyNameOf(keyName)}`,
  };
}

/** A scope of a Managed HSM's own RBAC, as this product writes it. */
export function hsmScopeText(hsmId: string, scope: string): string {
  return `${hsmId}${scope.replace(/\/$/, '')}`;
}

/** @throws AzureError unless `text` is exactly the ARM id of a user-assigned identity */
export function identityIdOf(text: unknown): ResourceParts {
  return resourceOf(text, {
    provider: 'Microsoft.ManagedIdentity',
    type: 'userAssignedIdentities',
    what: 'the ARM id of a user-assigned identity',
  });
}

/**
 * The ARM id of an identity in Azure's own spelling. Registries answer it with `resourcegroups`
 * in lower case (docs/azure.md).
 */
export function identityIdText(parts: ResourceParts): string {
  return `/subscriptions/${parts.subscriptionId}/resourceGroups/${parts.resourceGroup}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${parts.name}`;
}

/** Name of a management group: 1 to 90 letters, digits and -_(). with no dot at the end. */
const MANAGEMENT_GROUP = /^[\w\-().]{0,89}[\w\-()]$/;

/** The name of a management group, as it stands in a path. */
export function managementGroupOf(text: unknown): string {
  if (typeof text !== 'string' || !MANAGEMENT_GROUP.test(text)) {
    throw refusedInput(
      `${quoted(text)} is not a name that a management group can have`,
    );
  }
  return text;
}

/**
 * A scope that roles and locks can stand at, with its leading slash: a management group, a
 * subscription, a resource group, a resource or a child of one; `/` is the root.
 */
export function scopeOf(text: unknown): string {
  const what = 'a scope of Azure';
  const segments = segmentsOf(text, what);
  if (segments.length === 0) return '/';
  const head = segments[0].toLowerCase();
  const wellFormed =
    head === 'subscriptions'
      ? segments.length >= 2 &&
        segments.length % 2 === 0 &&
        GUID.test(segments[1])
      : head === 'providers' &&
        segments.length === 4 &&
        segments[1].toLowerCase() === 'microsoft.management' &&
        segments[2].toLowerCase() === 'managementgroups';
  if (!wellFormed) throw refusedInput(`${quoted(text)} is not ${what}`);
  return `/${segments.join('/')}`;
}

/** Is `scope` the scope `of` itself or one above it? Without regard to case. */
export function isAtOrAbove(scope: string, of: string): boolean {
  const upper = scope.toLowerCase();
  const lower = of.toLowerCase();
  if (upper === '/' || upper === '') return true;
  // Where a management group stands in the tree does not follow from its id: Azure only ever
  // answers those that are above.
  if (upper.startsWith('/providers/microsoft.management/')) return true;
  return lower === upper || lower.startsWith(`${upper}/`);
}

/** Scope and GUID in the id of a role assignment or a role definition. */
function authorizationIdOf(
  text: unknown,
  { type, what }: { type: string; what: string },
): { scope: string; name: string } {
  const [, scope, found, name] =
    (typeof text === 'string' &&
      /^(.*)\/providers\/microsoft\.authorization\/([^/]+)\/([^/]+)$/i.exec(
        text,
      )) ||
    [];
  if (found?.toLowerCase() !== type || !GUID.test(name)) {
    throw refusedInput(`${quoted(text)} is not ${what}`);
  }
  return { scope: scopeOf(scope || '/'), name: name.toLowerCase() };
}

/** @throws AzureError unless `text` is the full id of a role assignment */
export function roleAssignmentIdOf(text: unknown): {
  scope: string;
  name: string;
} {
  return authorizationIdOf(text, {
    type: 'roleassignments',
    what: 'the id of a role assignment',
  });
}

/**
 * The full id of a role definition, with its leading slash. Built-in roles are answered below a
 * subscription or below the root, as it comes.
 *
 * @throws AzureError unless `text` is one
 */
export function roleDefinitionIdOf(text: unknown): string {
  const { scope, name } = authorizationIdOf(text, {
    type: 'roledefinitions',
    what: 'the id of a role definition',
  });
  return `${scope === '/' ? '' : scope}/providers/Microsoft.Authorization/roleDefinitions/${name}`;
}

/** Subscription of an ARM id, in lower case. The id is not checked: not for a URL. */
export function subscriptionOf(armId: string): string {
  return armId.split('/')[2]?.toLowerCase() ?? '';
}
