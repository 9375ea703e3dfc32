import {
  type KeyFacts,
  type KeyVersionFacts,
  keyHomeKind,
  type RevokeMethodId,
} from 'backstage-plugin-acr-cmk-common';
import { check } from '../../check';
import type { StepSpec } from '../../steps';
import { confirmKeyState } from '../../steps/confirmKeyState';
import { deleteKey } from '../../steps/deleteKey';
import { recoverKey } from '../../steps/recoverKey';
import { setVersionEnabled } from '../../steps/setVersionEnabled';
import { shortVersion, type EncryptedRegistry } from '../../encryptedRegistry';
import {
  type MethodPlan,
  type RevokeMethodPlanner,
  type RevokeMethods,
  unavailableMethod,
} from './method';

function unreadable(
  message: string,
  { keyFacts }: EncryptedRegistry,
): MethodPlan | undefined {
  if (keyFacts.known) return undefined;
  return unavailableMethod(
    message,
    `The key cannot be read: ${keyFacts.problem.message}.`,
    [
      check('key-known').fail(
        `The key cannot be read: ${keyFacts.problem.message}.`,
        'Give the read credential the right that is missing.',
      ),
    ],
  );
}

function confirmUnusable(
  { vault, key, registry }: EncryptedRegistry,
  versions: readonly KeyVersionFacts[],
): StepSpec[] {
  return vault.known
    ? [
        confirmKeyState.build({
          vaultId: vault.value.id,
          keyName: key.keyName,
          versions: versions.map(({ version }) => version),
          usable: false,
          registryId: registry.id,
          loginServer: registry.loginServer,
        }),
      ]
    : [];
}

function byDisabling(
  encrypted: EncryptedRegistry,
  {
    versions,
    message,
  }: {
    versions: readonly KeyVersionFacts[];
    message: string;
  },
): MethodPlan {
  const enabled = versions.filter(version => version.enabled);
  if (enabled.length === 0) {
    return unavailableMethod(message, 'It is already disabled or deleted.', [
      check('key-enabled').fail(
        'There is no enabled version left to disable.',
        'Nothing to do. Restore enables it again.',
      ),
    ]);
  }
  const set = (value: boolean): StepSpec[] =>
    enabled.map(({ version }) =>
      setVersionEnabled.build({
        key: encrypted.key.at(version),
        enabled: value,
      }),
    );
  return {
    message,
    reversible:
      'At any time, exactly as it was. The key cannot be rotated until then.',
    steps: set(false),
    inverse: set(true),
    confirm: confirmUnusable(encrypted, enabled),
    checks: [
      check('key-enabled').pass(
        `${
          enabled.length === 1
            ? 'One version is'
            : `${enabled.length} versions are`
        } enabled and will be disabled.`,
      ),
    ],
  };
}

/** Disables the version that wraps the registry's data keys. */
const byDisablingVersion: RevokeMethodPlanner = encrypted => {
  const { key, versionInUse, keyFacts } = encrypted;
  const message = `Disables ${
    versionInUse
      ? `version ${shortVersion(versionInUse)}`
      : 'the version in use'
  } of the key ${key.keyName}, for everything that uses it.`;
  if (!keyFacts.known) return unreadable(message, encrypted)!;
  return byDisabling(encrypted, {
    versions: keyFacts.value.versions.filter(
      ({ version }) => version === versionInUse,
    ),
    message,
  });
};

/** Disables every version of the key. */
const byDisablingAllVersions: RevokeMethodPlanner = encrypted => {
  const { key, keyFacts } = encrypted;
  const message = `Disables every version of the key ${key.keyName}, for everything that uses it.`;
  if (!keyFacts.known) return unreadable(message, encrypted)!;
  return byDisabling(encrypted, {
    versions: keyFacts.value.versions,
    message,
  });
};

/** Soft-deletes the key. Only where nobody can purge it before its time. */
const byDeletingKey: RevokeMethodPlanner = (encrypted, context) => {
  const { key, keyFacts, vault } = encrypted;
  const message = `Soft-deletes the key ${key.keyName} with all its versions, for everything that uses it.`;
  if (!context.allows.deleteKey) {
    return unavailableMethod(
      message,
      'It is turned off: acrCmk.operations.deleteKey is not true.',
      [
        check('delete-key-allowed').fail(
          'Deleting keys is turned off in this portal.',
          'Choose another method, or set acrCmk.operations.deleteKey to true.',
        ),
      ],
    );
  }
  if (!keyFacts.known) return unreadable(message, encrypted)!;
  if (!vault.known) {
    return unavailableMethod(
      message,
      `The ${keyHomeKind(key.vaultName)} could not be read: ${
        vault.problem.message
      }.`,
    );
  }
  const why = whyNotRecoverable(keyFacts.value, vault.value.purgeProtection);
  if (why) {
    return unavailableMethod(message, why, [
      check('recoverable').fail(
        why,
        `Turn on purge protection for the ${keyHomeKind(
          key.vaultName,
        )}, or choose another method.`,
      ),
    ]);
  }
  const days = vault.value.softDeleteRetentionDays;
  return {
    message,
    reversible: `For ${days} days: until then the key can be recovered with all its versions, and its name stays reserved. After that the key is permanently deleted, and the registry's content cannot be read again.`,
    steps: [deleteKey.build({ key: key.versionless })],
    inverse: [recoverKey.build({ key: key.versionless })],
    confirm: confirmUnusable(encrypted, keyFacts.value.versions),
    checks: [
      check('recoverable').pass(
        `The key can be recovered for ${days} days; purge protection prevents anyone from purging it earlier.`,
      ),
    ],
  };
};

/** Azure says both ways whether a deleted key can be purged early: by the vault, and by the key. */
function whyNotRecoverable(
  { recoveryLevel, vaultName }: KeyFacts,
  purgeProtection: boolean | undefined,
): string | undefined {
  if (purgeProtection === undefined && !recoveryLevel) {
    return `Azure does not show whether the ${keyHomeKind(
      vaultName,
    )} has purge protection, so the deleted key could be purged for good.`;
  }
  if (purgeProtection === false) {
    return `The ${keyHomeKind(
      vaultName,
    )} has no purge protection, so the deleted key could be purged for good.`;
  }
  if (recoveryLevel && /Purgeable/i.test(recoveryLevel)) {
    return `The key's recovery level is ${recoveryLevel}: once deleted, it could be purged for good.`;
  }
  return undefined;
}

/** Methods that make the key unusable, the most exactly reversible first. */
export const keyMethods = {
  'disable-version': byDisablingVersion,
  'disable-all-versions': byDisablingAllVersions,
  'delete-key': byDeletingKey,
} satisfies RevokeMethods;

/** Whether a method also stands for the versions that were disabled before it: then no timer enables one of them. */
const STANDS_FOR_DISABLED: Record<keyof typeof keyMethods, boolean> = {
  'disable-version': false,
  'disable-all-versions': true,
  'delete-key': false,
};

/** Whether a revoke by this method keeps every version of the key disabled. */
export const isEveryVersion = (method: RevokeMethodId | undefined): boolean =>
  Object.entries(STANDS_FOR_DISABLED).some(
    ([id, stands]) => stands && id === method,
  );
