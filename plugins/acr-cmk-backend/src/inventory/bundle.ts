import type {
  Fact,
  KeyFacts,
  KeyIdentifier,
  RoleAssignmentFacts,
  VaultFacts,
} from 'backstage-plugin-acr-cmk-common';
import type { ChangeHistory } from '../domain/changeHistory';
import {
  type DeletedKey,
  principalOf,
  type RegistryFactBundle,
} from '../domain/encryptedRegistry';
import { isMissing } from '../domain/isMissing';
import type { Registry } from '../domain/registry';
import { keyWithoutVault } from './facts';
import { identityExists, type IdentityLookup } from './identityExists';
import type { StoredFact } from './rows';

/** Source of what a registry's encryption depends on: rows, or Azure where they are older than a caller allows. */
export interface BundleSource extends IdentityLookup {
  vault(name: string): Promise<Fact<VaultFacts>>;
  key(key: KeyIdentifier, vaultId: string): Promise<Fact<KeyFacts>>;
  /** The key as it was last read, for one whose vault is not known. */
  storedKey(key: KeyIdentifier): Promise<StoredFact<KeyFacts> | undefined>;
  assignments(
    principalId: string,
    key: KeyIdentifier,
    vaultId: string,
  ): Promise<Fact<RoleAssignmentFacts[]>>;
  deletedKey(key: KeyIdentifier): Promise<Fact<DeletedKey>>;
  /** Changes by this portal. */
  changes(): Promise<ChangeHistory | undefined>;
}

/**
 * A registry with everything that its encryption depends on.
 *
 * @param since - time since which the registry is known to be as it is
 */
export async function bundleOf(
  registry: Registry,
  source: BundleSource,
  since?: number,
): Promise<RegistryFactBundle> {
  const own = {
    registry,
    ...(since !== undefined && { registrySince: since }),
  };
  const { key } = registry;
  if (!key) return own;
  const [vault, exists, changes] = await Promise.all([
    source.vault(key.vaultName),
    identityExists(registry, source),
    source.changes(),
  ]);
  const bundle = { ...own, vault, ...exists, changes };
  if (!vault.known) {
    const stored = await source.storedKey(key);
    return {
      ...bundle,
      key: keyWithoutVault(key.vaultName, vault.problem, stored),
    };
  }
  const { id, permissionModel } = vault.value;
  const principalId = principalOf(registry);
  const [keyFacts, assignments] = await Promise.all([
    source.key(key, id),
    permissionModel === 'rbac' && principalId
      ? source.assignments(principalId, key, id)
      : undefined,
  ]);
  return {
    ...bundle,
    key: keyFacts,
    assignments,
    ...(isMissing(keyFacts) && { deletedKey: await source.deletedKey(key) }),
  };
}
