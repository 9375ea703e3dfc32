import { Key, KeyVersion, Vault } from '../state/model';
import { DETACHED_IDENTITY_WORKS_MS } from '../assumptions';

/** The purpose of the access: to read its data (unwrap), or to move to a version (get, wrap, unwrap). */
export type ReachPurpose = 'unwrap' | 'rewrap';

export interface ReachFacts {
  identity?: { kind: 'system' | 'user'; lostAt?: number };
  vault?: Vault;
  key?: Key;
  version?: KeyVersion;
  /** The identity's permissions on this key, by access policy or role assignments. */
  may: { get: boolean; wrap: boolean; unwrap: boolean };
  now: number;
  /** Does a user-assigned identity pass a firewall that lets trusted services through? */
  userAssignedPassesBypass: boolean;
}

export type Reach =
  | { reaches: true }
  | { reaches: false; problem: ReachProblem; message: string };

export type ReachProblem =
  | 'identity'
  | 'vault'
  | 'firewall'
  | 'key'
  | 'version'
  | 'disabled'
  | 'dates'
  | 'kind'
  | 'access';

/**
 * Decides whether a registry can access its key: the only rule for pulls, PATCH requests and automatic rotation.
 * A pure function of the facts.
 */
export function reach(facts: ReachFacts, purpose: ReachPurpose): Reach {
  const { identity, vault, key, version, may, now } = facts;
  if (!identity) {
    return unreachable(
      'identity',
      'the identity is not assigned to the registry',
    );
  }
  if (
    identity.lostAt !== undefined &&
    (purpose === 'rewrap' ||
      now >= identity.lostAt + DETACHED_IDENTITY_WORKS_MS)
  ) {
    return unreachable(
      'identity',
      'the identity associated with the registry is inactive',
    );
  }
  if (!vault) {
    return unreachable('vault', 'the key vault was not found');
  }
  if (!passesFirewall(facts, vault, identity.kind)) {
    return unreachable(
      'firewall',
      `the firewall of the key vault ${vault.name} is closed`,
    );
  }
  if (!key || key.deleted) {
    return unreachable('key', 'the key was not found');
  }
  const lacks = lacking(may, purpose);
  if (lacks) {
    return unreachable(
      'access',
      `the identity lacks the key permission ${lacks}`,
    );
  }
  if (!version) {
    return unreachable('version', 'the key version was not found');
  }
  if (!/^RSA/i.test(version.kty)) {
    return unreachable('kind', `a key of type ${version.kty} cannot wrap`);
  }
  if (!version.enabled) {
    return unreachable(
      'disabled',
      `the key version ${version.version} is disabled`,
    );
  }
  // Outside its validity period a key still unwraps but does nothing else (Key Vault's docs).
  if (purpose === 'rewrap' && !withinDates(version, now)) {
    return unreachable(
      'dates',
      `the key version ${version.version} is outside its validity period`,
    );
  }
  return { reaches: true };
}

export function withinDates(version: KeyVersion, now: number): boolean {
  return (
    (version.notBefore === undefined || version.notBefore <= now) &&
    (version.expiresAt === undefined || now < version.expiresAt)
  );
}

/** A registry is a trusted service: it passes a closed vault when `bypass` lets those through. */
function passesFirewall(
  { userAssignedPassesBypass }: ReachFacts,
  vault: Vault,
  kind: 'system' | 'user',
): boolean {
  const closed =
    vault.publicNetworkAccess.toLowerCase() === 'disabled' ||
    vault.networkAcls?.defaultAction.toLowerCase() === 'deny';
  if (!closed) {
    return true;
  }
  const bypass = vault.networkAcls?.bypass ?? 'AzureServices';
  return (
    bypass.toLowerCase() === 'azureservices' &&
    (kind === 'system' || userAssignedPassesBypass)
  );
}

function lacking(
  may: ReachFacts['may'],
  purpose: ReachPurpose,
): string | undefined {
  if (!may.unwrap) return 'unwrapKey';
  if (purpose === 'rewrap' && !may.get) return 'get';
  if (purpose === 'rewrap' && !may.wrap) return 'wrapKey';
  return undefined;
}

function unreachable(problem: ReachProblem, message: string): Reach {
  return { reaches: false, problem, message };
}
