import type {
  KeyIdentifier,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';

/** A subscription, or one resource group of it. */
export interface Scope {
  subscriptionId: string;
  /** Lower case. Without it, the whole subscription. */
  resourceGroup?: string;
}

/** Every subscription below a management group, whichever they are at the moment. */
export interface ManagementGroupScope {
  managementGroup: string;
}

/** An entry of `acrCmk.keys`: entities and owners that a key, or every key of a vault, is open to. */
export interface KeyOwners {
  /** Lower case. */
  vaultName: string;
  /** Lower case. Without it, every key of the vault. */
  keyName?: string;
  /** Lower-cased entity refs. */
  entityRefs: ReadonlySet<string>;
}

/** `acrCmk.identities`: lower-cased ARM id of an identity to lower-cased entity refs. */
export type IdentityOwners = ReadonlyMap<string, ReadonlySet<string>>;

/** `acrCmk.resourceGroups`: lower-cased ARM id of a resource group to lower-cased entity refs. */
export type ResourceGroupOwners = ReadonlyMap<string, ReadonlySet<string>>;

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

/** May keys of the vault of this name be chosen? */
export function vaultNameAllowed(
  { vaults }: { vaults?: ReadonlySet<string> },
  name: string,
): boolean {
  return vaults === undefined || vaults.has(name.toLowerCase());
}

/** Subscriptions that the configured scopes are in, each once. */
export function subscriptionsOf({
  scopes,
}: {
  scopes: readonly Scope[];
}): string[] {
  return [...new Set(scopes.map(({ subscriptionId }) => subscriptionId))];
}

/** Entities and owners that configuration opens this key to, by its own entries and its vault's. */
export function entitiesOfKey(
  { keys }: { keys: readonly KeyOwners[] },
  { vaultName, keyName }: Pick<KeyIdentifier, 'vaultName' | 'keyName'>,
): ReadonlySet<string> {
  const entries = keys.filter(
    entry =>
      entry.vaultName === vaultName.toLowerCase() &&
      (entry.keyName === undefined || entry.keyName === keyName.toLowerCase()),
  );
  return new Set(entries.flatMap(({ entityRefs }) => [...entityRefs]));
}

/** Entities and owners that configuration opens this identity to. */
export function entitiesOfIdentity(
  { identities }: { identities: IdentityOwners },
  resourceId: string,
): ReadonlySet<string> {
  return identities.get(resourceId.toLowerCase()) ?? new Set();
}

/** Entities and owners that configuration lets create registries in this resource group. */
export function entitiesOfGroup(
  { resourceGroups }: { resourceGroups: ResourceGroupOwners },
  groupId: string,
): ReadonlySet<string> {
  return resourceGroups.get(groupId.toLowerCase()) ?? new Set();
}
