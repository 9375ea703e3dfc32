/** Keys of a Managed HSM, asked of the HSM itself: ARM has no view of them that could be read. */
import type { KeyProperties, KeyVaultKey } from '@azure/keyvault-keys';
import {
  type KeyFacts,
  hsmName,
  KeyIdentifier,
} from 'backstage-plugin-acr-cmk-common';
import type { AzureClients } from '../client';
import { required, toVaultKeyFacts } from '../vault/keyFacts';
import { rotationPolicyOf, versionsOf } from '../vault/keyReads';
import { allOf, withoutDuplicates } from '../transport/pipeline';
import type { ListedKey } from '../ports';
import { tagged } from '../transport/tagged';

const isoOf = (name: string, time: Date | undefined) =>
  time ? { [name]: time.toISOString() } : {};

/** A key of a Managed HSM, as its list shows it. */
const toListedKey = (key: KeyProperties): ListedKey => ({
  name: required(key.name, 'name'),
  ...(typeof key.enabled === 'boolean' ? { enabled: key.enabled } : {}),
  ...isoOf('created', key.createdOn),
  ...isoOf('updated', key.updatedOn),
  ...isoOf('expires', key.expiresOn),
  ...tagged(key.tags),
});

/** Parts of the calls of `vault/armKeys.ts`, with the read credential. */
export function createHsmKeys(clients: AzureClients) {
  const clientOf = (key: KeyIdentifier) => clients.keys('read', key);
  const keyOf = (hsm: string, keyName: string) =>
    KeyIdentifier.of(hsmName(hsm), keyName, clients.cloud.name);

  return {
    async list(hsm: string): Promise<ListedKey[]> {
      // Of the identifier, only the host counts.
      const client = clientOf(keyOf(hsm, 'any'));
      const found = await allOf(client.listPropertiesOfKeys(), toListedKey);
      return withoutDuplicates(found, key => key.name);
    },

    /** The key with its versions and its rotation policy, or with its versions and what else is known of it. */
    async get(
      hsm: string,
      keyName: string,
      known?: KeyFacts,
    ): Promise<KeyFacts> {
      const key = keyOf(hsm, keyName);
      const client = clientOf(key);
      const versions = await versionsOf(client, keyName);
      if (known && versions.length > 0) return { ...known, versions };
      // What is disabled may be refused, and all versions are of one kind unless somebody made another.
      const shown = versions.find(({ enabled }) => enabled);
      const newest: KeyVaultKey | undefined =
        shown || versions.length === 0
          ? await client.getKey(keyName, { version: shown?.version })
          : undefined;
      const { type, size, operations, recoveryLevel } = newest
        ? toVaultKeyFacts(newest)
        : {
            type: '',
            size: undefined,
            operations: [],
            recoveryLevel: undefined,
          };
      const policy = await rotationPolicyOf(client, key);
      const hasPolicy = Object.keys(policy).length > 0;
      return {
        vaultName: key.vaultName,
        name: newest?.name ?? keyName,
        type,
        ...(size ? { size } : {}),
        operations,
        ...(recoveryLevel ? { recoveryLevel } : {}),
        ...tagged(newest?.properties.tags),
        versions,
        rotatesByPolicy: Boolean(
          policy.timeAfterCreate || policy.timeBeforeExpiry,
        ),
        ...(hasPolicy ? { rotationPolicy: policy } : {}),
      };
    },
  };
}
