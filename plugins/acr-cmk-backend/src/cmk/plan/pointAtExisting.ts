import type { KeyIdentifier } from 'backstage-plugin-acr-cmk-common';
import type { StepSpec } from '../steps';
import { latestVersion, shortVersion, type Subject } from '../subject';
import {
  accessPathExists,
  credentialConfigured,
  firewallPassable,
  identityAttached,
  infrastructureCode,
  keyUsable,
  noOtherOperation,
  purgeProtected,
  registryReady,
} from './checks';
import { encryptionFields, type PlanContext, type PlanDraft } from './draft';

/**
 * Another key, another version, or the same key in the other version mode: the registry pointed at
 * a key that exists.
 *
 * @param target - the registry as it would be: its facts are those of the target's vault and key
 */
export function planPointAtExisting(
  subject: Subject,
  target: Subject,
  wanted: KeyIdentifier,
  context: PlanContext,
): PlanDraft {
  const { registry, identity } = subject;
  const before = encryptionFields(registry);
  const newest = target.keyFacts.known
    ? latestVersion(target.keyFacts.value)?.version
    : undefined;
  const version = wanted.version ?? newest;
  const inUse = version && wanted.versionless.at(version).toString();
  const same =
    before.keyIdentifier === wanted.toString() &&
    before.versionedKeyIdentifier === inUse;

  const point = (key: KeyIdentifier, use: string): StepSpec => ({
    kind: 'point-registry-at-key',
    version: 1,
    registryId: registry.id,
    key: key.versionless.toString(),
    mode: key.version ? 'manual' : 'automatic',
    use,
    identity: identity.reference,
  });
  return {
    summary: wanted.version
      ? `Point ${registry.name} at version ${shortVersion(
          wanted.version,
        )} of the key ${wanted.keyName} in ${
          wanted.vaultName
        }; it stays on that version until changed (manual).`
      : `Point ${registry.name} at the key ${wanted.keyName} in ${wanted.vaultName}; it follows new versions, within about an hour (automatic).`,
    before,
    after: {
      ...before,
      keyIdentifier: wanted.toString(),
      versionedKeyIdentifier: inUse ?? null,
      keyRotationEnabled: wanted.version === undefined,
    },
    checks: [
      noOtherOperation(context),
      credentialConfigured('rotate', context),
      registryReady(subject),
      {
        id: 'something-to-do',
        ...(same
          ? {
              status: 'warn',
              sentence:
                'The registry uses this key in this way already; it is sent again.',
              remedy: 'Choose another key, version or mode, if that was meant.',
            }
          : {
              status: 'pass',
              sentence: 'The registry does not use this key in this way yet.',
            }),
      },
      identityAttached(target),
      accessPathExists(target),
      firewallPassable(target),
      keyUsable(target),
      versionExists(target, wanted),
      purgeProtected(target),
      infrastructureCode(target),
    ],
    steps: version ? [point(wanted, version)] : [],
    inverse: {
      sentence: `Rotate to the existing key ${before.keyIdentifier} to go back, as long as its old version stays enabled.`,
      steps: subject.versionInUse
        ? [point(subject.key, subject.versionInUse)]
        : [],
    },
    touched: [registry],
    locks: [
      ...new Set([
        registry.id.toLowerCase(),
        `key:${subject.key.keyOfKey}`,
        `key:${wanted.keyOfKey}`,
      ]),
    ],
    typedName: null,
  };
}

function versionExists(
  { keyFacts }: Subject,
  wanted: KeyIdentifier,
): PlanDraft['checks'][number] {
  const id = 'version-exists';
  if (!keyFacts.known) {
    return {
      id,
      status: keyFacts.problem.kind === 'not-found' ? 'fail' : 'unknown',
      sentence: `The versions of the key are not known: ${keyFacts.problem.message}.`,
      remedy: 'Choose a key that exists and that the read credential may see.',
    };
  }
  const enabled = keyFacts.value.versions.filter(one => one.enabled);
  const found = wanted.version
    ? enabled.some(({ version }) => version === wanted.version)
    : enabled.length > 0;
  return found
    ? { id, status: 'pass', sentence: 'The version is there and enabled.' }
    : {
        id,
        status: 'fail',
        sentence: wanted.version
          ? `The key has no enabled version ${shortVersion(wanted.version)}.`
          : 'The key has no enabled version.',
        remedy: 'Choose another version, or enable one in the vault.',
      };
}
