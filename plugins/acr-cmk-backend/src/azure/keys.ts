import type { Key } from '@azure/arm-keyvault';
import type { KeyProperties, KeyVaultKey } from '@azure/keyvault-keys';
import {
  type KeyFacts,
  KeyIdentifier,
  type KeyVersionFacts,
} from 'backstage-plugin-acr-cmk-common';
import { keyNameOf, refusedInput, vaultIdOf } from './armIds';
import { type CallTarget, read, write } from './call';
import type { AzureClients } from './clients';
import { withoutDuplicates } from './pipeline';
import type {
  CredentialName,
  DeletedKeyFacts,
  KeysPort,
  ListedKey,
  VaultKeyFacts,
} from './ports';
import { tagged } from './tagged';

/** ARM and the vault write times as seconds since 1970. */
const isoOfSeconds = (seconds: number) =>
  new Date(seconds * 1000).toISOString();

const isoOf = (time: Date | undefined) => time?.toISOString();

/** A field that Azure always sends. Without it we do not know what we are told. */
function required<T>(value: T | undefined | null, name: string): T {
  if (value === undefined || value === null || value === '') {
    throw new Error(`The answer has no ${name}`);
  }
  return value;
}

/** Newest first; of two that were made in the same second, always the same one. */
function newestFirst(versions: KeyVersionFacts[]): KeyVersionFacts[] {
  return withoutDuplicates(versions, version => version.version).sort(
    (a, b) =>
      b.created.localeCompare(a.created) || b.version.localeCompare(a.version),
  );
}

function versionOf(uri: string): string {
  return required(KeyIdentifier.parse(uri).version, 'version');
}

/** A version of the ARM keys API as facts. */
export function toKeyVersionFacts(key: Key): KeyVersionFacts {
  const { attributes } = key;
  return {
    version: versionOf(required(key.keyUriWithVersion, 'keyUriWithVersion')),
    enabled: attributes?.enabled !== false,
    created: isoOfSeconds(required(attributes?.created, 'created')),
    ...(attributes?.notBefore
      ? { notBefore: isoOfSeconds(attributes.notBefore) }
      : {}),
    ...(attributes?.expires
      ? { expires: isoOfSeconds(attributes.expires) }
      : {}),
  };
}

/** A key of the ARM keys API with its versions as facts. */
export function toKeyFacts(
  vaultName: string,
  key: Key,
  versions: Key[],
): KeyFacts {
  return {
    vaultName,
    name: required(key.name, 'name'),
    type: key.kty ?? '',
    ...(key.keySize ? { size: key.keySize } : {}),
    operations: key.keyOps ?? [],
    ...(key.attributes?.recoveryLevel
      ? { recoveryLevel: key.attributes.recoveryLevel }
      : {}),
    ...tagged(key.tags),
    versions: newestFirst(versions.map(toKeyVersionFacts)),
    rotatesByPolicy: (key.rotationPolicy?.lifetimeActions ?? []).some(
      ({ action, trigger }) =>
        action?.type?.toLowerCase() === 'rotate' &&
        Boolean(trigger?.timeAfterCreate || trigger?.timeBeforeExpiry),
    ),
  };
}

/** A version as the vault lists it. */
export function toListedVersion(properties: KeyProperties): KeyVersionFacts {
  return {
    version: versionOf(required(properties.id, 'id')),
    enabled: properties.enabled !== false,
    created: required(isoOf(properties.createdOn), 'created'),
    ...(properties.notBefore ? { notBefore: isoOf(properties.notBefore) } : {}),
    ...(properties.expiresOn ? { expires: isoOf(properties.expiresOn) } : {}),
  };
}

/** Bits of an RSA modulus, which is all that the vault says of a key's size. */
function sizeOf(key: KeyVaultKey): { size?: number } {
  return key.key?.n ? { size: key.key.n.length * 8 } : {};
}

function toVaultKeyFacts(key: KeyVaultKey): VaultKeyFacts {
  return {
    ...toListedVersion(key.properties),
    type: key.keyType ?? '',
    ...sizeOf(key),
    operations: key.keyOperations ?? [],
    ...(key.properties.recoveryLevel
      ? { recoveryLevel: key.properties.recoveryLevel }
      : {}),
  };
}

/** A deleted key as REST answers it. */
export function toDeletedKeyFacts(name: string, body: any): DeletedKeyFacts {
  return {
    name,
    ...(body?.deletedDate ? { deletedAt: isoOfSeconds(body.deletedDate) } : {}),
    ...(body?.scheduledPurgeDate
      ? { scheduledPurgeAt: isoOfSeconds(body.scheduledPurgeDate) }
      : {}),
    ...(body?.attributes?.recoveryLevel
      ? { recoveryLevel: body.attributes.recoveryLevel }
      : {}),
  };
}

/** What each call at the data plane needs: the data action, the same for an access policy, a role. */
const DATA_PLANE = {
  list: { action: 'keys/read', permission: 'list', role: 'Key Vault Reader' },
  get: { action: 'keys/read', permission: 'get', role: 'Key Vault Reader' },
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
  },
};

function atVault(
  operation: keyof typeof DATA_PLANE,
  doing: string,
  key: KeyIdentifier,
  credential: CredentialName,
): Omit<CallTarget, 'writes'> {
  const { action, permission, role } = DATA_PLANE[operation];
  return {
    doing,
    scope: key.toString(),
    action: `Microsoft.KeyVault/vaults/${action}`,
    permission,
    role,
    credential,
  };
}

export function createKeys(clients: AzureClients): KeysPort {
  const { limits } = clients;

  return {
    list(vaultId) {
      return read(
        {
          doing: 'list the keys of a vault',
          scope: vaultId,
          action: 'Microsoft.KeyVault/vaults/keys/read',
          role: 'Reader',
          credential: 'read',
        },
        limits,
        async () => {
          const vault = vaultIdOf(vaultId);
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
          action: 'Microsoft.KeyVault/vaults/keys/read',
          role: 'Reader',
          credential: 'read',
        },
        limits,
        async () => {
          const vault = vaultIdOf(vaultId);
          const name = keyNameOf(keyName);
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
        atVault(
          'list',
          `list the versions of the key ${key.keyName}`,
          key,
          credential,
        ),
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
        atVault('get', `read the key ${key.keyName}`, key, credential),
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
        atVault('rotate', `rotate the key ${key.keyName}`, key, credential),
        limits,
        async () => clients.keys(credential, key).rotateKey(key.keyName),
      );
      return { ...receipt, version: versionOf(value.id ?? '') };
    },

    async create(key, spec, credential) {
      const { value, receipt } = await write(
        atVault('create', `create the key ${key.keyName}`, key, credential),
        limits,
        async () =>
          clients.keys(credential, key).createKey(key.keyName, spec.type, {
            keySize: spec.size,
            ...(spec.operations ? { keyOps: spec.operations } : {}),
          }),
      );
      return { ...receipt, version: versionOf(value.id ?? '') };
    },

    rotatesEveryDays(key, credential) {
      return read(
        atVault(
          'getRotationPolicy',
          `read the rotation policy of the key ${key.keyName}`,
          key,
          credential,
        ),
        limits,
        async () => {
          const policy = await clients
            .keys(credential, key)
            .getKeyRotationPolicy(key.keyName);
          const days = policy.lifetimeActions
            ?.filter(({ action }) => /^rotate$/i.test(action))
            .map(({ timeAfterCreate }) =>
              /^P(\d+)D$/.exec(timeAfterCreate ?? ''),
            )
            .find(match => match !== null);
          return days ? Number(days[1]) : undefined;
        },
      );
    },

    async setRotationPolicy(key, { rotateEveryDays }, credential) {
      const { receipt } = await write(
        atVault(
          'setRotationPolicy',
          `set the rotation policy of the key ${key.keyName}`,
          key,
          credential,
        ),
        limits,
        async () =>
          clients.keys(credential, key).updateKeyRotationPolicy(key.keyName, {
            lifetimeActions: [
              {
                action: 'Rotate',
                timeAfterCreate: `P${rotateEveryDays}D`,
              },
            ],
          }),
      );
      return receipt;
    },

    async setEnabled(key, enabled, credential) {
      const { receipt } = await write(
        atVault(
          'update',
          `${enabled ? 'enable' : 'disable'} a version of the key ${
            key.keyName
          }`,
          key,
          credential,
        ),
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
        atVault('delete', `delete the key ${key.keyName}`, key, credential),
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
        atVault('get', `read the deleted key ${key.keyName}`, key, credential),
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
        atVault('recover', `recover the key ${key.keyName}`, key, credential),
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
