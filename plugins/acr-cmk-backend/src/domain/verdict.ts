/**
 * The verdict on a registry: a function of its facts and the time. The tab, the row of the
 * registry, counts and notifications all use it.
 */
import type { Finding, RegistryState } from 'backstage-plugin-acr-cmk-common';
import {
  type EncryptedRegistry,
  encryptedRegistryOf,
  latestVersion,
  type RegistryFactBundle,
  versionNotReadYet,
} from './encryptedRegistry';
import { findingRules, findingsOf, findingsOfPlain } from './findings';
import { NO_CMK, stateOf } from './state';

export interface RegistryVerdict {
  state: RegistryState;
  findings: Finding[];
  /** Time since which there is a newer version than the one in use, by Azure's clock. Epoch milliseconds. */
  behindSince?: number;
  /** Expiry of the version in use, by Azure's clock. Epoch milliseconds. */
  expiresAt?: number;
  /** Creation of the version in use, by Azure's clock. Epoch milliseconds. */
  versionCreatedAt?: number;
}

const UNREADABLE_KEY: RegistryState = {
  id: 'unknown',
  message: 'The key is not in a Key Vault or Managed HSM of this cloud',
};

/** Applies the rules. `now` is Azure's time, epoch milliseconds. */
export function verdictOf(
  bundle: RegistryFactBundle,
  now: number,
): RegistryVerdict {
  const encrypted = encryptedRegistryOf(bundle, now);
  if (!encrypted) {
    const { registry } = bundle;
    const plain = registry.encryption.status === 'disabled';
    return {
      state: plain ? NO_CMK : UNREADABLE_KEY,
      findings: findingsOfPlain(registry),
    };
  }
  const findings = findingsOf(encrypted);
  return {
    state: stateOf(encrypted, findings),
    findings,
    ...timesOf(encrypted),
  };
}

/**
 * The next moment at which time alone changes the verdict, by Azure's clock; nothing when it never
 * does. Until then the verdict stays as it is unless facts change.
 */
export function nextChangeAt(
  bundle: RegistryFactBundle,
  now: number,
): number | undefined {
  const encrypted = encryptedRegistryOf(bundle, now);
  if (!encrypted) return undefined;
  const moments = findingRules
    .flatMap(rule => (rule.checkAt ? rule.changesAt(encrypted) : []))
    .filter(moment => moment > now);
  return moments.length > 0 ? Math.min(...moments) : undefined;
}

const SEVERITIES = ['info', 'warning', 'error'] as const;

/** Severity of the worst finding: 3 error, 2 warning, 1 info, 0 none. */
export function severityOf(findings: readonly Finding[]): number {
  return Math.max(
    0,
    ...findings
      .filter(({ verdict }) => verdict === 'found')
      .map(({ severity }) => SEVERITIES.indexOf(severity) + 1),
  );
}

function timesOf(
  encrypted: EncryptedRegistry,
): Omit<RegistryVerdict, 'state' | 'findings'> {
  const { keyFacts, versionInUse } = encrypted;
  if (!keyFacts.known || versionNotReadYet(encrypted) !== undefined) return {};
  const { versions } = keyFacts.value;
  const inUse = versions.find(({ version }) => version === versionInUse);
  const latest = latestVersion(keyFacts.value);
  const isBehind =
    latest !== undefined &&
    versionInUse !== undefined &&
    latest.version !== versionInUse;
  // Newest first: those before the one in use are newer.
  const newer = inUse ? versions.slice(0, versions.indexOf(inUse)) : [];
  const first = newer.filter(({ enabled }) => enabled).at(-1) ?? latest;
  return {
    ...(isBehind && first && { behindSince: Date.parse(first.created) }),
    ...(inUse?.expires && { expiresAt: Date.parse(inUse.expires) }),
    ...(inUse && { versionCreatedAt: Date.parse(inUse.created) }),
  };
}
