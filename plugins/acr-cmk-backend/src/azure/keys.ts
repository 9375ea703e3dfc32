import type { Key } from '@azure/arm-keyvault';
import type {
  KeyIdentifier,
  KeyVersionFacts,
} from 'backstage-plugin-acr-cmk-common';
import { isHsmScope, keyNameOf, refusedInput, vaultIdOf } from './armIds';
import { type CallTarget, read, write } from './call';
import type { AzureClients } from './clients';
import {
  newestFirst,
  required,
  timesOf,
  toDeletedKeyFacts,
  toKeyFacts,
  toListedVersion,
  toRotationPolicy,
  toVaultKeyFacts,
  versionOf,
} from './keyFacts';
import { createHsmKeys } from './hsmKeys';
import { keyAction, READ_DELETED } from './permissions';
import { withoutDuplicates } from './pipeline';
import type { CredentialName, KeysPort, ListedKey } from './ports';
import { tagged } from './tagged';

/** Roles of a Managed HSM's own. */
const HSM_AUDITOR = 'Managed HSM Crypto Auditor';
const HSM_USER = 'Managed HSM Crypto User';
const HSM_OFFICER = 'Managed HSM Crypto Officer';

/**
 * What each call at the data plane needs: the data action, the same for an access policy, a role, and the
 * role in a Managed HSM where it is not the Crypto User.
 */
const DATA_PLANE = {
  list: {
    action: 'keys/read',
    permission: 'list',
    role: 'Key Vault Reader',
    hsmRole: HSM_AUDITOR,
  },
  get: {
    action: 'keys/read',
    permission: 'get',
    role: 'Key Vault Reader',
    hsmRole: HSM_AUDITOR,
  },
  getDeleted: {
    action: READ_DELETED,
    permission: 'get',
    role: 'Key Vault Reader',
    hsmRole: HSM_AUDITOR,
  },
  rotate: {
    action: 'keys/rotate/action',
    permission: 'rotate',
    role: 'Key Vault Crypto Officer',
  },
  create: {
    action: 'keys/create/action',
    permission: 'create',
    role: 'Key Vault Crypto Officer',
  },
  update: {
    action: 'keys/update/action',
    permission: 'update',
    role: 'Key Vault Crypto Officer',
  },
  delete: {
    action: 'keys/delete',
    permission: 'delete',
    role: 'Key Vault Crypto Officer',
  },
  getRotationPolicy: {
    action: 'keyrotationpolicies/read',
    permission: 'getrotationpolicy',
    role: 'Key Vault Crypto Officer',
    hsmRole: HSM_AUDITOR,
  },
  setRotationPolicy: {
    action: 'keyrotationpolicies/write',
    permission: 'setrotationpolicy',
    role: 'Key Vault Crypto Officer',
  },
  recover: {
    action: 'keys/recover/action',
    permission: 'recover',
    role: 'Key Vault Crypto Officer',
    hsmRole: HSM_OFFICER,
  },
};

interface DataPlaneRight {
  action: string;
  permission: string;
  role: string;
  hsmRole?: string;
}

function atVault(
  operation: keyof typeof DATA_PLANE,
  call: { doing: string; key: KeyIdentifier; credential: CredentialName },
): Omit<CallTarget, 'writes'> {
  const { action, permission, role, hsmRole }: DataPlaneRight =
    DATA_PLANE[operation];
  const { isInHsm } = call.key;
  return {
    doing: call.doing,
    scope: call.key.toString(),
    action: keyAction(action, isInHsm),
    ...(isInHsm
      ? { role: hsmRole ?? HSM_USER }
      : {
          permission,
          role,
        }),
    credential: call.credential,
  };
}

export function createKeys(clients: AzureClients): KeysPort {
  const { limits } = clients;

  const hsmKeys = createHsmKeys(clients);

  /** What a call about the keys of a vault needs: at ARM, or at a Managed HSM itself. */
  const needed = (vaultId: string) =>
    isHsmScope(vaultId)
      ? { action: keyAction('keys/read', true), role: HSM_AUDITOR }
      : { action: keyAction('keys/read', false), role: 'Reader' };

  return {
    list(vaultId) {
      return read(
        {
          doing: 'list the keys of a vault',
          scope: vaultId,
          ...needed(vaultId),
          credential: 'read',
        },
        limits,
        async () => {
          const vault = vaultIdOf(vaultId);
          if (vault.isHsm) return hsmKeys.list(vault.name);
          const { keys } = clients.keyVault('read', vault.subscriptionId);
          const found: ListedKey[] = [];
          for await (const key of keys.list(vault.resourceGroup, vault.name)) {
            found.push({
              name: required(key.name, 'name'),
              ...(key.kty ? { type: key.kty } : {}),
              ...(key.keySize ? { size: key.keySize } : {}),
              ...(typeof key.attributes?.enabled === 'boolean'
                ? { enabled: key.attributes.enabled }
                : {}),
              ...timesOf(key),
              ...tagged(key.tags),
            });
          }
          return withoutDuplicates(found, key => key.name.toLowerCase());
        },
      );
    },

    get(vaultId, keyName) {
      return read(
        {
          doing: `read the key ${keyName.slice(0, 127)} and its versions`,
          scope: vaultId,
          ...needed(vaultId),
          credential: 'read',
        },
        limits,
        async () => {
          const vault = vaultIdOf(vaultId);
          const name = keyNameOf(keyName);
          if (vault.isHsm) return hsmKeys.get(vault.name, name);
          const { keys } = clients.keyVault('read', vault.subscriptionId);
          const key = await keys.get(vault.resourceGroup, vault.name, name);
          const versions: Key[] = [];
          for await (const version of keys.listVersions(
            vault.resourceGroup,
            vault.name,
            name,
          )) {
            versions.push(version);
          }
          return toKeyFacts(vault.name, key, versions);
        },
      );
    },

    listVersions(key, credential) {
      return read(
        atVault('list', {
          doing: `list the versions of the key ${key.keyName}`,
          key,
          credential,
        }),
        limits,
        async () => {
          const versions: KeyVersionFacts[] = [];
          for await (const version of clients
            .keys(credential, key)
            .listPropertiesOfKeyVersions(key.keyName)) {
            versions.push(toListedVersion(version));
          }
          return newestFirst(versions);
        },
      );
    },

    getInVault(key, credential) {
      return read(
        atVault('get', {
          doing: `read the key ${key.keyName}`,
          key,
          credential,
        }),
        limits,
        async () =>
          toVaultKeyFacts(
            await clients
              .keys(credential, key)
              .getKey(key.keyName, { version: key.version }),
          ),
      );
    },

    async rotate(key, credential) {
      const { value, receipt } = await write(
        atVault('rotate', {
          doing: `rotate the key ${key.keyName}`,
          key,
          credential,
        }),
        limits,
        async () => clients.keys(credential, key).rotateKey(key.keyName),
      );
      return { ...receipt, version: versionOf(value.id ?? '') };
    },

    async create(key, spec, credential) {
      const { value, receipt } = await write(
        atVault('create', {
          doing: `create the key ${key.keyName}`,
          key,
          credential,
        }),
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
        atVault('getRotationPolicy', {
          doing: `read the rotation policy of the key ${key.keyName}`,
          key,
          credential,
        }),
        limits,
        async () => {
          const { lifetimeActions, expiresIn } = await clients
            .keys(credential, key)
            .getKeyRotationPolicy(key.keyName);
          return toRotationPolicy(lifetimeActions ?? [], expiresIn);
        },
      );
    },

    async setRotationPolicy(key, policy, credential) {
      const { timeAfterCreate, timeBeforeExpiry, notifyBeforeExpiry } = policy;
      const { receipt } = await write(
        atVault('setRotationPolicy', {
          doing: `set the rotation policy of the key ${key.keyName}`,
          key,
          credential,
        }),
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
        atVault('update', {
          doing: `${enabled ? 'enable' : 'disable'} a version of the key ${
            key.keyName
          }`,
          key,
          credential,
        }),
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
        atVault('delete', {
          doing: `delete the key ${key.keyName}`,
          key,
          credential,
        }),
        limits,
        async () =>
          clients.vault(
            credential,
            key,
          )({
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
      return read(
        atVault('getDeleted', {
          doing: `read the deleted key ${key.keyName}`,
          key,
          credential,
        }),
        limits,
        async () => {
          const { body } = await clients.vault(
            credential,
            key,
          )({
            method: 'GET',
            url: clients.vaultUrl(key, `/deletedkeys/${key.keyName}`),
          });
          return toDeletedKeyFacts(key.keyName, body);
        },
      );
    },

    async recover(key, credential) {
      const { receipt } = await write(
        atVault('recover', {
          doing: `recover the key ${key.keyName}`,
          key,
          credential,
        }),
        limits,
        async () =>
          clients.vault(
            credential,
            key,
          )({
            method: 'POST',
            url: clients.vaultUrl(key, `/deletedkeys/${key.keyName}/recover`),
          }),
      );
      return receipt;
    },
  };
}
