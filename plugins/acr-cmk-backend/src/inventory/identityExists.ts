import type { Fact } from 'backstage-plugin-acr-cmk-common';
import {
  identityOf,
  type RegistryFactBundle,
} from '../domain/encryptedRegistry';
import { isMissing } from '../domain/isMissing';
import type { Registry } from '../domain/registry';

/** Source of identities. */
export interface IdentityLookup {
  /** ARM id of the one that is known by this client id. */
  idOf(clientId: string): Promise<string | undefined>;
  /** The identity of an ARM id; `not-found` when it is known not to be there. */
  identity(resourceId: string): Promise<Fact<{ clientId: string }>>;
}

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/**
 * Does the encryption identity still exist? Azure goes on naming one that was deleted, without its
 * ids or with them. Says nothing when that cannot be known: it may be where nobody can look.
 */
export async function identityExists(
  registry: Registry,
  lookup: IdentityLookup,
): Promise<Pick<RegistryFactBundle, 'identityExists'>> {
  const exists = await existing(registry, lookup);
  return exists === undefined ? {} : { identityExists: exists };
}

async function existing(
  registry: Registry,
  lookup: IdentityLookup,
): Promise<boolean | undefined> {
  const reference = registry.encryption.identity;
  if (!reference) return undefined;
  const identity = identityOf(registry, reference);
  // Switching the system-assigned identity off deletes it.
  if (identity.kind === 'system') return identity.attached;
  const resourceId =
    identity.userAssigned?.resourceId ?? (await lookup.idOf(reference));
  if (resourceId) {
    const fact = await lookup.identity(resourceId);
    // Another identity of the same name has taken its place.
    if (fact.known) return same(fact.value.clientId, reference);
    return isMissing(fact) ? false : undefined;
  }
  const named = registry.userAssignedIdentities.filter(
    ({ clientId }) => !clientId,
  );
  const facts = await Promise.all(
    named.map(one => lookup.identity(one.resourceId)),
  );
  return facts.some(isMissing) ? false : undefined;
}
