import {
  type Check,
  type KeyIdentifier,
  keyRevokePermission,
  type RetireIntent,
} from 'backstage-plugin-acr-cmk-common';
import { check } from '../check';
import { givesBack, type StepSpec } from '../steps';
import { confirmKeyState } from '../steps/confirmKeyState';
import { setVersionEnabled } from '../steps/setVersionEnabled';
import {
  latestVersion,
  shortVersion,
  type EncryptedRegistry,
} from '../encryptedRegistry';
import { credentialConfigured, isBeingChanged } from './checks';
import { type Registry, usingKey } from '../registry';
import {
  encryptionFields,
  type PlanContext,
  type PlanDraft,
  withEffects,
} from './draft';
import type { ExistingRegistryIntent } from './intent';
import { testBefore } from '../steps/recordPull';

/** Disables an old version of a key, once no known registry uses it any more. */
function planRetire(
  encrypted: EncryptedRegistry,
  { version }: RetireIntent,
  context: PlanContext,
): PlanDraft {
  const { registry, key, vault } = encrypted;
  const fields = encryptionFields(registry);
  const consumers = usingKey(context.registries, key);
  const set = (enabled: boolean): StepSpec =>
    setVersionEnabled.build({ key: key.at(version), enabled });
  return withEffects(
    {
      summary: `Disable version ${shortVersion(version)} of the key ${key.keyName}.`,
      before: fields,
      after: fields,
      checks: [
        retireAllowed(context),
        credentialConfigured('revoke', context),
        retirable(encrypted, version),
        ...enabledByRestore(set(true), context),
        versionUnused({ key, version }, consumers, context),
      ],
      steps: [
        testBefore(registry),
        set(false),
        ...(vault.known
          ? [
              confirmKeyState.build({
                vaultId: vault.value.id,
                keyName: key.keyName,
                versions: [version],
                usable: false,
                retired: true,
                registryId: registry.id,
                loginServer: registry.loginServer,
              }),
            ]
          : []),
      ],
      inverse: {
        message:
          'The version can be enabled again in Azure at any time: az keyvault key set-attributes --enabled true.',
        steps: [set(true)],
      },
      typedName: registry.name,
    },
    { ...context, registry },
  );
}

/** Disables a version that is no longer in use. */
export const retireIntent: ExistingRegistryIntent<RetireIntent> = {
  registry: 'existing',
  permission: keyRevokePermission,
  credentials: ['revoke'],
  takesAway: true,
  needs: () => ({ revoke: {} }),
  plan: planRetire,
};

/** A revoke has stored that its restore enables the version again, which would undo the retirement. */
function enabledByRestore(enable: StepSpec, { revokes }: PlanContext): Check[] {
  const revoke = revokes.find(
    ({ pending, inverse }) =>
      pending && inverse.some(step => givesBack(step) === givesBack(enable)),
  );
  return revoke
    ? [
        check('enabled-by-restore').fail(
          `Revoke ${revoke.operationId} is not undone yet, and its restore would enable the version again.`,
          'Restore the registry first.',
        ),
      ]
    : [];
}

function retireAllowed({ allows }: PlanContext): Check {
  const { pass, fail } = check('retire-allowed');
  return allows.retire
    ? pass('Retiring versions is turned on.')
    : fail(
        'Retiring versions is turned off in this portal.',
        'Set acrCmk.operations.retire to true.',
      );
}

function retirable({ keyFacts }: EncryptedRegistry, version: string): Check {
  const { pass, fail } = check('version-retirable');
  if (!keyFacts.known) {
    return fail(
      `The versions of the key could not be read: ${keyFacts.problem.message}.`,
      'Give the read credential the missing permission.',
    );
  }
  const found = keyFacts.value.versions.find(one => one.version === version);
  if (!found?.enabled) {
    return fail(
      found
        ? 'The version is already disabled.'
        : `The key has no version ${shortVersion(version)}.`,
      'Choose an enabled version.',
    );
  }
  return latestVersion(keyFacts.value)?.version === version
    ? fail(
        'It is the latest version, which registries should move to.',
        'Rotate first, then retire the old version.',
      )
    : pass('There is a newer enabled version.');
}

/** If a registry may be missing, it may still use the version. */
function versionUnused(
  { key, version }: { key: KeyIdentifier; version: string },
  consumers: readonly Registry[],
  { registriesComplete, elsewhere }: PlanContext,
): Check {
  const { pass, fail } = check('everybody-moved-on');
  const isLeft = (registry: Registry) =>
    registry.keyInUse?.version === version || registry.key?.version === version;
  /** An update under way may still point it at the version. */
  const isUnsure = (registry: Registry) =>
    registry.keyInUse === undefined || isBeingChanged(registry);
  const left = consumers.filter(isLeft);
  const unsure = consumers.filter(isUnsure);
  const unseen = usingKey(elsewhere, key).filter(
    registry => isLeft(registry) || isUnsure(registry),
  ).length;
  if (left.length + unsure.length === 0 && unseen > 0) {
    return fail(
      `Not known to have moved on: ${unseen} ${
        unseen === 1 ? 'registry' : 'registries'
      } outside of acrCmk.scopes.`,
      'Ask their owners to rotate them first.',
    );
  }
  if (left.length > 0) {
    return fail(
      `Still using it: ${left.map(({ name }) => name).join(', ')}.`,
      'Rotate them to a newer version first.',
    );
  }
  if (unsure.length > 0) {
    return fail(
      `Not known to have moved on: ${unsure
        .map(({ name }) => name)
        .join(', ')}. Azure is changing it, or it does not show its version.`,
      'Try again when Azure has finished.',
    );
  }
  return registriesComplete
    ? pass('No known registry of the key uses the version any more.')
    : fail(
        'Could not determine whether all registries have moved on: not all of them could be listed.',
        'Give the read credential the right to list every scope.',
      );
}
