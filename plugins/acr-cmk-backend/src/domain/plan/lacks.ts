import {
  type Check,
  type KeyIdentifier,
  keyHomeKind,
  utcDay,
} from 'backstage-plugin-acr-cmk-common';
import { check } from '../check';
import type { StepSpec } from '../steps';
import { recoverKey } from '../steps/recoverKey';
import { setVersionEnabled } from '../steps/setVersionEnabled';
import { accessPathsOf } from '../accessPaths';
import { type EncryptedRegistry, shortVersion } from '../encryptedRegistry';
import { isMissing } from '../isMissing';
import { isKeyMissing } from '../missingKey';
import type { PlanContext } from './draft';
import { narrowestGrant } from './grant';

/** A missing part of a registry's access to its key, and the steps that restore it. */
export interface Lack {
  steps: StepSpec[];
  check: Check;
}

/** The key is deleted, or its version in use is disabled or gone. */
export function keyLack(
  { key, keyFacts, versionInUse }: EncryptedRegistry,
  { deletedKey }: PlanContext,
): Lack | undefined {
  const { pass, fail, unknown } = check('key-usable');
  if (!keyFacts.known) {
    if (!isKeyMissing({ keyFacts })) {
      return {
        steps: [],
        check: unknown(
          `Could not determine the state of the key: ${keyFacts.problem.message}.`,
          'Give the read credential the missing permission.',
        ),
      };
    }
    return deletedKeyLack(
      versionInUse ? key.at(versionInUse) : key.versionless,
      deletedKey,
    );
  }
  // Whether that one is missing is not known, which the plan says beside what is.
  if (versionInUse === undefined) return undefined;
  const inUse = keyFacts.value.versions.find(
    ({ version }) => version === versionInUse,
  );
  if (!inUse) {
    return {
      steps: [],
      check: fail(
        `The key has no version ${shortVersion(
          versionInUse,
        )}, which the registry uses.`,
        'A single version cannot be recovered.',
      ),
    };
  }
  if (inUse.enabled) return undefined;
  return {
    steps: [
      setVersionEnabled.build({ key: key.at(inUse.version), enabled: true }),
    ],
    check: pass(
      `Version ${shortVersion(
        inUse.version,
      )}, which the registry uses, is disabled and will be enabled.`,
    ),
  };
}

function deletedKeyLack(
  key: KeyIdentifier,
  deletedKey: PlanContext['deletedKey'],
): Lack {
  const { warn, fail } = check('key-usable');
  const steps: StepSpec[] = [
    recoverKey.build({ key: key.versionless }),
    // A key is recovered with its versions as they were, and which were off does not show before.
    ...(key.version ? [setVersionEnabled.build({ key, enabled: true })] : []),
  ];
  if (!deletedKey?.known) {
    return deletedKey && isMissing(deletedKey)
      ? {
          steps,
          check: warn(
            `The key is neither in the ${keyHomeKind(
              key.vaultName,
            )} nor among its deleted keys. That is normal for some seconds after a deletion; otherwise it was purged, or its retention period has ended.`,
            "Continue: the operation waits some minutes for it to appear. A purged key cannot be recovered, and neither can the registry's content.",
          ),
        }
      : {
          steps: [],
          check: fail(
            `Could not determine whether the key is soft-deleted: ${
              deletedKey?.problem.message ?? 'it was not read'
            }.`,
            'Allow the revoke credential to read keys.',
          ),
        };
  }
  const { scheduledPurgeAt } = deletedKey.value;
  return {
    steps,
    check: warn(
      `The key is soft-deleted${
        scheduledPurgeAt ? ` until ${utcDay(scheduledPurgeAt)}` : ''
      } and will be recovered with all its versions. Role assignments at the key itself may not be recovered with it: Azure does not document it.`,
      'Afterwards, check what else used the key.',
    ),
  };
}

/** The identity has no way to the key, or it cannot be seen. */
export function accessLack(
  encrypted: EncryptedRegistry,
  context: PlanContext,
): Lack | undefined {
  const { pass, fail, unknown } = check('grant');
  const paths = accessPathsOf(encrypted);
  if (paths.known && paths.missing.length === 0) return undefined;
  const grant = narrowestGrant(encrypted, context);
  const steps = grant ? [grant] : [];
  const isOnRecord = context.revokes.length > 0;
  if (!paths.known) {
    const outcome = isOnRecord && grant ? unknown : fail;
    return {
      steps: isOnRecord ? steps : [],
      check: outcome(
        `Could not determine whether the identity has access to the key: ${paths.problem.message}.`,
        'Give the read credential the missing permission.',
      ),
    };
  }
  return {
    steps,
    check: grant
      ? pass(
          whyNoAccess(
            paths.paths.length === 0
              ? 'The identity has no access to the key'
              : `The identity lacks ${paths.missing.join(' and ')} on the key`,
            { isOnRecord, takenBy: context.takenBy },
          ),
        )
      : fail(
          `Could not determine what is missing, because the ${keyHomeKind(
            encrypted.key.vaultName,
          )} could not be read.`,
          'Give the read credential the missing permission.',
        ),
  };
}

function whyNoAccess(
  lack: string,
  {
    isOnRecord,
    takenBy,
  }: { isOnRecord: boolean } & Pick<PlanContext, 'takenBy'>,
): string {
  if (isOnRecord) {
    return `${lack}; what was taken away is on record and is given back.`;
  }
  return takenBy
    ? `${lack}: operation ${takenBy.operationId}, a revoke of ${takenBy.registryName}, removed it. The narrowest grant that works is given.`
    : `${lack}: it was removed outside of this portal. The narrowest grant that works is given.`;
}
