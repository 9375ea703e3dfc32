import type { ConsumerType } from './consumerType';

const LEARN = 'https://learn.microsoft.com/azure';

/** Vault, name and version apart, in the spelling of most types. */
const APART = {
  vault: 'keyVaultUri',
  name: 'keyName',
  version: 'keyVersion',
};

const SQL_LOSS = {
  text: 'Within 10 minutes the databases refuse connections. After 30 minutes without the key they do not recover by themselves, and settings of failover groups, the history for point-in-time restore and tags are lost.',
  docs: `${LEARN}/azure-sql/database/transparent-data-encryption-byok-overview`,
};
const SQL_BACKUPS =
  'Backups stay on the version that they were made with, and cannot be restored without it.';
const NAMESPACE_LOSS =
  'The namespace becomes inoperable until the key can be reached again.';

/**
 * Types of resources that name keys in their ARM properties and that Resource Graph lists (table `resources` in
 * governance/resource-graph/reference/supported-tables-resources). Each has a fixture in `__fixtures__`.
 */
export const CONSUMER_TYPES: readonly ConsumerType[] = [
  {
    type: 'Microsoft.Storage/storageAccounts',
    service: 'storage account',
    source:
      'storage/resource-manager/Microsoft.Storage/stable/2024-01-01/storage.json',
    keys: [
      {
        at: 'encryption.keyvaultproperties',
        vault: 'keyvaulturi',
        name: 'keyname',
        version: 'keyversion',
        versionInUse: 'currentVersionedKeyIdentifier',
      },
    ],
    identity: '/encryption.identity.userAssignedIdentity',
    follows: 'unless-versioned',
    followsWithin: 'a day',
    notShown: 'encryption scopes of storage accounts with keys of their own',
    onLoss: {
      text: 'Reads and writes of blobs fail with 403 for everybody until the key can be reached again.',
      docs: `${LEARN}/storage/common/customer-managed-keys-overview`,
    },
  },
  {
    type: 'Microsoft.Compute/diskEncryptionSets',
    service: 'disk encryption set',
    source:
      'compute/resource-manager/Microsoft.Compute/DiskRP/stable/2024-03-02/diskEncryptionSet.json',
    keys: [
      { at: 'activeKey', uri: 'keyUrl' },
      {
        at: 'previousKeys[]',
        uri: 'keyUrl',
        use: 'earlier',
        follows: 'never',
      },
    ],
    identity: 'resource',
    follows: { when: 'rotationToLatestKeyVersionEnabled' },
    followsWithin: 'an hour',
    onLoss: {
      text: 'Virtual machines with disks of the set shut down, and do not start until the key is enabled again or the disks have another.',
      docs: `${LEARN}/virtual-machines/disk-encryption`,
    },
  },
  {
    type: 'Microsoft.ContainerService/managedClusters',
    service: 'Kubernetes cluster',
    source:
      'containerservice/resource-manager/Microsoft.ContainerService/aks/stable/2025-05-01/managedClusters.json',
    keys: [
      {
        at: 'securityProfile.azureKeyVaultKms',
        uri: 'keyId',
        enabled: 'enabled',
      },
    ],
    identity: 'resource',
    follows: 'unknown',
    onLoss: {
      text: 'The cluster may break, and cannot be recovered once the key is purged.',
      docs: `${LEARN}/aks/use-kms-etcd-encryption`,
    },
  },
  {
    type: 'Microsoft.Sql/servers',
    service: 'SQL server',
    source: 'sql/resource-manager/Microsoft.Sql/stable/2023-08-01/Servers.json',
    keys: [{ uri: 'keyId' }],
    identity: '/primaryUserAssignedIdentityId',
    follows: 'unknown',
    keepsEarlier: SQL_BACKUPS,
    notShown:
      'protectors of SQL servers and managed instances that were set apart from the server (encryptionProtector)',
    onLoss: SQL_LOSS,
  },
  {
    type: 'Microsoft.Sql/servers/databases',
    service: 'SQL database',
    source:
      'sql/resource-manager/Microsoft.Sql/stable/2023-08-01/Databases.json',
    keys: [
      { uri: 'encryptionProtector' },
      { uris: 'keys', use: 'earlier', follows: 'never' },
    ],
    identity: 'resource',
    follows: 'unknown',
    keepsEarlier: SQL_BACKUPS,
    onLoss: SQL_LOSS,
  },
  {
    type: 'Microsoft.Sql/managedInstances',
    service: 'SQL managed instance',
    source:
      'sql/resource-manager/Microsoft.Sql/stable/2023-08-01/ManagedInstances.json',
    keys: [{ uri: 'keyId' }],
    identity: '/primaryUserAssignedIdentityId',
    follows: 'unknown',
    keepsEarlier: SQL_BACKUPS,
    onLoss: SQL_LOSS,
  },
  {
    type: 'Microsoft.DBforPostgreSQL/flexibleServers',
    service: 'PostgreSQL server',
    source:
      'postgresql/resource-manager/Microsoft.DBforPostgreSQL/stable/2024-08-01/FlexibleServers.json',
    keys: [
      {
        at: 'dataEncryption',
        uri: 'primaryKeyURI',
        identity: 'primaryUserAssignedIdentityId',
      },
      {
        at: 'dataEncryption',
        uri: 'geoBackupKeyURI',
        use: 'backup',
        identity: 'geoBackupUserAssignedIdentityId',
      },
    ],
    identity: 'resource',
    follows: 'unless-versioned',
    onLoss: {
      text: 'Within 10 minutes the server refuses all connections, and its state becomes Inaccessible.',
      docs: `${LEARN}/postgresql/flexible-server/concepts-data-encryption`,
    },
  },
  {
    type: 'Microsoft.DBforMySQL/flexibleServers',
    service: 'MySQL server',
    source: `${LEARN}/templates/microsoft.dbformysql/flexibleservers`,
    keys: [
      {
        at: 'dataEncryption',
        uri: 'primaryKeyURI',
        identity: 'primaryUserAssignedIdentityId',
      },
      {
        at: 'dataEncryption',
        uri: 'geoBackupKeyURI',
        use: 'backup',
        identity: 'geoBackupUserAssignedIdentityId',
      },
    ],
    identity: 'resource',
    follows: 'never',
    onLoss: {
      text: 'Within 10 minutes the server refuses all connections. It is available again after the key is back and the data encryption is revalidated.',
      docs: `${LEARN}/mysql/flexible-server/concepts-customer-managed-key`,
    },
  },
  {
    type: 'Microsoft.DocumentDB/databaseAccounts',
    service: 'Cosmos DB account',
    source:
      'cosmos-db/resource-manager/Microsoft.DocumentDB/stable/2024-11-15/cosmos-db.json',
    keys: [{ uri: 'keyVaultKeyUri', versionInUse: 'keyVaultKeyUriVersion' }],
    identity: '/defaultIdentity',
    follows: 'unless-versioned',
    followsWithin: 'a day',
    keepsEarlier:
      'Backups need the version of their time, enabled, to be restored.',
    onLoss: {
      text: 'Nothing but the deletion of the account is possible until the key is back. Backups may miss what was written in the hour before.',
      docs: `${LEARN}/cosmos-db/how-to-setup-customer-managed-keys`,
    },
  },
  {
    type: 'Microsoft.DocumentDB/mongoClusters',
    service: 'Cosmos DB for MongoDB cluster',
    source: `${LEARN}/templates/microsoft.documentdb/mongoclusters`,
    keys: [
      {
        at: 'encryption.customerManagedKeyEncryption',
        uri: 'keyEncryptionKeyUrl',
        identity: 'keyEncryptionKeyIdentity.userAssignedIdentityResourceId',
      },
    ],
    identity: 'resource',
    follows: 'unknown',
  },
  {
    type: 'Microsoft.ServiceBus/namespaces',
    service: 'Service Bus namespace',
    source:
      'servicebus/resource-manager/Microsoft.ServiceBus/stable/2021-11-01/namespace-preview.json',
    keys: [
      {
        at: 'encryption.keyVaultProperties[]',
        ...APART,
        identity: 'identity.userAssignedIdentity',
      },
    ],
    identity: 'resource',
    follows: 'unless-versioned',
    onLoss: {
      text: NAMESPACE_LOSS,
      docs: `${LEARN}/service-bus-messaging/configure-customer-managed-key`,
    },
  },
  {
    type: 'Microsoft.EventHub/namespaces',
    service: 'Event Hubs namespace',
    source:
      'eventhub/resource-manager/Microsoft.EventHub/stable/2024-01-01/namespaces.json',
    keys: [
      {
        at: 'encryption.keyVaultProperties[]',
        ...APART,
        identity: 'identity.userAssignedIdentity',
      },
    ],
    identity: 'resource',
    follows: 'unless-versioned',
    onLoss: {
      text: NAMESPACE_LOSS,
      docs: `${LEARN}/event-hubs/configure-customer-managed-key`,
    },
  },
  {
    type: 'Microsoft.CognitiveServices/accounts',
    service: 'AI services account',
    source:
      'cognitiveservices/resource-manager/Microsoft.CognitiveServices/stable/2024-10-01/cognitiveservices.json',
    keys: [
      {
        at: 'encryption.keyVaultProperties',
        ...APART,
        identity: 'identityClientId',
      },
    ],
    identity: 'resource',
    follows: 'never',
    onLoss: {
      text: 'All data of the account is inaccessible until the key can be reached again.',
      docs: `${LEARN}/ai-services/encryption/cognitive-services-encryption-keys-portal`,
    },
  },
  {
    type: 'Microsoft.MachineLearningServices/workspaces',
    service: 'Machine Learning workspace',
    source:
      'machinelearningservices/resource-manager/Microsoft.MachineLearningServices/stable/2024-10-01/workspaceRP.json',
    keys: [
      {
        at: 'encryption.keyVaultProperties',
        uri: 'keyIdentifier',
        identity: 'identityClientId',
      },
    ],
    identity: '/encryption.identity.userAssignedIdentity',
    follows: 'never',
  },
  {
    type: 'Microsoft.DataFactory/factories',
    service: 'data factory',
    source:
      'datafactory/resource-manager/Microsoft.DataFactory/stable/2018-06-01/datafactory.json',
    keys: [
      {
        at: 'encryption',
        vault: 'vaultBaseUrl',
        name: 'keyName',
        version: 'keyVersion',
        identity: 'identity.userAssignedIdentity',
      },
    ],
    identity: 'resource',
    follows: 'unless-versioned',
    onLoss: {
      text: 'Access to the factory and its data is denied.',
      docs: `${LEARN}/data-factory/enable-customer-managed-key`,
    },
  },
  {
    type: 'Microsoft.Synapse/workspaces',
    service: 'Synapse workspace',
    source:
      'synapse/resource-manager/Microsoft.Synapse/stable/2021-06-01/workspace.json',
    keys: [
      {
        at: 'encryption.cmk',
        uri: 'key.keyVaultUrl',
        identity: 'kekIdentity.userAssignedIdentity',
      },
    ],
    identity: 'resource',
    follows: 'never',
  },
  {
    type: 'Microsoft.Databricks/workspaces',
    service: 'Databricks workspace',
    source:
      'databricks/resource-manager/Microsoft.Databricks/stable/2024-05-01/databricks.json',
    keys: [
      {
        at: 'encryption.entities.managedServices.keyVaultProperties',
        ...APART,
        follows: 'never',
      },
      {
        at: 'encryption.entities.managedDisk.keyVaultProperties',
        ...APART,
        identity: '/managedDiskIdentity.principalId',
        follows: {
          when: 'encryption.entities.managedDisk.rotationToLatestKeyVersionEnabled',
        },
      },
      {
        at: 'parameters.encryption.value',
        vault: 'keyvaulturi',
        name: 'KeyName',
        version: 'keyversion',
        identity: '/storageAccountIdentity.principalId',
        follows: 'unknown',
      },
    ],
    identity: 'resource',
    follows: 'unknown',
  },
  {
    type: 'Microsoft.RecoveryServices/vaults',
    service: 'Recovery Services vault',
    source:
      'recoveryservices/resource-manager/Microsoft.RecoveryServices/stable/2024-04-01/vaults.json',
    keys: [
      {
        at: 'encryption',
        uri: 'keyVaultProperties.keyUri',
        identity: 'kekIdentity.userAssignedIdentity',
      },
    ],
    identity: 'resource',
    follows: 'unless-versioned',
    followsWithin: 'an hour',
    keepsEarlier:
      'The earlier version has to stay enabled for at least one backup after the new one took effect.',
  },
  {
    type: 'Microsoft.DataProtection/backupVaults',
    service: 'backup vault',
    source: `${LEARN}/templates/microsoft.dataprotection/backupvaults`,
    keys: [
      {
        at: 'securitySettings.encryptionSettings',
        uri: 'keyVaultProperties.keyUri',
        identity: 'kekIdentity.identityId',
      },
    ],
    identity: 'resource',
    follows: 'unless-versioned',
  },
  {
    type: 'Microsoft.AppConfiguration/configurationStores',
    service: 'App Configuration store',
    source:
      'appconfiguration/resource-manager/Microsoft.AppConfiguration/stable/2024-05-01/appconfiguration.json',
    keys: [
      {
        at: 'encryption.keyVaultProperties',
        uri: 'keyIdentifier',
        identity: 'identityClientId',
      },
    ],
    identity: 'resource',
    follows: 'unless-versioned',
    onLoss: {
      text: 'Within an hour the store refuses all access. It works again within an hour after the key can be reached.',
      docs: `${LEARN}/azure-app-configuration/concept-customer-managed-keys`,
    },
  },
  {
    type: 'Microsoft.Batch/batchAccounts',
    service: 'Batch account',
    source:
      'batch/resource-manager/Microsoft.Batch/stable/2024-07-01/BatchManagement.json',
    keys: [{ at: 'encryption.keyVaultProperties', uri: 'keyIdentifier' }],
    identity: 'resource',
    follows: 'unless-versioned',
    onLoss: {
      text: 'Nothing but the deletion of the account is possible, nodes become unavailable and tasks stop. It works again up to 10 minutes after the key can be reached.',
      docs: `${LEARN}/batch/batch-customer-managed-key`,
    },
  },
  {
    type: 'Microsoft.Automation/automationAccounts',
    service: 'Automation account',
    source:
      'automation/resource-manager/Microsoft.Automation/stable/2023-11-01/account.json',
    keys: [{ at: 'encryption.keyVaultProperties', ...APART }],
    identity: '/encryption.identity.userAssignedIdentity',
    follows: 'never',
    onLoss: {
      text: 'Credentials, certificates, connections and encrypted variables of the account are inaccessible.',
      docs: `${LEARN}/automation/automation-secure-asset-encryption`,
    },
  },
  {
    type: 'Microsoft.OperationalInsights/clusters',
    service: 'Log Analytics cluster',
    source:
      'operationalinsights/resource-manager/Microsoft.OperationalInsights/stable/2022-10-01/Clusters.json',
    keys: [{ at: 'keyVaultProperties', ...APART }],
    identity: 'resource',
    follows: 'unless-versioned',
    onLoss: {
      text: 'Within an hour data of the linked workspaces is inaccessible. New data is dropped and does not come back.',
      docs: `${LEARN}/azure-monitor/logs/customer-managed-keys`,
    },
  },
  {
    type: 'Microsoft.Kusto/clusters',
    service: 'Data Explorer cluster',
    source:
      'azure-kusto/resource-manager/Microsoft.Kusto/stable/2024-04-13/kusto.json',
    keys: [{ at: 'keyVaultProperties', ...APART, identity: 'userIdentity' }],
    identity: 'resource',
    follows: 'unless-versioned',
    notShown: 'databases of Data Explorer clusters with keys of their own',
  },
  {
    type: 'Microsoft.NetApp/netAppAccounts',
    service: 'NetApp account',
    source:
      'netapp/resource-manager/Microsoft.NetApp/stable/2024-09-01/netapp.json',
    keys: [
      {
        at: 'encryption.keyVaultProperties',
        vault: 'keyVaultUri',
        name: 'keyName',
      },
    ],
    identity: '/encryption.identity.userAssignedIdentity',
    follows: 'unless-versioned',
  },
  {
    type: 'Microsoft.Cache/redisEnterprise',
    service: 'Redis Enterprise cache',
    source:
      'redisenterprise/resource-manager/Microsoft.Cache/stable/2024-10-01/redisenterprise.json',
    keys: [
      {
        at: 'encryption.customerManagedKeyEncryption',
        uri: 'keyEncryptionKeyUrl',
        identity: 'keyEncryptionKeyIdentity.userAssignedIdentityResourceId',
      },
    ],
    identity: 'resource',
    follows: 'never',
  },
  {
    type: 'Microsoft.ContainerInstance/containerGroups',
    service: 'container group',
    source:
      'containerinstance/resource-manager/Microsoft.ContainerInstance/stable/2023-05-01/containerInstance.json',
    keys: [
      {
        at: 'encryptionProperties',
        vault: 'vaultBaseUrl',
        name: 'keyName',
        version: 'keyVersion',
        identity: 'identity',
      },
    ],
    identity: 'resource',
    follows: 'never',
  },
  {
    type: 'Microsoft.HDInsight/clusters',
    service: 'HDInsight cluster',
    source: `${LEARN}/templates/microsoft.hdinsight/clusters`,
    keys: [
      {
        at: 'diskEncryptionProperties',
        vault: 'vaultUri',
        name: 'keyName',
        version: 'keyVersion',
        identity: 'msiResourceId',
      },
    ],
    identity: 'resource',
    follows: 'unknown',
  },
];

const BY_TYPE = new Map(
  CONSUMER_TYPES.map(each => [each.type.toLowerCase(), each]),
);

/** @param type - ARM type, in any case */
export const consumerType = (type: string): ConsumerType | undefined =>
  BY_TYPE.get(type.toLowerCase());

/** Uses of keys that no query can know of, in words. */
export const NOT_SHOWN: readonly string[] = [
  ...CONSUMER_TYPES.flatMap(({ notShown }) => notShown ?? []),
  'client-side encryption',
  'Always Encrypted',
  'Azure services that are not in the list',
  'other tenants',
];
