import {
  type Check,
  keyHomeKind,
  keyRestorePermission,
  type RestoreIntent,
  utcDay,
} from 'backstage-plugin-acr-cmk-common';
import { accessPathsOf } from '../accessPaths';
import { check } from '../check';
import { findingsOf } from '../findings';
import { keyAccessOf, nothingToRestore } from '../keyAccess';
import { isKeyMissing } from '../missingKey';
import { givesBack, readStep, type StepSpec } from '../steps';
import { confirmKeyState } from '../steps/confirmKeyState';
import { confirmRestored } from '../steps/confirmRestored';
import { testBefore } from '../steps/recordPull';
import { resendKey } from '../steps/resendKey';
import type { GivenBack } from '../steps/step';
import {
  type EncryptedRegistry,
  latestVersion,
  shortVersion,
} from '../encryptedRegistry';
import { factsAfter } from './afterwards';
import {
  credentialConfigured,
  firewallPassable,
  identityAttached,
  registryReady,
} from './checks';
import { canonicalJson } from '../canonicalJson';
import {
  encryptionFields,
  type PlanContext,
  type PlanDraft,
  withEffects,
} from './draft';
import type { ExistingRegistryIntent } from './intent';
import { VERSION_NOT_SHOWN } from './keyChecks';
import { accessLack, keyLack, type Lack } from './lacks';

/** Nothing is missing that a restore gives back. That is not yet access: something may stand in the way. */
function nothingMissing(encrypted: EncryptedRegistry): Check {
  const access = keyAccessOf(findingsOf(encrypted));
  const message = nothingToRestore(access);
  if (access.access === 'granted' || message === undefined) {
    return check('lacks').fail(
      'The registry has access to its key. There is nothing to restore.',
      'If pulls are still refused, rotate to the current key, so that the registry reads its key again.',
    );
  }
  const { fail, unknown } = check('key-access');
  const outcome = access.access === 'unknown' ? unknown : fail;
  return outcome(
    message,
    (access.access === 'blocked' && access.remedy) ||
      'Rotate to the current key when that has changed, so that the registry reads its key again.',
  );
}

/** Nothing is missing, but the registry may not have noticed: the restore is completed. */
const accessAlreadyBack = (operationId: string, resends: boolean): Check =>
  check('lacks').warn(
    `Access has returned, but revoke ${operationId} is still open.`,
    resends
      ? 'Continue if pulls are refused: the registry reads its key again, and the operation counts as undone.'
      : 'Continue: the operation counts as undone.',
  );

/**
 * The key cannot be sent again: the registry would wrap its data keys anew, and the vault wraps nothing with a
 * version outside its dates. Undefined when it can, or when the dates are not known.
 *
 * @param grants - the steps that give back what is missing, which may enable a version
 */
function outsideDates(
  encrypted: EncryptedRegistry,
  grants: readonly StepSpec[],
): Check | undefined {
  const { key, keyFacts, mode, versionInUse, now } = factsAfter(
    encrypted,
    grants,
    {},
  );
  if (!keyFacts.known) return undefined;
  const sent =
    mode === 'automatic'
      ? latestVersion(keyFacts.value)
      : keyFacts.value.versions.find(({ version }) => version === versionInUse);
  if (!sent) return undefined;
  const { version, expires, notBefore } = sent;
  const outside = (dates: string, remedy: string) =>
    check('version-dates').warn(
      `Version ${shortVersion(version)} ${dates}. The ${keyHomeKind(
        key.vaultName,
      )} still unwraps with it, but does not wrap, so the key is not sent to the registry again.`,
      remedy,
    );
  if (expires && Date.parse(expires) <= now) {
    return outside(
      `expired on ${utcDay(expires)}`,
      'Continue, then rotate to a new version.',
    );
  }
  return notBefore && Date.parse(notBefore) > now
    ? outside(
        `is not valid before ${utcDay(notBefore)}`,
        'Continue, then rotate to a version that is valid.',
      )
    : undefined;
}

/** Order in which things are given back: a key exists before its versions, and both before access to them. */
const RANKS: Record<GivenBack['what'], number> = {
  key: 0,
  version: 1,
  access: 2,
};
const givenBackBy = (spec: StepSpec) => readStep(spec)?.givesBack?.what;
const rank = (spec: StepSpec) => {
  const what = givenBackBy(spec);
  return what === undefined ? -1 : RANKS[what];
};

const revokesInWords = ({ length }: PlanContext['revokes']) =>
  length === 1 ? 'the revoke' : `the ${length} revokes`;

/** Something else keeps the registry from its key, or may, which this restore leaves as it is. */
const staysRevoked: Check = check('stays-revoked').warn(
  'The registry may still lack its key afterwards: something else was taken away, by another revoke or outside of this portal, or could not be read.',
  'Restore the registry to give back everything that is missing.',
);

/** Whether a plan gives the registry something back and may leave it without its key. */
export const restoresInPart = ({ checks }: Pick<PlanDraft, 'checks'>) =>
  checks.some(({ id }) => id === staysRevoked.id);

const nothingTaken = (operationId: string): Check =>
  check('lacks').fail(
    `Operation ${operationId} is not a pending revoke of this registry.`,
    'Restore the registry to give back everything that is missing.',
  );

const keyIsDeleted: Check = check('key-usable').fail(
  'The key is deleted, and this revoke did not delete it. What it took away can be given back once the key is recovered.',
  'Restore the registry to give back everything that is missing.',
);

/** The key has to be recovered first, which is not what this restore does. */
const isKeyLeftDeleted = (
  encrypted: EncryptedRegistry,
  stored: readonly StepSpec[],
) =>
  isKeyMissing(encrypted) && !stored.some(spec => givenBackBy(spec) === 'key');

/**
 * Whether a revoke took only access of the registry's present identity to its present key. Then the
 * permission to restore this registry is enough to give it back once more.
 */
function concernsPresentAccess(
  { key, identity }: EncryptedRegistry,
  inverse: readonly StepSpec[],
): boolean {
  return inverse.every(spec =>
    readStep(spec)?.effects.every(effect => {
      switch (effect.does) {
        case 'grant':
          return (
            effect.principalId.toLowerCase() ===
            identity.principalId?.toLowerCase()
          );
        case 'change-key':
          return effect.key.keyOfKey === key.keyOfKey;
        default:
          return true;
      }
    }),
  );
}

/**
 * Gives a registry its key back: everything that is missing now, and exactly what each of our revokes
 * stored that is not undone. With `onlyOperation` it is what one revoke stored and nothing else: nobody
 * has agreed to more. A step whose effect is there already only observes it.
 */
function planRestore(
  encrypted: EncryptedRegistry,
  { operationId, onlyOperation = false }: RestoreIntent,
  given: PlanContext,
): PlanDraft {
  const { registry } = encrypted;
  const context = {
    ...given,
    revokes: given.revokes.filter(
      ({ pending, inverse }) =>
        pending || concernsPresentAccess(encrypted, inverse),
    ),
  };
  const lacks = [
    keyLack(encrypted, context),
    accessLack(encrypted, context),
  ].filter((lack): lack is Lack => lack !== undefined);
  const revokes = context.revokes.filter(one =>
    onlyOperation
      ? one.pending && one.operationId === operationId
      : one.pending || lacks.length > 0,
  );
  const stored = distinctSteps(revokes.flatMap(({ inverse }) => inverse));
  // What the revoke took needs no second step, under whatever name it was granted.
  const isStored = (step: StepSpec) =>
    givenBackBy(step) === 'access'
      ? givesWholeAccess(encrypted, stored)
      : stored.some(one => givesBack(one) === givesBack(step));
  const fixes = onlyOperation
    ? []
    : lacks.flatMap(({ steps }) => steps).filter(step => !isStored(step));
  const left = onlyOperation
    ? lacks.filter(({ steps }) => steps.length === 0 || !steps.every(isStored))
    : [];
  const isWhole = left.length === 0;
  const grants = [...stored, ...fixes].sort((a, b) => rank(a) - rank(b));
  const dates =
    isWhole && grants.length > 0 ? outsideDates(encrypted, grants) : undefined;
  const resends = isWhole && dates === undefined;
  const fields = encryptionFields(registry);
  return withEffects(
    {
      summary: summaryOf(encrypted, { stored, revokes, isWhole, resends }),
      before: fields,
      after: fields,
      checks: [
        credentialConfigured('revoke', context),
        credentialConfigured('rotate', context),
        ...(resends ? [registryReady(encrypted)] : []),
        ...(isWhole
          ? [identityAttached(encrypted), firewallPassable(encrypted)]
          : []),
        ...(dates ? [dates] : []),
        ...(encrypted.keyFacts.known && encrypted.versionInUse === undefined
          ? [
              check('key-usable').unknown(
                VERSION_NOT_SHOWN,
                'If pulls stay refused, enable the versions of the key.',
              ),
            ]
          : []),
        ...(onlyOperation && revokes.length === 0
          ? [nothingTaken(operationId ?? '')]
          : lackChecks(encrypted, { lacks, left, revokes, resends })),
        ...(onlyOperation && isKeyLeftDeleted(encrypted, stored)
          ? [keyIsDeleted]
          : []),
      ],
      steps:
        grants.length === 0
          ? []
          : [
              // What pulls get counts only against the answer from before.
              ...(isWhole ? [testBefore(registry)] : []),
              ...grants,
              ...(isWhole ? confirmWhole(encrypted, { grants, resends }) : []),
            ],
      inverse: {
        message:
          'Revoke takes the access away again, at any time. A role assignment that is created again has a new id.',
        by: 'revoke',
        steps: [],
      },
      typedName: null,
    },
    { ...context, registry },
  );
}

/** Undoes a revoke. */
export const restoreIntent: ExistingRegistryIntent<RestoreIntent> = {
  registry: 'existing',
  permission: keyRestorePermission,
  credentials: ['revoke', 'rotate'],
  takesAway: false,
  needs: ({ operationId, onlyOperation }) => ({
    revoke: { operationId, onlyOperation },
    deletedKey: 'current',
  }),
  plan: planRestore,
};

function summaryOf(
  { registry, key }: EncryptedRegistry,
  of: {
    stored: readonly StepSpec[];
    revokes: PlanContext['revokes'];
    isWhole: boolean;
    resends: boolean;
  },
): string {
  if (of.stored.length === 0) {
    return `Give ${registry.name} the access that it lacks to the key ${
      key.keyName
    }${of.resends ? ', and have it read the key again' : ''}.`;
  }
  const taken = `Give ${registry.name} back exactly what ${revokesInWords(
    of.revokes,
  )} took away`;
  if (!of.isWhole) return `${taken}. It may still lack its key afterwards.`;
  return `${taken}${of.resends ? ', and have it read its key again' : ''}.`;
}

function lackChecks(
  encrypted: EncryptedRegistry,
  of: {
    lacks: readonly Lack[];
    /** Lacks that the plan leaves as they are. */
    left: readonly Lack[];
    revokes: PlanContext['revokes'];
    resends: boolean;
  },
): Check[] {
  const [latest] = of.revokes;
  if (of.lacks.length === 0) {
    return [
      latest
        ? accessAlreadyBack(latest.operationId, of.resends)
        : nothingMissing(encrypted),
    ];
  }
  return [
    ...of.lacks.filter(lack => !of.left.includes(lack)).map(lack => lack.check),
    ...(of.left.length > 0 ? [staysRevoked] : []),
  ];
}

/** The registry reads its key again, if it can be sent, and can use it. */
function confirmWhole(
  encrypted: EncryptedRegistry,
  { grants, resends }: { grants: readonly StepSpec[]; resends: boolean },
): StepSpec[] {
  const { registry, vault, identity, key } = encrypted;
  return [
    ...confirmKey(encrypted, grants),
    ...(resends ? [resendKey.build({ registryId: registry.id })] : []),
    ...(vault.known && identity.principalId
      ? [
          confirmRestored.build({
            registryId: registry.id,
            vaultId: vault.value.id,
            keyName: key.keyName,
            principalId: identity.principalId,
            loginServer: registry.loginServer,
          }),
        ]
      : []),
  ];
}

function distinctSteps(steps: readonly StepSpec[]): StepSpec[] {
  const byEffect = new Map<string, StepSpec>();
  for (const step of steps) {
    const effect = givesBack(step) ?? canonicalJson(step);
    if (!byEffect.has(effect)) byEffect.set(effect, step);
  }
  return [...byEffect.values()];
}

/** Do the steps that revokes stored give the identity all that it needs? Then no narrowest grant is needed beside them. */
function givesWholeAccess(
  encrypted: EncryptedRegistry,
  stored: readonly StepSpec[],
): boolean {
  const paths = accessPathsOf(factsAfter(encrypted, stored, {}));
  return paths.known && paths.missing.length === 0;
}

/** The proof that the key can be used, where the restore changed it. */
function confirmKey(
  { vault, key, versionInUse, registry }: EncryptedRegistry,
  grants: readonly StepSpec[],
): StepSpec[] {
  const ofKey = grants.some(spec =>
    ['key', 'version'].includes(givenBackBy(spec) ?? ''),
  );
  if (!ofKey || !vault.known || !versionInUse) return [];
  return [
    confirmKeyState.build({
      vaultId: vault.value.id,
      keyName: key.keyName,
      versions: [versionInUse],
      usable: true,
      registryId: registry.id,
      loginServer: registry.loginServer,
    }),
  ];
}
