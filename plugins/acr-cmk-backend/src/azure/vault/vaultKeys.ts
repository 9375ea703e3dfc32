import { refusedInput } from '../armIds';
import { read, write } from '../transport/call';
import type { AzureClients } from '../client';
import { toDeletedKeyFacts, toVaultKeyFacts, versionOf } from './keyFacts';
import { rotationPolicyOf, versionsOf } from './keyReads';
import { atVault } from './keyRights';
import type { KeysPort } from '../ports';

/** Keys at the data plane: asked of the vault or the Managed HSM itself, and changed there. */
export function createVaultKeys(
  clients: AzureClients,
): Omit<KeysPort, 'list' | 'get'> {
  const { limits } = clients;

  return {
    listVersions(key, credential) {
      return read(atVault('list', key, credential), limits, async () =>
        versionsOf(clients.keys(credential, key), key.keyName),
      );
    },

    getInVault(key, credential) {
      return read(atVault('get', key, credential), limits, async () =>
        toVaultKeyFacts(
          await clients
            .keys(credential, key)
            .getKey(key.keyName, { version: key.version }),
        ),
      );
    },

    async rotate(key, credential) {
      const { value, receipt } = await write(
        atVault('rotate', key, credential),
        limits,
        async () => clients.keys(credential, key).rotateKey(key.keyName),
      );
      return { ...receipt, version: versionOf(value.id ?? '') };
    },

    async create(key, spec, credential) {
      const { value, receipt } = await write(
        atVault('create', key, credential),
        limits,
        async () =>
          clients.keys(credential, key).createKey(key.keyName, spec.type, {
            keySize: spec.size,
            ...(spec.operations ? { keyOps: spec.operations } : {}),
          }),
      );
      return { ...receipt, version: versionOf(value.id ?? '') };
    },

    rotationPolicy(key, credential) {
      return read(
        atVault('getRotationPolicy', key, credential),
        limits,
        async () => rotationPolicyOf(clients.keys(credential, key), key),
      );
    },

    async setRotationPolicy(key, policy, credential) {
      const { timeAfterCreate, timeBeforeExpiry, notifyBeforeExpiry } = policy;
      const { receipt } = await write(
        atVault('setRotationPolicy', key, credential),
        limits,
        async () =>
          clients.keys(credential, key).updateKeyRotationPolicy(key.keyName, {
            lifetimeActions: [
              ...(timeAfterCreate
                ? [{ action: 'Rotate' as const, timeAfterCreate }]
                : []),
              ...(timeBeforeExpiry
                ? [{ action: 'Rotate' as const, timeBeforeExpiry }]
                : []),
              ...(notifyBeforeExpiry
                ? [
                    {
                      action: 'Notify' as const,
                      timeBeforeExpiry: notifyBeforeExpiry,
                    },
                  ]
                : []),
            ],
            ...(policy.expiryTime ? { expiresIn: policy.expiryTime } : {}),
          }),
      );
      return receipt;
    },

    async setEnabled(key, enabled, credential) {
      const { receipt } = await write(
        atVault(enabled ? 'enable' : 'disable', key, credential),
        limits,
        async () => {
          if (!key.version) {
            throw refusedInput(
              `${key} names no version, and only versions are enabled or disabled`,
            );
          }
          return clients
            .keys(credential, key)
            .updateKeyProperties(key.keyName, key.version, { enabled });
        },
      );
      return receipt;
    },

    // Deleting and recovering are single requests here. The SDK's pollers take a 403 for an end,
    // and recovering swallows the error of its first look (docs/azure.md).
    async delete(key, credential) {
      const { value, receipt } = await write(
        atVault('delete', key, credential),
        limits,
        async () =>
          clients.send(credential, {
            method: 'DELETE',
            url: clients.vaultUrl(key, `/keys/${key.keyName}`),
          }),
      );
      return {
        ...receipt,
        deleted: toDeletedKeyFacts(key.keyName, value.body),
      };
    },

    getDeleted(key, credential) {
      return read(atVault('getDeleted', key, credential), limits, async () => {
        const { body } = await clients.send(credential, {
          url: clients.vaultUrl(key, `/deletedkeys/${key.keyName}`),
        });
        return toDeletedKeyFacts(key.keyName, body);
      });
    },

    async recover(key, credential) {
      const { receipt } = await write(
        atVault('recover', key, credential),
        limits,
        async () =>
          clients.send(credential, {
            method: 'POST',
            url: clients.vaultUrl(key, `/deletedkeys/${key.keyName}/recover`),
          }),
      );
      return receipt;
    },
  };
}
