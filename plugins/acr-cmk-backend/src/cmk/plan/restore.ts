import {
  type Check,
  type KeyIdentifier,
  keyRestorePermission,
  type RestoreIntent,
  keyHomeKind,
} from 'backstage-plugin-acr-cmk-common';
import { accessPathsOf } from '../accessPaths';
import { findingsOf } from '../findings';
import { isMissing } from '../isMissing';
import { keyAccessOf, nothingToRestore } from '../keyAccess';
import { readStep, type StepSpec } from '../../steps';
import { confirmKeyState } from '../../steps/confirmKeyState';
import { confirmRestored } from '../../steps/confirmRestored';
import { recoverKey } from '../../steps/recoverKey';
import { resendKey } from '../../steps/resendKey';
import { givesBack } from '../../steps/givesBack';
import type { GivenBack } from '../../steps/step';
import { setVersionEnabled } from '../../steps/setVersionEnabled';
import {
  day,
  shortVersion,
  type EncryptedRegistry,
} from '../encryptedRegistry';
import {
  credentialConfigured,
  firewallPassable,
  identityAttached,
  registryReady,
} from './checks';
import {
  canonicalJson,
  encryptionFields,
  type PlanContext,
  type PlanDraft,
  withEffects,
} from './draft';
import { narrowestGrant } from './grant';
import type { ExistingRegistryIntent } from './intent';

/** What keeps a registry from its key, and the steps that fix it. */
interface Lack {
  steps: StepSpec[];
  check: Check;
}

/** Nothing is missing that a restore gives back. That is not yet access: something may stand in the way. */
function nothingLacks(encrypted: EncryptedRegistry): Check {
  const access = keyAccessOf(findingsOf(encrypted));
  const message = nothingToRestore(access);
  return access.access === 'granted' || message === undefined
    ? {
        id: 'lacks',
        status: 'fail',
        message:
          'The registry has access to its key. There is nothing to restore.',
        remedy:
          'If pulls are refused all the same, rotate to the current key, so that the registry reads its key again.',
      }
    : {
        id: 'key-access',
        status: access.access === 'unknown' ? 'unknown' : 'fail',
        message,
        remedy:
          'Rotate to the current key when that has changed, so that the registry reads its key again.',
      };
}

/** Nothing is missing, but the registry may not have noticed: what was begun is brought to its end. */
const nothingLacksAnyMore = (operationId: string): Check => ({
  id: 'lacks',
  status: 'warn',
  message: `What operation ${operationId} took away is there again, but the operation is not undone yet.`,
  remedy:
    'Continue if pulls are refused: the registry reads its key again, and the operation counts as undone.',
});

/** What has to be there first. */
const ORDER: (GivenBack['what'] | undefined)[] = ['key', 'version', 'access'];
const rank = (spec: StepSpec) => ORDER.indexOf(readStep(spec)?.givesBack?.what);

const revokesInWords = ({ length }: PlanContext['revokes']) =>
  length === 1 ? 'the revoke' : `the ${length} revokes`;

/** Something else keeps the registry from its key, which this restore leaves as it is. */
const staysRevoked: Check = {
  id: 'stays-revoked',
  status: 'warn',
  message:
    'The registry still lacks its key afterwards: something else was taken away, by another revoke or outside of this portal.',
  remedy: 'Restore the registry to give back everything that is missing.',
};

const nothingTaken = (operationId: string): Check => ({
  id: 'lacks',
  status: 'fail',
  message: `Operation ${operationId} is no revoke of this registry that is still to be undone.`,
  remedy: 'Restore the registry to give back everything that is missing.',
});

const keyIsDeleted: Check = {
  id: 'key-usable',
  status: 'fail',
  message:
    'The key is deleted, and this revoke did not delete it. What it took away can be given back once the key is recovered.',
  remedy: 'Restore the registry to give back everything that is missing.',
};

/** The key has to be recovered first, which is not what this restore does. */
const isKeyLeftDeleted = (
  { keyFacts }: EncryptedRegistry,
  stored: readonly StepSpec[],
) =>
  !keyFacts.known &&
  keyFacts.problem.kind === 'not-found' &&
  !stored.some(({ kind }) => kind === 'recover-key');

/**
 * Gives a registry its key back: everything that is missing now, and exactly what each of our revokes
 * stored that is not undone. With `onlyOperation` it is what one revoke stored and nothing else: nobody
 * has agreed to more. A step whose effect is there already only observes it.
 */
function planRestore(
  encrypted: EncryptedRegistry,
  { operationId, onlyOperation = false }: RestoreIntent,
  context: PlanContext,
): PlanDraft {
  const { registry } = encrypted;
  const lacks = [
    keyLack(encrypted, context),
    accessLack(encrypted, context),
  ].filter((lack): lack is Lack => lack !== undefined);
  const revokes = context.revokes.filter(one =>
    onlyOperation
      ? one.pending && one.operationId === operationId
      : one.pending || lacks.length > 0,
  );
  const stored = withoutRepetitions(revokes.flatMap(({ inverse }) => inverse));
  // What the revoke took needs no second step, under whatever name it was granted.
  const isStored = (step: StepSpec) => stored.some(one => covers(one, step));
  const fixes = onlyOperation
    ? []
    : lacks.flatMap(({ steps }) => steps).filter(step => !isStored(step));
  const left = onlyOperation
    ? lacks.filter(({ steps }) => steps.length === 0 || !steps.every(isStored))
    : [];
  const isWhole = left.length === 0;
  const grants = [...stored, ...fixes].sort((a, b) => rank(a) - rank(b));
  const fields = encryptionFields(registry);
  return withEffects(
    {
      summary: summaryOf(encrypted, { stored, revokes, isWhole }),
      before: fields,
      after: fields,
      checks: [
        credentialConfigured('revoke', context),
        credentialConfigured('rotate', context),
        ...(isWhole
          ? [
              registryReady(encrypted),
              identityAttached(encrypted),
              firewallPassable(encrypted),
            ]
          : []),
        ...(onlyOperation && revokes.length === 0
          ? [nothingTaken(operationId ?? '')]
          : lackChecks(encrypted, { lacks, left, revokes })),
        ...(onlyOperation && isKeyLeftDeleted(encrypted, stored)
          ? [keyIsDeleted]
          : []),
      ],
      steps:
        grants.length === 0
          ? []
          : [...grants, ...(isWhole ? confirmWhole(encrypted, grants) : [])],
      inverse: {
        message:
          'Revoke takes the access away again. A role assignment that is created again has a new id.',
        steps: [],
      },
      typedName: null,
    },
    { ...context, registry },
  );
}

/** Undoing a revoke. */
export const restoreIntent: ExistingRegistryIntent<RestoreIntent> = {
  registry: 'existing',
  permission: keyRestorePermission,
  credentials: ['revoke', 'rotate'],
  takesAway: false,
  needs: ({ operationId }) => ({
    revoke: { operationId },
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
  },
): string {
  if (of.stored.length === 0) {
    return `Give ${registry.name} the access that it lacks to the key ${key.keyName}, and have it read the key again.`;
  }
  const taken = `Give ${registry.name} back exactly what ${revokesInWords(
    of.revokes,
  )} took away`;
  return of.isWhole
    ? `${taken}, and have it read its key again.`
    : `${taken}. It still lacks its key afterwards.`;
}

function lackChecks(
  encrypted: EncryptedRegistry,
  of: {
    lacks: readonly Lack[];
    /** Those that the plan leaves as they are. */
    left: readonly Lack[];
    revokes: PlanContext['revokes'];
  },
): Check[] {
  const [latest] = of.revokes;
  if (of.lacks.length === 0) {
    return [
      latest
        ? nothingLacksAnyMore(latest.operationId)
        : nothingLacks(encrypted),
    ];
  }
  return [
    ...of.lacks
      .filter(lack => !of.left.includes(lack))
      .map(({ check }) => check),
    ...(of.left.length > 0 ? [staysRevoked] : []),
  ];
}

/** The registry reads its key again, and can use it. */
function confirmWhole(
  encrypted: EncryptedRegistry,
  grants: readonly StepSpec[],
): StepSpec[] {
  const { registry, vault, identity, key } = encrypted;
  return [
    ...confirmKey(encrypted, grants),
    resendKey.build({ registryId: registry.id }),
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

function withoutRepetitions(steps: readonly StepSpec[]): StepSpec[] {
  const byEffect = new Map<string, StepSpec>();
  for (const step of steps) {
    const effect = givesBack(step) ?? canonicalJson(step);
    if (!byEffect.has(effect)) byEffect.set(effect, step);
  }
  return [...byEffect.values()];
}

/** Does a step that a revoke stored do what `wanted` is to do? */
function covers(stored: StepSpec, wanted: StepSpec): boolean {
  if (
    stored.kind === 'set-version-enabled' &&
    wanted.kind === 'set-version-enabled'
  ) {
    return stored.key === wanted.key;
  }
  return stored.kind === wanted.kind;
}

function keyLack(
  { key, keyFacts, versionInUse }: EncryptedRegistry,
  { deletedKey }: PlanContext,
): Lack | undefined {
  const id = 'key-usable';
  if (!keyFacts.known) {
    if (!isMissing(keyFacts)) {
      return {
        steps: [],
        check: {
          id,
          status: 'unknown',
          message: `Could not determine the state of the key: ${keyFacts.problem.message}.`,
          remedy: 'Give the read credential the missing permission.',
        },
      };
    }
    return deletedKeyLack(
      versionInUse ? key.at(versionInUse) : key.versionless,
      deletedKey,
    );
  }
  const inUse = keyFacts.value.versions.find(
    ({ version }) => version === versionInUse,
  );
  if (!inUse) {
    return {
      steps: [],
      check: {
        id,
        status: 'fail',
        message: `The key has no version ${shortVersion(
          versionInUse ?? '',
        )}, which the registry uses.`,
        remedy: 'A single version cannot be recovered.',
      },
    };
  }
  if (inUse.enabled) return undefined;
  return {
    steps: [
      setVersionEnabled.build({ key: key.at(inUse.version), enabled: true }),
    ],
    check: {
      id,
      status: 'pass',
      message: `Version ${shortVersion(
        inUse.version,
      )}, which the registry uses, is disabled and will be enabled.`,
    },
  };
}

function deletedKeyLack(
  key: KeyIdentifier,
  deletedKey: PlanContext['deletedKey'],
): Lack {
  const id = 'key-usable';
  const steps: StepSpec[] = [
    recoverKey.build({ key: key.versionless }),
    // A key is recovered with its versions as they were, and which were off does not show before.
    ...(key.version ? [setVersionEnabled.build({ key, enabled: true })] : []),
  ];
  if (!deletedKey?.known) {
    return deletedKey && isMissing(deletedKey)
      ? {
          steps,
          check: {
            id,
            // The same status as when it shows, so that its appearing is no change of the plan.
            status: 'warn',
            message: `The key is neither in the ${keyHomeKind(
              key.vaultName,
            )} nor among its deleted keys. That is normal for some seconds after a deletion; otherwise it was purged, or its retention period has ended.`,
            remedy:
              "Continue: the operation waits some minutes for it to appear. A purged key cannot be recovered, and neither can the registry's content.",
          },
        }
      : {
          steps: [],
          check: {
            id,
            status: 'fail',
            message: `Could not determine whether the key is soft-deleted: ${
              deletedKey?.problem.message ?? 'it was not read'
            }.`,
            remedy: 'Allow the revoke credential to read keys.',
          },
        };
  }
  const { scheduledPurgeAt } = deletedKey.value;
  return {
    steps,
    check: {
      id,
      status: 'warn',
      message: `The key is soft-deleted${
        scheduledPurgeAt ? ` until ${day(scheduledPurgeAt)}` : ''
      } and will be recovered with all its versions. Role assignments at the key itself may not be recovered with it: Azure does not document it.`,
      remedy: 'Afterwards, check what else used the key.',
    },
  };
}

function accessLack(
  encrypted: EncryptedRegistry,
  context: PlanContext,
): Lack | undefined {
  const id = 'grant';
  const paths = accessPathsOf(encrypted);
  if (paths.known && paths.paths.length > 0) return undefined;
  const grant = narrowestGrant(encrypted, context);
  const steps = grant ? [grant] : [];
  const isOnRecord = context.revokes.length > 0;
  if (!paths.known) {
    return {
      steps: isOnRecord ? steps : [],
      check: {
        id,
        status: isOnRecord && grant ? 'unknown' : 'fail',
        message: `Could not determine whether the identity has access to the key: ${paths.problem.message}.`,
        remedy: 'Give the read credential the missing permission.',
      },
    };
  }
  return {
    steps,
    check: grant
      ? {
          id,
          status: 'pass',
          message: whyNoAccess(isOnRecord, context.takenBy),
        }
      : {
          id,
          status: 'fail',
          message: `Could not determine what is missing, because the ${keyHomeKind(
            encrypted.key.vaultName,
          )} could not be read.`,
          remedy: 'Give the read credential the missing permission.',
        },
  };
}

function whyNoAccess(
  isOnRecord: boolean,
  takenBy: PlanContext['takenBy'],
): string {
  if (isOnRecord) {
    return 'The identity has no access to the key; what was taken away is on record and is given back.';
  }
  return takenBy
    ? `The identity has no access to the key: operation ${takenBy.operationId}, a revoke of ${takenBy.registryName}, removed it. The narrowest grant that works is given.`
    : 'The identity has no access to the key: it was removed outside of this portal. The narrowest grant that works is given.';
}

/** The proof that the key can be used, where the restore changed it. */
function confirmKey(
  { vault, key, versionInUse, registry }: EncryptedRegistry,
  grants: readonly StepSpec[],
): StepSpec[] {
  const ofKey = grants.some(
    ({ kind }) => kind === 'recover-key' || kind === 'set-version-enabled',
  );
  if (!ofKey || !vault.known || !versionInUse) return [];
  return [
    confirmKeyState.build({
      vaultId: vault.value.id,
      keyName: key.keyName,
      versions: [versionInUse],
      usable: true,
      loginServer: registry.loginServer,
    }),
  ];
}
