import {
  InvalidInput,
  keyRotatePermission,
  type PlannedChange,
  type RotateIntent,
  type RotationPolicy,
} from 'backstage-plugin-acr-cmk-common';
import { accessPathsOf } from '../accessPaths';
import type { EncryptedRegistry } from '../encryptedRegistry';
import type { StepSpec } from '../steps';
import { attachIdentity } from '../steps/attachIdentity';
import { awaitAccess } from '../steps/awaitAccess';
import { awaitFollowing } from '../steps/awaitFollowing';
import { pointRegistryAtKey } from '../steps/pointRegistryAtKey';
import {
  defaultPolicy,
  policyInWords,
  withoutRotation,
} from '../steps/rotationPolicy';
import { setRotationPolicy } from '../steps/setRotationPolicy';
import {
  accessPathExists,
  credentialConfigured,
  firewallPassable,
  identityAttached,
  infrastructureCode,
  othersAffected,
  presentIdentityUsable,
  purgeProtected,
  registryReady,
} from './checks';
import { mayGiveBackByVersion } from '../effects';
import { usingKey } from '../registry';
import {
  encryptionFields,
  type PlanContext,
  type PlanDraft,
  type Steps,
  withEffects,
} from './draft';
import { narrowestGrant } from './grant';
import type { ExistingRegistryIntent } from './intent';
import { goalOf } from './rotateGoals';
import { leavesNoPolicy, policyKnown } from './rotationChecks';

/**
 * A new version of the registry's key, another key, version or mode, another identity, or several
 * of these at once, with the access that this needs.
 */
function planRotate(
  encrypted: EncryptedRegistry,
  intent: RotateIntent,
  context: PlanContext,
): PlanDraft {
  const identity = wantedIdentity(encrypted, context);
  const goal = goalOf(
    {
      wanted: {
        ...encrypted,
        identity,
        assignments: context.target?.assignments,
      },
      encrypted,
    },
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
            : pointAt(target, goal.use, {
                afterGrant: access.length > 0,
                resend: goal.resends,
              }),
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
      target.mode === 'automatic' ? versionless : (inUse ?? versionless),
    identity: identity.reference,
    versionedKeyIdentifier: inUse ?? null,
    keyRotationEnabled: target.mode === 'automatic',
  };
  const makesVersion = goal.make.some(
    ({ kind }) => kind === 'make-key-version',
  );
  const stop = stopOf(target, intent);
  const others =
    makesVersion || stop
      ? usingKey(context.registries, target.key).filter(
          ({ registryId }) => !registryId.equals(registry.registryId),
        )
      : [];
  // The vault stops before the registry is pinned. A Managed HSM makes no version without a policy.
  const steps =
    point.length > 0
      ? [...prepare, ...(stop ? [stop.step] : []), ...point]
      : [];
  const draft: Steps = {
    summary: `${goal.summary}${
      waits ? ' The registry switches to it automatically, within an hour.' : ''
    }${identityInWords(target, attaches)}${
      stop ? ' Automatic rotation of the key is turned off.' : ''
    }`,
    before,
    after,
    checks: [
      credentialConfigured('rotate', context),
      ...(access.length > 0 ? [credentialConfigured('revoke', context)] : []),
      registryReady(encrypted),
      identityAttached(target, attaches),
      ...presentIdentityUsable(encrypted, identity, attaches),
      accessPathExists(target, access.length > 0),
      firewallPassable(target),
      ...goal.checks,
      ...(intent.stopRotation
        ? [policyKnown(target), ...leavesNoPolicy(target)]
        : []),
      purgeProtected(target),
      infrastructureCode(target),
      othersAffected(
        others.length,
        makesVersion
          ? 'registries in automatic mode switch to the new version too, and registries in manual mode keep theirs.'
          : 'the rotation policy applies to the key, so registries in automatic mode get no more versions from it.',
        unlistedBy(
          target,
          {
            makesVersion,
            setsPolicy:
              stop !== undefined ||
              (!makesKey &&
                goal.make.some(({ kind }) => kind === 'set-rotation-policy')),
          },
          context,
        ),
      ),
    ],
    steps,
    changes: stop ? [stop.change] : [],
    inverse: {
      message: `${goal.inverse}${
        access.length > 0 ? ' The access that is granted stays.' : ''
      }${
        stop
          ? ` Set up automatic rotation again to return to the policy (${stop.change.before}).`
          : ''
      }`,
      by: 'rotate',
      steps:
        goal.make.length === 0 && encrypted.versionInUse
          ? [
              pointAt(encrypted, encrypted.versionInUse),
              ...(stop ? [stop.undo] : []),
            ]
          : [],
    },
    typedName: null,
  };
  return withEffects(draft, { ...context, registry });
}

/** Effect on registries that could not be listed. */
function unlistedBy(
  { keyFacts }: EncryptedRegistry,
  { makesVersion, setsPolicy }: { makesVersion: boolean; setsPolicy: boolean },
  { registriesComplete }: PlanContext,
): Parameters<typeof othersAffected>[2] {
  if (setsPolicy) return { registriesComplete };
  // Anything else touches no key that exists.
  if (!makesVersion) return { registriesComplete: true };
  return mayGiveBackByVersion(keyFacts.known ? keyFacts.value : undefined)
    ? { registriesComplete }
    : {
        registriesComplete,
        unlistedKeep:
          'one that uses the key keeps its access, and switches to the new version only in automatic mode.',
      };
}

/** Another version, key, mode or identity for a registry that has a key. */
export const rotateIntent: ExistingRegistryIntent<RotateIntent> = {
  registry: 'existing',
  permission: keyRotatePermission,
  credentials: ['rotate'],
  takesAway: false,
  needs: ({ identity, key }) => ({
    identity,
    targetKey: true,
    ...(key?.kind === 'new-key' ? { deletedKey: 'target' as const } : {}),
  }),
  plan: planRotate,
};

function pointAt(
  { registry, key, mode, identity }: EncryptedRegistry,
  use: string,
  { afterGrant, resend }: { afterGrant?: boolean; resend?: boolean } = {},
): StepSpec {
  return pointRegistryAtKey.build({
    registryId: registry.id,
    key: key.versionless,
    mode,
    use,
    identity: identity.reference,
    ...(afterGrant ? { afterGrant } : {}),
    ...(resend ? { resend } : {}),
  });
}

/** The identity that the registry is to use; of its present one, more is known. */
function wantedIdentity(
  { identity: present }: EncryptedRegistry,
  { identity }: PlanContext,
): EncryptedRegistry['identity'] {
  if (!identity) return present;
  return identity.reference.toLowerCase() === present.reference.toLowerCase()
    ? { ...identity, exists: present.exists }
    : identity;
}

/** The step that turns the key's rotation policy off, if the intent asks for it and there is one. */
function stopOf(
  { key, keyFacts, mode }: EncryptedRegistry,
  { stopRotation }: RotateIntent,
): { step: StepSpec; undo: StepSpec; change: PlannedChange } | undefined {
  if (!stopRotation) return undefined;
  if (mode === 'automatic') {
    throw new InvalidInput(
      'intent.stopRotation',
      'is only for a registry that stays on a version; leave it out, or turn off automatic rotation (automatic-rotation)',
    );
  }
  if (!keyFacts.known || !keyFacts.value.rotatesByPolicy) return undefined;
  const present = keyFacts.value.rotationPolicy ?? defaultPolicy(key);
  const policy = withoutRotation(present, key);
  const set = (to: RotationPolicy) =>
    setRotationPolicy.build({ key: key.versionless, policy: to });
  return {
    step: set(policy),
    undo: set(present),
    change: {
      what: `Rotation policy of the key ${key.keyName}`,
      before: policyInWords(present),
      after: policyInWords(policy),
    },
  };
}

function identityInWords(
  { identity }: EncryptedRegistry,
  attaches: boolean,
): string {
  if (!attaches) return '';
  return identity.kind === 'system'
    ? ' The system-assigned identity is turned on.'
    : ' The identity is attached to the registry.';
}

/** The grant and the wait for it, when the identity lacks access and the intent asks for it. */
function grantFor(
  target: EncryptedRegistry,
  { grantAccess }: RotateIntent,
  context: PlanContext,
): StepSpec[] {
  if (!grantAccess || !target.vault.known) return [];
  const paths = accessPathsOf(target);
  if (target.identity.principalId && !paths.known) return [];
  if (paths.known && paths.missing.length === 0) return [];
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
