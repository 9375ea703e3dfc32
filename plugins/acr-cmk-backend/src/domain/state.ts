import {
  type AzureProblem,
  type Finding,
  keyHome,
  type KeyVersionFacts,
  type RegistryState,
  utcDay,
} from 'backstage-plugin-acr-cmk-common';
import { ruleOf, stateRank } from './findings';
import { FOLLOW_HOUR_MS } from './timing';
import {
  latestVersion,
  shortVersion,
  type EncryptedRegistry,
} from './encryptedRegistry';

/** The state of a registry's key, with its message. */
export function stateOf(
  encrypted: EncryptedRegistry,
  findings: readonly Finding[],
): RegistryState {
  const [worst] = findings
    .flatMap(finding => {
      const rule = ruleOf(finding);
      return finding.verdict === 'found' && rule?.state
        ? [{ message: finding.message, state: rule.state, rule }]
        : [];
    })
    .sort((a, b) => stateRank(a.rule) - stateRank(b.rule));
  if (worst) {
    const { state, message } = worst;
    const until = state === 'at-risk' ? expiryInUse(encrypted) : undefined;
    return { id: state, message, ...(until ? { until } : {}) };
  }
  const undecided = findings.find(
    finding => finding.verdict === 'undecided' && ruleOf(finding)?.state,
  );
  if (undecided) {
    return {
      id: 'unknown',
      message: unreadInWords(encrypted) ?? undecided.message,
    };
  }

  const latest = encrypted.keyFacts.known
    ? latestVersion(encrypted.keyFacts.value)
    : undefined;
  if (!latest || latest.version === encrypted.versionInUse) {
    return { id: 'current', message: currentInWords(encrypted) };
  }
  if (encrypted.mode === 'manual') return behindOf(encrypted, latest);
  return {
    id: 'converging',
    message: `Version ${shortVersion(
      latest.version,
    )} is new; the registry follows within an hour`,
    until: new Date(Date.parse(latest.created) + FOLLOW_HOUR_MS).toISOString(),
  };
}

/** The latest version is the newest that is enabled: the newest is named where it is another. */
function currentInWords({ keyFacts, versionInUse }: EncryptedRegistry): string {
  const newest = keyFacts.known ? keyFacts.value.versions[0] : undefined;
  return newest && newest.version !== versionInUse
    ? `The registry uses the newest enabled version of its key; ${shortVersion(
        newest.version,
      )} is newer but disabled`
    : 'The registry uses the latest version of its key';
}

/** Problems that are none: the first reading has not come yet. */
const NOT_READ_YET = ['NotRead', 'VaultNotListed'];

const notReadInWords = ({ code }: AzureProblem) =>
  NOT_READ_YET.includes(code) ? 'has not been read yet' : 'could not be read';

/** The vault or key that could not be read, in words: one cause for every check that depends on it. */
function unreadInWords({
  key,
  vault,
  keyFacts,
}: EncryptedRegistry): string | undefined {
  if (!vault.known) {
    return `The ${keyHome(key.vaultName)} ${notReadInWords(vault.problem)}`;
  }
  return keyFacts.known
    ? undefined
    : `The key ${key.keyName} ${notReadInWords(keyFacts.problem)}`;
}

/** The state of a manual registry on an older version: chosen only where an operation shows that. */
function behindOf(
  { changes: { chosen, madeForAnother }, versionInUse }: EncryptedRegistry,
  latest: KeyVersionFacts,
): RegistryState {
  const inUse = shortVersion(versionInUse ?? '');
  const newest = `${shortVersion(latest.version)} of ${utcDay(latest.created)}`;
  if (
    chosen?.version === versionInUse &&
    Date.parse(latest.created) <= chosen!.at
  ) {
    return {
      id: 'behind-by-choice',
      message: `Version ${inUse} was selected, although version ${newest} is newer`,
    };
  }
  return madeForAnother === latest.version
    ? {
        id: 'behind-shared-key',
        message: `Another registry's rotation made version ${newest}; this one stays on ${inUse}`,
      }
    : {
        id: 'behind-manual',
        message: `The registry stays on version ${inUse} (manual); the latest is ${newest}`,
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
export const NO_CMK: RegistryState = {
  id: 'no-cmk',
  message: 'The registry is encrypted with a Microsoft-managed key',
};
