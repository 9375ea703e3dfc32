import type {
  Finding,
  RegistryState,
  RegistryStateId,
} from 'backstage-plugin-acr-cmk-common';
import { FOLLOW_HOUR_MS } from './timing';
import { latestVersion, shortVersion, type Subject } from './subject';

/**
 * Which finding makes which state, worst first. `unreachable` is a fault of the road to the key,
 * `revoked` is access to the key that is not there: taken away, disabled or deleted.
 */
const STATE_OF_FINDING: readonly [finding: string, state: RegistryStateId][] = [
  ['identity-detached', 'unreachable'],
  ['vault-firewall', 'unreachable'],
  ['no-access-path', 'revoked'],
  ['version-unusable', 'revoked'],
  ['key-expired', 'expired'],
  ['pinned-key-trap', 'pinned-key-trap'],
  ['key-behind', 'behind'],
  ['key-expires-soon', 'at-risk'],
];

/** The one word for how a registry's key is, with its sentence. */
export function stateOf(
  subject: Subject,
  findings: readonly Finding[],
): RegistryState {
  for (const [id, state] of STATE_OF_FINDING) {
    const finding = findings.find(
      candidate => candidate.id === id && candidate.verdict === 'found',
    );
    if (finding) {
      const until = state === 'at-risk' ? expiryInUse(subject) : undefined;
      return {
        id: state,
        sentence: finding.sentence,
        ...(until ? { until } : {}),
      };
    }
  }
  const decisive = new Set(STATE_OF_FINDING.map(([id]) => id));
  const undecided = findings.find(
    finding => finding.verdict === 'undecided' && decisive.has(finding.id),
  );
  if (undecided) return { id: 'unknown', sentence: undecided.sentence };

  const latest = subject.keyFacts.known
    ? latestVersion(subject.keyFacts.value)
    : undefined;
  if (!latest || latest.version === subject.versionInUse) {
    return {
      id: 'current',
      sentence: 'The registry uses the newest version of its key',
    };
  }
  if (subject.mode === 'manual') {
    return {
      id: 'behind-by-choice',
      sentence: `The registry stays on version ${shortVersion(
        subject.versionInUse ?? '',
      )}; there is a newer one`,
    };
  }
  return {
    id: 'converging',
    sentence: `Version ${shortVersion(
      latest.version,
    )} is new; the registry is to follow within an hour`,
    until: new Date(Date.parse(latest.created) + FOLLOW_HOUR_MS).toISOString(),
  };
}

function expiryInUse({ keyFacts, versionInUse }: Subject): string | undefined {
  return keyFacts.known
    ? keyFacts.value.versions.find(({ version }) => version === versionInUse)
        ?.expires
    : undefined;
}

/** The state of a registry without a customer-managed key. */
export const NO_CMK: RegistryState = {
  id: 'no-cmk',
  sentence: 'The registry is encrypted with a key of Microsoft',
};
