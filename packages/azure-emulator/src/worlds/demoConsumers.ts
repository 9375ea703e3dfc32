import { keyUri, vaultUri } from '../state/ids';
import type { Group, Key } from '../state/model';
import type { WorldBuilder } from './builder';

const identity = (number: number) => ({
  principalId: `dddddddd-0000-4000-8000-00000000000${number}`,
  clientId: `ffffffff-0000-4000-8000-00000000000${number}`,
});

/**
 * A storage account, a SQL server and a disk encryption set with three disks that use a key with two versions: the
 * account follows it, the others are on its first version.
 *
 * @param tags - those of the account; the others have none
 */
export function addKeyConsumers(
  world: WorldBuilder,
  {
    group,
    key,
    tags,
  }: { group: Group; key: Key; tags: Record<string, string> },
) {
  const uriOf = (version: number) =>
    keyUri(key.vault, key.name, key.versions[version].version);
  world.resource(group, 'Microsoft.Storage/storageAccounts', {
    name: 'billingdata',
    kind: 'StorageV2',
    sku: { name: 'Standard_ZRS', tier: 'Standard' },
    tags,
    identity: identity(1),
    properties: {
      encryption: {
        keySource: 'Microsoft.Keyvault',
        keyvaultproperties: {
          keyvaulturi: vaultUri(key.vault),
          keyname: key.name,
          currentVersionedKeyIdentifier: uriOf(1),
        },
      },
    },
  });
  world.resource(group, 'Microsoft.Sql/servers', {
    name: 'sql-billing',
    identity: identity(2),
    properties: { version: '12.0', state: 'Ready', keyId: uriOf(0) },
  });
  const set = world.resource(group, 'Microsoft.Compute/diskEncryptionSets', {
    name: 'des-billing',
    identity: identity(3),
    properties: {
      encryptionType: 'EncryptionAtRestWithCustomerKey',
      activeKey: { keyUrl: uriOf(0) },
      previousKeys: [],
      rotationToLatestKeyVersionEnabled: false,
    },
  });
  for (const number of [1, 2, 3]) {
    world.resource(group, 'Microsoft.Compute/disks', {
      name: `disk-billing-${number}`,
      sku: { name: 'Premium_LRS', tier: 'Premium' },
      properties: {
        diskSizeGB: 128,
        encryption: {
          type: 'EncryptionAtRestWithCustomerKey',
          diskEncryptionSetId: set.id,
        },
      },
    });
  }
}
