import {
  assertNever,
  type Check,
  InvalidInput,
  type KeyIdentifier,
  type NewKey,
  type RotateIntent,
  type VersionMode,
  keyHome,
  keyHomeKind,
} from 'backstage-plugin-acr-cmk-common';
import { check } from '../check';
import {
  type EncryptedRegistry,
  latestVersion,
  shortVersion,
} from '../encryptedRegistry';
import { accessPathsOf } from '../accessPaths';
import { isKeyMissing } from '../missingKey';
import type { StepSpec } from '../steps';
import { createKey } from '../steps/createKey';
import { makeKeyVersion } from '../steps/makeKeyVersion';
import { policyInWords } from '../steps/rotationPolicy';
import { setRotationPolicy } from '../steps/setRotationPolicy';
import { usingKey } from '../registry';
import type { PlanContext } from './draft';
import {
  hasConverged,
  keyNameFree,
  keyTypeFits,
  keyCanWrap,
  keyUsable,
  versionExists,
  VERSION_NOT_SHOWN,
} from './keyChecks';
import {
  followsPolicy,
  othersFollow,
  policyBeforeRotation,
  roomForVersion,
} from './rotationChecks';

/** Goal of a rotation, before the identity is decided. */
export interface Goal {
  /** The registry as it would be: its facts are those of the key it would use. */
  target: EncryptedRegistry;
  /** Steps that create the version, if it does not exist yet. */
  make: StepSpec[];
  /** The version in use at the end; unknown when the key has none that can be used. */
  use?: 'new-version' | string;
  /** The registry has it all already, and is sent it again. */
  resends?: boolean;
  checks: Check[];
  summary: string;
  /** Text about what can be undone and what cannot. */
  inverse: string;
}

/** A registry as it would be, and as it is. */
interface Sides {
  wanted: EncryptedRegistry;
  encrypted: EncryptedRegistry;
}

/**
 * The goal of a rotation, by the key that the intent names.
 *
 * @param sides.wanted - the registry with the identity that it is to use
 * @param sides.encrypted - the registry as it is
 */
export function goalOf(
  { wanted, encrypted }: Sides,
  intent: RotateIntent,
  context: PlanContext,
): Goal {
  const key = intent.key ?? { kind: 'new-version' };
  if (
    intent.rotateEveryDays !== undefined &&
    (key.kind !== 'new-version' || !wanted.key.isInHsm)
  ) {
    throw new InvalidInput(
      'intent.rotateEveryDays',
      'is only for a new version of a key in a Managed HSM; leave it out, or set up automatic rotation (automatic-rotation)',
    );
  }
  switch (key.kind) {
    case 'new-version':
      return newVersion(wanted, intent, context);
    case 'current':
      return existing(
        wanted,
        encrypted,
        currentKey(encrypted, key.mode ?? encrypted.mode),
      );
    case 'existing': {
      const target = context.target!;
      return existing({ ...wanted, ...target }, encrypted, target.key);
    }
    case 'new-key':
      return newKey(
        { wanted: { ...wanted, ...context.target! }, encrypted },
        key,
        context,
      );
    default:
      return assertNever(key);
  }
}

function currentKey(
  { key, versionInUse }: EncryptedRegistry,
  mode: VersionMode,
): KeyIdentifier {
  if (mode === 'automatic') return key.versionless;
  if (!versionInUse) {
    throw new InvalidInput(
      'intent.key.mode',
      'the registry does not show which version it uses, so it cannot stay on it; name the version by its key URI',
    );
  }
  return key.at(versionInUse);
}

/** The way back to the version in use, and until when it is open. */
function wayBack({ key, versionInUse }: EncryptedRegistry): string {
  return versionInUse
    ? `Rotate to the existing key ${key.at(versionInUse)} undoes it, as long as that version stays enabled${
        key.version
          ? ''
          : '. Version mode only, automatic, then has the registry follow new versions again'
      }.`
    : `Rotate to the existing key ${key} undoes it.`;
}

function newVersion(
  target: EncryptedRegistry,
  { rotateEveryDays }: RotateIntent,
  { registries }: PlanContext,
): Goal {
  const { registry, key, keyFacts, mode } = target;
  const lacksPolicy = keyFacts.known && !keyFacts.value.rotationPolicy;
  const policy =
    rotateEveryDays !== undefined && lacksPolicy
      ? { timeAfterCreate: `P${rotateEveryDays}D` }
      : undefined;
  const others = usingKey(registries, key).filter(
    ({ registryId }) => !registryId.equals(registry.registryId),
  );
  const first = policy
    ? `Set the rotation policy of the key ${key.keyName}: ${policyInWords(
        policy,
      )}. `
    : '';
  return {
    target,
    make: [
      ...(policy
        ? [setRotationPolicy.build({ key: key.versionless, policy })]
        : []),
      makeKeyVersion.build({ key: key.versionless }),
    ],
    use: 'new-version',
    checks: [
      keyUsable(target),
      hasConverged(target),
      ...policyBeforeRotation(target, policy !== undefined),
      ...roomForVersion(target),
      ...(policy ? [followsPolicy(target), othersFollow(others)] : []),
    ],
    summary: `${first}${
      mode === 'automatic'
        ? `Create a new version of the key ${key.keyName}. ${registry.name} switches to it and keeps following new versions (automatic).`
        : `Create a new version of the key ${key.keyName} and point ${registry.name} at it. It stays on that version until it is changed (manual).`
    }`,
    inverse: `${wayBack(target)} The new version stays.${
      policy
        ? ' To remove the rotation policy, turn off automatic rotation.'
        : ''
    }`,
  };
}

function existing(
  wanted: EncryptedRegistry,
  encrypted: EncryptedRegistry,
  key: KeyIdentifier,
): Goal {
  const latest = wanted.keyFacts.known
    ? latestVersion(wanted.keyFacts.value)?.version
    : undefined;
  const use = key.version ?? latest;
  const target: EncryptedRegistry = {
    ...wanted,
    key,
    mode: key.version ? 'manual' : 'automatic',
    // What the target's key is asked about: the version that wraps the data keys then.
    versionInUse: use,
  };
  const { registry } = encrypted;
  const same =
    encrypted.key.equals(key) &&
    encrypted.versionInUse === use &&
    encrypted.identity.reference.toLowerCase() ===
      target.identity.reference.toLowerCase();
  const where = `the key ${key.keyName} in the ${keyHome(key.vaultName)}`;
  return {
    target,
    make: [],
    use,
    resends: same,
    checks: [
      same
        ? check('something-to-do').warn(
            'The registry already uses this key, version, mode and identity. They are sent again, so that it reads its key now.',
            'If you meant another key, version, mode or identity, choose it.',
          )
        : check('something-to-do').pass(
            'The registry does not use this key, version, mode and identity yet.',
          ),
      keyCanWrap(target),
      versionExists(target, key),
      oldVersionUsable(encrypted, {
        isLeft: !encrypted.key.versionless.equals(key.versionless),
      }),
    ],
    summary: key.version
      ? `Point ${registry.name} at version ${shortVersion(
          key.version,
        )} of ${where}. It stays on that version until it is changed (manual).`
      : `Point ${registry.name} at ${where}. It follows new versions, within about an hour (automatic).`,
    inverse: wayBack(encrypted),
  };
}

function newKey(
  { wanted, encrypted }: Sides,
  asked: NewKey,
  context: PlanContext,
): Goal {
  const target: EncryptedRegistry = {
    ...wanted,
    mode: asked.mode ?? 'automatic',
    versionInUse: undefined,
  };
  const { key } = target;
  const current = encrypted.keyFacts.known
    ? encrypted.keyFacts.value
    : undefined;
  const type =
    asked.type ??
    (key.isInHsm || /HSM$/i.test(current?.type ?? '') ? 'RSA-HSM' : 'RSA');
  const size = asked.size ?? current?.size ?? 3072;
  const { registry } = encrypted;
  return {
    target,
    make: [createKey.build({ key, type, size })],
    use: 'new-version',
    checks: [
      keyTypeFits(target, type),
      keyNameFree(target, context),
      oldVersionUsable(encrypted, { isLeft: true }),
    ],
    summary: `Create the key ${key.keyName} (${type} ${size}) in the ${keyHome(
      key.vaultName,
    )} and point ${registry.name} at it. ${
      target.mode === 'automatic'
        ? 'It follows new versions, within about an hour (automatic).'
        : 'It stays on its first version until it is changed (manual).'
    }`,
    inverse: `${wayBack(encrypted)} The new key stays in the ${keyHomeKind(
      key.vaultName,
    )}.`,
  };
}

/**
 * The data keys are unwrapped with the old version before they are wrapped with the new one, so the
 * identity needs its access to the old key until then: Azure refuses the change for as long as it has none.
 *
 * @param change.isLeft - the registry goes to another key; otherwise access to this one is a check of its own
 */
function oldVersionUsable(
  encrypted: EncryptedRegistry,
  { isLeft }: { isLeft: boolean },
): Check {
  const { keyFacts, versionInUse, key } = encrypted;
  const { pass, fail, unknown } = check('old-version-usable');
  if (!keyFacts.known) {
    const outcome = isKeyMissing(encrypted) ? fail : unknown;
    return outcome(
      `Could not determine whether the version in use can unwrap the data keys: ${keyFacts.problem.message}.`,
      'The old key has to be usable while the registry changes. Restore it first.',
    );
  }
  const paths = accessPathsOf(encrypted);
  // A Managed HSM does not show what groups have.
  if (isLeft && !key.isInHsm && paths.known && paths.paths.length === 0) {
    return fail(
      `The encryption identity has no access to the key ${key.keyName}, so the data keys cannot be wrapped with the new key.`,
      'Restore it first.',
    );
  }
  if (versionInUse === undefined) {
    return unknown(
      VERSION_NOT_SHOWN,
      'Continue: Azure refuses the change if it cannot use that version.',
    );
  }
  const inUse = keyFacts.value.versions.find(
    ({ version }) => version === versionInUse,
  );
  return inUse?.enabled
    ? pass(
        'The version in use is enabled, so the data keys can be wrapped with the new key.',
      )
    : fail(
        `The version in use of the key ${key.keyName} is disabled or deleted, so the data keys cannot be wrapped with the new key.`,
        'Restore it first.',
      );
}
