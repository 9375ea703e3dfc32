import type { Check, KeyIdentifier } from 'backstage-plugin-acr-cmk-common';
import { accessPathsOf } from '../accessPaths';
import type { StepSpec } from '../../steps';
import { confirmKeyState } from '../../steps/confirmKeyState';
import { confirmRestored } from '../../steps/confirmRestored';
import { recoverKey } from '../../steps/recoverKey';
import { resendKey } from '../../steps/resendKey';
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
  noOtherOperation,
  registryReady,
} from './checks';
import { encryptionFields, type PlanContext, type PlanDraft } from './draft';
import { narrowestGrant } from './grant';

/** What keeps a registry from its key, and the step that mends each. */
interface Lack {
  step?: StepSpec;
  check: Check;
}

const NOTHING_LACKS: Check = {
  id: 'lacks',
  status: 'fail',
  message:
    'The registry has its key and may use it; nothing is to be restored.',
  remedy:
    'If a pull is refused all the same, rotate to the current key: that makes the registry read the vault again.',
};

/** The key must be there before a version of it, and both before the registry is let in. */
const ORDER: StepSpec['kind'][] = [
  'recover-key',
  'set-version-enabled',
  'add-access-policy',
  'create-role-assignment',
];
const rank = ({ kind }: StepSpec) => ORDER.indexOf(kind);

/**
 * Gives a registry its key back: exactly what a revoke of ours stored, and what was taken away
 * outside beside it.
 */
export function planRestore(
  encrypted: EncryptedRegistry,
  context: PlanContext,
): PlanDraft {
  const { registry, vault, identity } = encrypted;
  const lacks = [
    keyLack(encrypted, context),
    accessLack(encrypted, context),
  ].filter((lack): lack is Lack => lack !== undefined);
  const mending = lacks.flatMap(({ step }) => (step ? [step] : []));
  const stored = lacks.length > 0 ? context.revoked?.inverse ?? [] : [];
  const grants = [
    ...stored,
    // What the revoke took needs no second step, under whatever name it was granted.
    ...mending.filter(step => !stored.some(one => mends(one, step))),
  ].sort((a, b) => rank(a) - rank(b));
  const fields = encryptionFields(registry);
  return {
    summary:
      stored.length > 0
        ? `Give ${registry.name} back exactly what operation ${context.revoked?.operationId} took away, and let it read the vault again.`
        : `Give ${registry.name} back what it lacks to use the key ${encrypted.key.keyName}, and let it read the vault again.`,
    before: fields,
    after: fields,
    checks: [
      noOtherOperation(context),
      credentialConfigured('revoke', context),
      credentialConfigured('rotate', context),
      registryReady(encrypted),
      identityAttached(encrypted),
      firewallPassable(encrypted),
      ...(lacks.length === 0
        ? [NOTHING_LACKS]
        : lacks.map(({ check }) => check)),
    ],
    steps:
      grants.length > 0
        ? [
            ...grants,
            ...confirmKey(encrypted, grants),
            resendKey.build({ registryId: registry.id }),
            ...(vault.known && identity.principalId
              ? [
                  confirmRestored.build({
                    registryId: registry.id,
                    vaultId: vault.value.id,
                    keyName: encrypted.key.keyName,
                    principalId: identity.principalId,
                    loginServer: registry.loginServer,
                  }),
                ]
              : []),
          ]
        : [],
    inverse: {
      message:
        'Revoke takes the key away again. A role assignment that is made anew has another id than the one before.',
      steps: [],
    },
    affected: [registry],
    locks: [registry.id.toLowerCase(), `key:${encrypted.key.keyOfKey}`],
    typedName: null,
  };
}

/** Does a step that a revoke stored do what `wanted` is to do? */
function mends(stored: StepSpec, wanted: StepSpec): boolean {
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
    if (keyFacts.problem.kind !== 'not-found') {
      return {
        check: {
          id,
          status: 'unknown',
          message: `The state of the key is not known: ${keyFacts.problem.message}.`,
          remedy: 'Give the read credential the right that is missing.',
        },
      };
    }
    return deletedKeyLack(key.versionless, deletedKey);
  }
  const inUse = keyFacts.value.versions.find(
    ({ version }) => version === versionInUse,
  );
  if (!inUse) {
    return {
      check: {
        id,
        status: 'fail',
        message: `The key has no version ${shortVersion(
          versionInUse ?? '',
        )}, which the registry uses.`,
        remedy: 'A single version cannot be brought back.',
      },
    };
  }
  if (inUse.enabled) return undefined;
  return {
    step: setVersionEnabled.build({
      key: key.at(inUse.version),
      enabled: true,
    }),
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
  const step = recoverKey.build({ key });
  if (!deletedKey?.known) {
    return deletedKey?.problem.kind === 'not-found'
      ? {
          step,
          check: {
            id,
            // The same word as when it shows: that it comes to show is no change of the plan.
            status: 'warn',
            message:
              'The key shows neither in the vault nor among the deleted ones. For some seconds after a deletion that is so; else it was purged, or its retention has ended.',
            remedy:
              "Go on: the operation waits some minutes for it to show. A purged key cannot be brought back, and neither can the registry's content.",
          },
        }
      : {
          check: {
            id,
            status: 'fail',
            message: `Whether the key is soft-deleted is not known: ${
              deletedKey?.problem.message ?? 'it was not asked'
            }.`,
            remedy: 'Give the revoke credential the right to read keys.',
          },
        };
  }
  const { scheduledPurgeAt } = deletedKey.value;
  return {
    step,
    check: {
      id,
      status: 'warn',
      message: `The key is soft-deleted${
        scheduledPurgeAt ? ` until ${day(scheduledPurgeAt)}` : ''
      } and will be recovered with all its versions. Role assignments at the key itself may not come back with it: Azure does not say.`,
      remedy: 'Look at who else used the key afterwards.',
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
  if (!paths.known) {
    return {
      ...(context.revoked ? { step: grant } : {}),
      check: {
        id,
        status: context.revoked && grant ? 'unknown' : 'fail',
        message: `Whether the identity may use the key is not known: ${paths.problem.message}.`,
        remedy: 'Give the read credential the right that is missing.',
      },
    };
  }
  return {
    step: grant,
    check: grant
      ? {
          id,
          status: 'pass',
          message: context.revoked
            ? 'The identity has no access to the key; what was taken away is on record.'
            : 'The identity has no access to the key, which was taken away outside of this portal; the narrowest grant that works is given.',
        }
      : {
          id,
          status: 'fail',
          message:
            'What is missing cannot be told, because the vault could not be read.',
          remedy: 'Give the read credential the right that is missing.',
        },
  };
}

/** Proof that the key can be used, where the restore did something to it. */
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
