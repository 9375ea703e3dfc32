import {
  type Check,
  type KeyFacts,
  KeyIdentifier,
  type KeyVersionFacts,
  type RegistryFacts,
} from 'backstage-plugin-acr-cmk-common';
import type { StepSpec } from '../../../steps';
import { confirmKeyState } from '../../../steps/confirmKeyState';
import { deleteKey } from '../../../steps/deleteKey';
import { recoverKey } from '../../../steps/recoverKey';
import { setVersionEnabled } from '../../../steps/setVersionEnabled';
import { shortVersion, type EncryptedRegistry } from '../../encryptedRegistry';
import { usingKey } from '../consumers';
import { noWay, type Way, type WayDefinition } from './way';

const NOT_ONLY_REGISTRIES: Check = {
  id: 'other-users-of-the-key',
  status: 'warn',
  message:
    'Everything else that uses the key is hit too, also what is no registry: nothing in Azure lists who uses a key.',
  remedy: 'Prefer a way that takes access from this registry alone.',
};

function unreadable(
  message: string,
  { keyFacts }: EncryptedRegistry,
): Way | undefined {
  if (keyFacts.known) return undefined;
  return noWay(
    message,
    `The key cannot be read: ${keyFacts.problem.message}.`,
    [
      {
        id: 'key-known',
        status: 'fail',
        message: `The key cannot be read: ${keyFacts.problem.message}.`,
        remedy: 'Give the read credential the right that is missing.',
      },
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
          loginServer: registry.loginServer,
        }),
      ]
    : [];
}

function byDisabling(
  encrypted: EncryptedRegistry,
  versions: readonly KeyVersionFacts[],
  message: string,
  affected: RegistryFacts[],
): Way {
  const enabled = versions.filter(version => version.enabled);
  if (enabled.length === 0) {
    return noWay(message, 'It is disabled, or gone, already.', [
      {
        id: 'key-enabled',
        status: 'fail',
        message: 'What is to be disabled is disabled, or gone, already.',
        remedy: 'Nothing is to be done; Restore enables it again.',
      },
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
      'At any time, exactly as it was; a rotation is not possible meanwhile.',
    steps: set(false),
    inverse: set(true),
    confirm: confirmUnusable(encrypted, enabled),
    checks: [
      {
        id: 'key-enabled',
        status: 'pass',
        message: `${
          enabled.length === 1
            ? 'One version is'
            : `${enabled.length} versions are`
        } enabled and will be disabled.`,
      },
      NOT_ONLY_REGISTRIES,
    ],
    affected,
  };
}

const versionOf = ({ encryption }: RegistryFacts) =>
  KeyIdentifier.tryParse(encryption.versionedKeyIdentifier)?.version;

/** Disables the version that wraps the registry's data keys. */
export const byDisablingVersion: WayDefinition = {
  method: 'disable-version',
  way(encrypted, context) {
    const { key, versionInUse, keyFacts } = encrypted;
    const message = `Disables version ${
      versionInUse ? shortVersion(versionInUse) : 'in use'
    } of the key ${key.keyName}, for everybody who uses it.`;
    if (!keyFacts.known) return unreadable(message, encrypted)!;
    return byDisabling(
      encrypted,
      keyFacts.value.versions.filter(({ version }) => version === versionInUse),
      message,
      usingKey(context.registries, key).filter(
        registry => versionOf(registry) === versionInUse,
      ),
    );
  },
};

/** Disables every version of the key. */
export const byDisablingAllVersions: WayDefinition = {
  method: 'disable-all-versions',
  way(encrypted, context) {
    const { key, keyFacts } = encrypted;
    const message = `Disables every version of the key ${key.keyName}, for everybody who uses it.`;
    if (!keyFacts.known) return unreadable(message, encrypted)!;
    return byDisabling(
      encrypted,
      keyFacts.value.versions,
      message,
      usingKey(context.registries, key),
    );
  },
};

/** Soft-deletes the key. Only where nobody can purge it before its time. */
export const byDeletingKey: WayDefinition = {
  method: 'delete-key',
  way(encrypted, context) {
    const { key, keyFacts, vault } = encrypted;
    const message = `Soft-deletes the key ${key.keyName} with all its versions, for everybody who uses it.`;
    if (!context.allows.deleteKey) {
      return noWay(
        message,
        'It is switched off: acrCmk.operations.deleteKey is not true.',
        [
          {
            id: 'delete-key-allowed',
            status: 'fail',
            message: 'Deleting keys is switched off in this portal.',
            remedy: 'Choose another way, or set acrCmk.operations.deleteKey.',
          },
        ],
      );
    }
    if (!keyFacts.known) return unreadable(message, encrypted)!;
    if (!vault.known) {
      return noWay(
        message,
        `The vault is not known: ${vault.problem.message}.`,
      );
    }
    const why = whyNotRecoverable(keyFacts.value, vault.value.purgeProtection);
    if (why) {
      return noWay(message, why, [
        {
          id: 'recoverable',
          status: 'fail',
          message: why,
          remedy:
            'Switch purge protection on in the vault, or choose another way.',
        },
      ]);
    }
    const days = vault.value.softDeleteRetentionDays;
    return {
      message,
      reversible: `For ${days} days: until then the key can be recovered with all its versions, and its name stays taken. After that it is gone for good, and the registry's content with it.`,
      steps: [deleteKey.build({ key: key.versionless })],
      inverse: [recoverKey.build({ key: key.versionless })],
      confirm: confirmUnusable(encrypted, keyFacts.value.versions),
      checks: [
        {
          id: 'recoverable',
          status: 'pass',
          message: `The key can be recovered for ${days} days; purge protection keeps anybody from purging it before.`,
        },
        NOT_ONLY_REGISTRIES,
      ],
      affected: usingKey(context.registries, key),
    };
  },
};

/** Azure says both ways whether a deleted key can be purged early: by the vault, and by the key. */
function whyNotRecoverable(
  { recoveryLevel }: KeyFacts,
  purgeProtection: boolean,
): string | undefined {
  if (!purgeProtection) {
    return 'The vault has no purge protection, so the deleted key could be purged for good.';
  }
  if (recoveryLevel && /Purgeable/i.test(recoveryLevel)) {
    return `The key's recovery level is ${recoveryLevel}: once deleted, it could be purged for good.`;
  }
  return undefined;
}
