import { KeyUri, parseKeyUri, same } from '../state/ids';
import { KeyVersion, Registry, RegistryEncryption } from '../state/model';
import { wrapRights } from '../access/roleAccess';
import { reach, Reach, ReachFacts, ReachPurpose, withinDates } from './reach';
import type { Azure } from '../types';

/** The identity that a registry's encryption names, if it exists. */
interface EncryptionIdentity {
  kind: 'system' | 'user';
  principalId?: string;
  attached: boolean;
}

export function encryptionIdentity(
  azure: Azure,
  registry: Pick<Registry, 'identity'>,
  identity: string,
): EncryptionIdentity {
  if (same(identity, 'system')) {
    const principalId = registry.identity.system?.principalId;
    return { kind: 'system', principalId, attached: Boolean(principalId) };
  }
  const found = azure.identitiesByClientId.first(identity);
  return {
    kind: 'user',
    principalId: found?.principalId,
    attached:
      found !== undefined &&
      registry.identity.users.some(id => same(id, found.id)),
  };
}

/** One key version, and the present or desired encryption of a registry that uses it. */
interface KeyUse {
  registry: Pick<Registry, 'identity'>;
  encryption: Pick<RegistryEncryption, 'identity' | 'identityLostAt'>;
  uri: KeyUri & { version: string };
}

/** Evaluates `reach` for one use of a key. */
export function registryReaches(
  azure: Azure,
  { registry, encryption, uri }: KeyUse,
  purpose: ReachPurpose,
): Reach {
  const { kind, principalId, attached } = encryptionIdentity(
    azure,
    registry,
    encryption.identity,
  );
  const vault = azure.vault(uri.vault);
  const key = azure.key(uri.vault, uri.name);
  const lostAt = encryption.identityLostAt;
  const facts: ReachFacts = {
    identity: attached || lostAt !== undefined ? { kind, lostAt } : undefined,
    vault,
    key,
    version: key?.versions.find(({ version }) => version === uri.version),
    may: wrapRights(azure, { vault, key }, principalId),
    now: azure.now(),
    userAssignedPassesBypass: azure.assumptions.userAssignedPassesBypass,
  };
  return reach(facts, purpose);
}

/** Whether the registry can access the key version in use with its identity. */
export function reachOfVersionInUse(azure: Azure, registry: Registry): Reach {
  const { encryption } = registry;
  const uri = encryption && parseKeyUri(encryption.keyIdentifier);
  if (!encryption || !uri) {
    return { reaches: true };
  }
  return registryReaches(
    azure,
    {
      registry,
      encryption,
      uri: { ...uri, version: encryption.versionInUse },
    },
    'unwrap',
  );
}

/** The newest version that is enabled and valid now. */
export function newestUsable(
  versions: KeyVersion[],
  now: number,
): KeyVersion | undefined {
  return versions.findLast(
    version => version.enabled && withinDates(version, now),
  );
}
