import {
  assertNever,
  type Check,
  InvalidInput,
  KeyIdentifier,
  type NewKey,
  type RegistryFacts,
  type RotateIntent,
  type VersionMode,
} from 'backstage-plugin-acr-cmk-common';
import { accessPathsOf } from '../accessPaths';
import type { StepSpec } from '../../steps';
import { attachIdentity } from '../../steps/attachIdentity';
import { awaitAccess } from '../../steps/awaitAccess';
import { awaitFollowing } from '../../steps/awaitFollowing';
import { createKey } from '../../steps/createKey';
import { makeKeyVersion } from '../../steps/makeKeyVersion';
import { pointRegistryAtKey } from '../../steps/pointRegistryAtKey';
import {
  latestVersion,
  shortVersion,
  type EncryptedRegistry,
} from '../encryptedRegistry';
import {
  accessPathExists,
  credentialConfigured,
  firewallPassable,
  hasConverged,
  identityAttached,
  infrastructureCode,
  keyUsable,
  noOtherOperation,
  othersAffected,
  purgeProtected,
  registryReady,
} from './checks';
import { usingKey } from './consumers';
import { encryptionFields, type PlanContext, type PlanDraft } from './draft';
import { narrowestGrant } from './grant';
import { keyNameFree, keyTypeFits, versionExists } from './keyChecks';

/** Where a rotation leads, before it is known which identity comes along. */
interface Goal {
  /** The registry as it would be: its facts are those of the key it would use. */
  target: EncryptedRegistry;
  /** What makes the version, when it is not there yet. */
  make: StepSpec[];
  /** The version in use at the end; unknown when the key has none that can be used. */
  use?: 'new-version' | string;
  checks: Check[];
  affected: RegistryFacts[];
  summary: string;
  /** What cannot be undone, in words. */
  inverse: string;
}

const sameId = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/**
 * A new version of the registry's key, another key, version or mode, another identity, or several
 * of these at once, with the access that this needs.
 */
export function planRotate(
  encrypted: EncryptedRegistry,
  intent: RotateIntent,
  context: PlanContext,
): PlanDraft {
  const identity = context.identity ?? encrypted.identity;
  const goal = goalOf(
    { ...encrypted, identity, assignments: context.target?.assignments },
    encrypted,
    intent,
    context,
  );
  const { target } = goal;
  const { registry } = encrypted;
  const attaches = context.identity !== undefined && !identity.attached;
  const makesKey = goal.make.some(({ kind }) => kind === 'create-key');
  const access = grantFor(target, intent, context);
  const waits =
    intent.follow === 'wait' &&
    target.mode === 'automatic' &&
    goal.make.length > 0 &&
    !makesKey &&
    context.identity === undefined;

  const attach: StepSpec[] = attaches
    ? [
        attachIdentity.build({
          registryId: registry.id,
          identity: identity.userAssigned?.resourceId ?? 'system',
        }),
      ]
    : [];
  const point: StepSpec[] =
    goal.use === undefined
      ? []
      : [
          waits
            ? awaitFollowing.build({ registryId: registry.id })
            : pointAt(target, goal.use, access.length > 0),
        ];
  // A role at a key can be given only once the key is there.
  const prepare = makesKey
    ? [...goal.make, ...attach, ...access]
    : [...attach, ...access, ...goal.make];
  const before = encryptionFields(registry);
  const versionless = target.key.versionless.toString();
  const inUse =
    goal.use === 'new-version'
      ? `${versionless}/<new version>`
      : goal.use && target.key.at(goal.use).toString();
  const after = {
    ...before,
    keyIdentifier:
      target.mode === 'automatic' ? versionless : inUse ?? versionless,
    identity: identity.reference,
    versionedKeyIdentifier: inUse ?? null,
    keyRotationEnabled: target.mode === 'automatic',
  };
  const others = goal.affected.filter(({ id }) => !sameId(id, registry.id));
  return {
    summary: `${goal.summary}${
      waits ? ' It follows by itself within an hour.' : ''
    }${identityInWords(target, attaches)}`,
    before,
    after,
    checks: [
      noOtherOperation(context),
      credentialConfigured('rotate', context),
      ...(access.length > 0 ? [credentialConfigured('revoke', context)] : []),
      registryReady(encrypted),
      identityAttached(target, attaches),
      accessPathExists(target, access.length > 0),
      firewallPassable(target),
      ...goal.checks,
      purgeProtected(target),
      infrastructureCode(target),
      othersAffected(
        others.length,
        'those that follow new versions take this one too, those on a fixed version stay on it.',
        context,
      ),
    ],
    steps: point.length > 0 ? [...prepare, ...point] : [],
    inverse: {
      message: goal.inverse,
      steps:
        goal.make.length === 0 && encrypted.versionInUse
          ? [pointAt(encrypted, encrypted.versionInUse, false)]
          : [],
    },
    affected: goal.affected,
    locks: [
      ...new Set([
        registry.id.toLowerCase(),
        `key:${encrypted.key.keyOfKey}`,
        `key:${target.key.keyOfKey}`,
      ]),
    ],
    typedName: null,
  };
}

function pointAt(
  { registry, key, mode, identity }: EncryptedRegistry,
  use: string,
  afterGrant: boolean,
): StepSpec {
  return pointRegistryAtKey.build({
    registryId: registry.id,
    key: key.versionless,
    mode,
    use,
    identity: identity.reference,
    ...(afterGrant ? { afterGrant } : {}),
  });
}

function identityInWords(
  { identity }: EncryptedRegistry,
  attaches: boolean,
): string {
  if (!attaches) return '';
  return identity.kind === 'system'
    ? ' The system-assigned identity is switched on for it.'
    : ' The identity is attached for it.';
}

/** The grant and the wait for it, when the identity lacks access and the person asked for it. */
function grantFor(
  target: EncryptedRegistry,
  { grantAccess }: RotateIntent,
  context: PlanContext,
): StepSpec[] {
  if (!grantAccess || !target.vault.known) return [];
  const paths = accessPathsOf(target);
  if (target.identity.principalId && !paths.known) return [];
  if (paths.known && paths.paths.length > 0) return [];
  const grant = narrowestGrant(target, context);
  if (!grant) return [];
  return [
    grant,
    awaitAccess.build({
      vaultId: target.vault.value.id,
      keyName: target.key.keyName,
      principalId: target.identity.principalId ?? 'system-identity',
    }),
  ];
}

/** @param wanted - the registry with the identity that it is to use */
function goalOf(
  wanted: EncryptedRegistry,
  encrypted: EncryptedRegistry,
  intent: RotateIntent,
  context: PlanContext,
): Goal {
  const key = intent.key ?? { kind: 'new-version' };
  switch (key.kind) {
    case 'new-version':
      return newVersion(wanted, context);
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
      return newKey({ ...wanted, ...context.target! }, encrypted, key, context);
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
      'the registry does not say which version it uses, so it cannot stay on it; name the version by its key URI',
    );
  }
  return key.at(versionInUse);
}

function newVersion(target: EncryptedRegistry, context: PlanContext): Goal {
  const { registry, key, mode } = target;
  return {
    target,
    make: [makeKeyVersion.build({ key: key.versionless })],
    use: 'new-version',
    checks: [keyUsable(target), hasConverged(target)],
    affected: usingKey(context.registries, key),
    summary:
      mode === 'automatic'
        ? `Make a new version of the key ${key.keyName}; ${registry.name} takes it and goes on following new versions (automatic).`
        : `Make a new version of the key ${key.keyName} and point ${registry.name} at it; it stays on that version until changed (manual).`,
    inverse:
      'A version cannot be unmade. The old version stays enabled, and the registry can be pointed back at it.',
  };
}

function existing(
  wanted: EncryptedRegistry,
  encrypted: EncryptedRegistry,
  key: KeyIdentifier,
): Goal {
  const newest = wanted.keyFacts.known
    ? latestVersion(wanted.keyFacts.value)?.version
    : undefined;
  const use = key.version ?? newest;
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
  const where = `the key ${key.keyName} in ${key.vaultName}`;
  return {
    target,
    make: [],
    use,
    checks: [
      same
        ? {
            id: 'something-to-do',
            status: 'warn',
            message:
              'The registry uses this key, version, mode and identity already; they are sent again, so that it reads the vault now.',
            remedy:
              'Choose another key, version, mode or identity, if that was meant.',
          }
        : {
            id: 'something-to-do',
            status: 'pass',
            message: 'The registry does not use this key in this way yet.',
          },
      keyUsable(target),
      versionExists(target, key),
      oldVersionUsable(encrypted),
    ],
    affected: [registry],
    summary: key.version
      ? `Point ${registry.name} at version ${shortVersion(
          key.version,
        )} of ${where}; it stays on that version until changed (manual).`
      : `Point ${registry.name} at ${where}; it follows new versions, within about an hour (automatic).`,
    inverse: `Rotate to the existing key ${encrypted.registry.encryption.keyIdentifier} to go back, as long as its old version stays enabled.`,
  };
}

function newKey(
  wanted: EncryptedRegistry,
  encrypted: EncryptedRegistry,
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
    asked.type ?? (/HSM$/i.test(current?.type ?? '') ? 'RSA-HSM' : 'RSA');
  const size = asked.size ?? current?.size ?? 3072;
  const { registry } = encrypted;
  return {
    target,
    make: [createKey.build({ key, type, size })],
    use: 'new-version',
    checks: [
      keyTypeFits(target, type),
      keyNameFree(target, context),
      oldVersionUsable(encrypted),
    ],
    affected: [registry],
    summary: `Make the key ${key.keyName} (${type} ${size}) in ${
      key.vaultName
    } and point ${registry.name} at it; ${
      target.mode === 'automatic'
        ? 'it follows new versions, within about an hour (automatic).'
        : 'it stays on its first version until changed (manual).'
    }`,
    inverse: `The new key stays in the vault. Rotate to the existing key ${encrypted.registry.encryption.keyIdentifier} to go back, as long as its old version stays enabled.`,
  };
}

/** The data keys are unwrapped with the old version before they are wrapped with the new one. */
function oldVersionUsable({
  keyFacts,
  versionInUse,
  key,
}: EncryptedRegistry): Check {
  const id = 'old-version-usable';
  if (!keyFacts.known) {
    return {
      id,
      status: keyFacts.problem.kind === 'not-found' ? 'fail' : 'unknown',
      message: `Whether the version in use can unwrap the data keys is not known: ${keyFacts.problem.message}.`,
      remedy:
        'The old key must be usable while the registry changes. Restore it first.',
    };
  }
  const inUse = keyFacts.value.versions.find(
    ({ version }) => version === versionInUse,
  );
  return inUse?.enabled
    ? {
        id,
        status: 'pass',
        message:
          'The version in use is enabled, so the data keys can be wrapped anew.',
      }
    : {
        id,
        status: 'fail',
        message: `The version in use of the key ${key.keyName} is disabled or gone, so the data keys cannot be wrapped anew.`,
        remedy: 'Restore it first.',
      };
}
