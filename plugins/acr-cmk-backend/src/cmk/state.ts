import type {
  Finding,
  RegistryState,
  RegistryStateId,
} from 'backstage-plugin-acr-cmk-common';
import { FOLLOW_HOUR_MS } from './timing';
import {
  latestVersion,
  shortVersion,
  type EncryptedRegistry,
} from './encryptedRegistry';

/**
 * Which finding makes which state, worst first. `unreachable` is a fault on the path to the key,
 * `revoked` is missing access to the key: removed, disabled or deleted.
 */
const STATE_OF_FINDING: readonly [finding: string, state: RegistryStateId][] = [
  ['identity-deleted', 'unreachable'],
  ['identity-detached', 'unreachable'],
  ['vault-firewall', 'unreachable'],
  ['no-access-path', 'revoked'],
  ['version-unusable', 'revoked'],
  ['key-expired', 'expired'],
  ['pinned-key-trap', 'pinned-key-trap'],
  ['key-behind', 'behind'],
  ['key-expires-soon', 'at-risk'],
];

/** What is said of a state in which nothing is to be told apart. */
export const PLAIN_MESSAGES: Readonly<
  Partial<Record<RegistryStateId, string>>
> = {
  current: 'The registry uses the latest version of its key',
  'no-cmk': 'The registry is encrypted with a Microsoft-managed key',
};

const plain = (id: 'current' | 'no-cmk'): RegistryState => ({
  id,
  message: PLAIN_MESSAGES[id]!,
});

/** The state of a registry's key, with its message. */
export function stateOf(
  encrypted: EncryptedRegistry,
  findings: readonly Finding[],
): RegistryState {
  for (const [id, state] of STATE_OF_FINDING) {
    const finding = findings.find(
      candidate => candidate.id === id && candidate.verdict === 'found',
    );
    if (finding) {
      const until = state === 'at-risk' ? expiryInUse(encrypted) : undefined;
      return {
        id: state,
        message: finding.message,
        ...(until ? { until } : {}),
      };
    }
  }
  const decisive = new Set(STATE_OF_FINDING.map(([id]) => id));
  const undecided = findings.find(
    finding => finding.verdict === 'undecided' && decisive.has(finding.id),
  );
  if (undecided) return { id: 'unknown', message: undecided.message };

  const latest = encrypted.keyFacts.known
    ? latestVersion(encrypted.keyFacts.value)
    : undefined;
  if (!latest || latest.version === encrypted.versionInUse) {
    return plain('current');
  }
  if (encrypted.mode === 'manual') {
    return {
      id: 'behind-by-choice',
      message: `The registry stays on version ${shortVersion(
        encrypted.versionInUse ?? '',
      )}; there is a newer one`,
    };
  }
  return {
    id: 'converging',
    message: `Version ${shortVersion(
      latest.version,
    )} is new; the registry follows within an hour`,
    until: new Date(Date.parse(latest.created) + FOLLOW_HOUR_MS).toISOString(),
  };
}

function expiryInUse({
  keyFacts,
  versionInUse,
}: EncryptedRegistry): string | undefined {
  return keyFacts.known
    ? keyFacts.value.versions.find(({ version }) => version === versionInUse)
        ?.expires
    : undefined;
}

/** The state of a registry without a customer-managed key. */
export const NO_CMK: RegistryState = plain('no-cmk');
