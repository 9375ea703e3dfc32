import type { ConsumerType, KeyPlace } from './consumerType';

const LEARN = 'https://learn.microsoft.com/azure';

/** A type, without what most types have in common. */
type Described = Omit<ConsumerType, 'identity' | 'follows' | 'onLoss'> &
  Partial<Pick<ConsumerType, 'identity' | 'follows'>> & {
    /** Page of Microsoft about customer-managed keys of the service, below `LEARN`. */
    docs: string;
    /** Consequence of the loss of the key, by the page. Absent when it is not known here. */
    loss?: string;
  };

/** Vault, name and version apart, in the spelling of most types. */
const apart = (at: string, identity?: string): KeyPlace => ({
  at,
  vault: 'keyVaultUri',
  name: 'keyName',
  version: 'keyVersion',
  identity,
});

/** Key URIs of a database server: of its data, and of its copies in another region. */
const ofDatabaseServer: readonly KeyPlace[] = [
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
];

/** Key of a resource with `customerManagedKeyEncryption`. */
const ofCustomerManagedKeyEncryption: KeyPlace = {
  at: 'encryption.customerManagedKeyEncryption',
  uri: 'keyEncryptionKeyUrl',
  identity: 'keyEncryptionKeyIdentity.userAssignedIdentityResourceId',
};

const SQL = {
  docs: 'azure-sql/database/transparent-data-encryption-byok-overview',
  loss: 'Within 10 minutes the databases refuse connections. After 30 minutes without the key they do not recover by themselves, and settings of failover groups, the history for point-in-time restore and tags are lost.',
  keepsEarlier:
    'Backups stay on the version that they were made with, and cannot be restored without it.',
};

const NAMESPACE = {
  keys: [
    apart('encryption.keyVaultProperties[]', 'identity.userAssignedIdentity'),
  ],
  follows: 'unless-versioned',
  loss: 'The namespace becomes inoperable until the key can be reached again.',
} as const;

const DESCRIBED: readonly Described[] = [
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
    docs: 'storage/common/customer-managed-keys-overview',
    loss: 'Reads and writes of blobs fail with 403 for everybody until the key can be reached again.',
  },
  {
    type: 'Microsoft.Compute/diskEncryptionSets',
    service: 'disk encryption set',
    source:
      'compute/resource-manager/Microsoft.Compute/DiskRP/stable/2024-03-02/diskEncryptionSet.json',
    keys: [
      { at: 'activeKey', uri: 'keyUrl' },
      { at: 'previousKeys[]', uri: 'keyUrl', use: 'earlier', follows: 'never' },
    ],
    follows: { when: 'rotationToLatestKeyVersionEnabled' },
    followsWithin: 'an hour',
    docs: 'virtual-machines/disk-encryption',
    loss: 'Virtual machines with disks of the set shut down, and do not start until the key is enabled again or the disks have another.',
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
    docs: 'aks/use-kms-etcd-encryption',
    loss: 'The cluster may break, and cannot be recovered once the key is purged.',
  },
  {
    type: 'Microsoft.Sql/servers',
    service: 'SQL server',
    source: 'sql/resource-manager/Microsoft.Sql/stable/2023-08-01/Servers.json',
    keys: [{ uri: 'keyId' }],
    identity: '/primaryUserAssignedIdentityId',
    notShown:
      'protectors of SQL servers and managed instances that were set apart from the server (encryptionProtector)',
    ...SQL,
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
    ...SQL,
  },
  {
    type: 'Microsoft.Sql/managedInstances',
    service: 'SQL managed instance',
    source:
      'sql/resource-manager/Microsoft.Sql/stable/2023-08-01/ManagedInstances.json',
    keys: [{ uri: 'keyId' }],
    identity: '/primaryUserAssignedIdentityId',
    ...SQL,
  },
  {
    type: 'Microsoft.DBforPostgreSQL/flexibleServers',
    service: 'PostgreSQL server',
    source:
      'postgresql/resource-manager/Microsoft.DBforPostgreSQL/stable/2024-08-01/FlexibleServers.json',
    keys: ofDatabaseServer,
    follows: 'unless-versioned',
    docs: 'postgresql/flexible-server/concepts-data-encryption',
    loss: 'Within 10 minutes the server refuses all connections, and its state becomes Inaccessible.',
  },
  {
    type: 'Microsoft.DBforMySQL/flexibleServers',
    service: 'MySQL server',
    source: `${LEARN}/templates/microsoft.dbformysql/flexibleservers`,
    keys: ofDatabaseServer,
    follows: 'never',
    docs: 'mysql/flexible-server/concepts-customer-managed-key',
    loss: 'Within 10 minutes the server refuses all connections. It is available again after the key is back and the data encryption is revalidated.',
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
    docs: 'cosmos-db/how-to-setup-customer-managed-keys',
    loss: 'Nothing but the deletion of the account is possible until the key is back. Backups may miss what was written in the hour before.',
  },
  {
    type: 'Microsoft.DocumentDB/mongoClusters',
    service: 'Cosmos DB for MongoDB cluster',
    source: `${LEARN}/templates/microsoft.documentdb/mongoclusters`,
    keys: [ofCustomerManagedKeyEncryption],
    docs: 'templates/microsoft.documentdb/mongoclusters',
  },
  {
    type: 'Microsoft.ServiceBus/namespaces',
    service: 'Service Bus namespace',
    source:
      'servicebus/resource-manager/Microsoft.ServiceBus/stable/2021-11-01/namespace-preview.json',
    docs: 'service-bus-messaging/configure-customer-managed-key',
    ...NAMESPACE,
  },
  {
    type: 'Microsoft.EventHub/namespaces',
    service: 'Event Hubs namespace',
    source:
      'eventhub/resource-manager/Microsoft.EventHub/stable/2024-01-01/namespaces.json',
    docs: 'event-hubs/configure-customer-managed-key',
    ...NAMESPACE,
  },
  {
    type: 'Microsoft.CognitiveServices/accounts',
    service: 'AI services account',
    source:
      'cognitiveservices/resource-manager/Microsoft.CognitiveServices/stable/2024-10-01/cognitiveservices.json',
    keys: [apart('encryption.keyVaultProperties', 'identityClientId')],
    follows: 'never',
    docs: 'ai-services/encryption/cognitive-services-encryption-keys-portal',
    loss: 'All data of the account is inaccessible until the key can be reached again.',
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
    docs: 'machine-learning/concept-customer-managed-keys',
  },
  {
    type: 'Microsoft.DataFactory/factories',
    service: 'data factory',
    source:
      'datafactory/resource-manager/Microsoft.DataFactory/stable/2018-06-01/datafactory.json',
    keys: [
      {
        ...apart('encryption', 'identity.userAssignedIdentity'),
        vault: 'vaultBaseUrl',
      },
    ],
    follows: 'unless-versioned',
    docs: 'data-factory/enable-customer-managed-key',
    loss: 'Access to the factory and its data is denied.',
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
    follows: 'never',
    keepsEarlier:
      'SQL pools that are paused while the key changes stay on the earlier version until they are online again, and cannot resume without it.',
    docs: 'synapse-analytics/security/workspaces-encryption',
    loss: 'Paused SQL pools cannot resume. They may become inaccessible for good, and their backups unusable.',
  },
  {
    type: 'Microsoft.Databricks/workspaces',
    service: 'Databricks workspace',
    source:
      'databricks/resource-manager/Microsoft.Databricks/stable/2024-05-01/databricks.json',
    keys: [
      {
        ...apart('encryption.entities.managedServices.keyVaultProperties'),
        follows: 'never',
      },
      {
        ...apart(
          'encryption.entities.managedDisk.keyVaultProperties',
          '/managedDiskIdentity.principalId',
        ),
        follows: {
          when: 'encryption.entities.managedDisk.rotationToLatestKeyVersionEnabled',
        },
      },
      apart(
        'parameters.encryption.value',
        '/storageAccountIdentity.principalId',
      ),
    ],
    keepsEarlier:
      'Managed services need the earlier version for 24 hours after a rotation.',
    docs: 'databricks/security/keys/cmk-managed-services-azure',
    loss: 'Notebooks, secrets and queries can be neither read nor written once the cached key has expired.',
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
    follows: 'unless-versioned',
    followsWithin: 'an hour',
    keepsEarlier:
      'The earlier version has to stay enabled for at least one backup after the new one took effect.',
    docs: 'backup/encryption-at-rest-with-cmk',
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
    follows: 'unless-versioned',
    docs: 'backup/encryption-at-rest-with-cmk-for-backup-vault',
    loss: 'Backups, restores, tiering and the expiry of restore points fail. If the key cannot be given back, the data in the vault is lost.',
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
    follows: 'unless-versioned',
    docs: 'azure-app-configuration/concept-customer-managed-keys',
    loss: 'Within an hour the store refuses all access. It works again within an hour after the key can be reached.',
  },
  {
    type: 'Microsoft.Batch/batchAccounts',
    service: 'Batch account',
    source:
      'batch/resource-manager/Microsoft.Batch/stable/2024-07-01/BatchManagement.json',
    keys: [{ at: 'encryption.keyVaultProperties', uri: 'keyIdentifier' }],
    follows: 'unless-versioned',
    docs: 'batch/batch-customer-managed-key',
    loss: 'Nothing but the deletion of the account is possible, nodes become unavailable and tasks stop. It works again up to 10 minutes after the key can be reached.',
  },
  {
    type: 'Microsoft.Automation/automationAccounts',
    service: 'Automation account',
    source:
      'automation/resource-manager/Microsoft.Automation/stable/2023-11-01/account.json',
    keys: [apart('encryption.keyVaultProperties')],
    identity: '/encryption.identity.userAssignedIdentity',
    follows: 'never',
    docs: 'automation/automation-secure-asset-encryption',
    loss: 'Credentials, certificates, connections and encrypted variables of the account are inaccessible.',
  },
  {
    type: 'Microsoft.OperationalInsights/clusters',
    service: 'Log Analytics cluster',
    source:
      'operationalinsights/resource-manager/Microsoft.OperationalInsights/stable/2022-10-01/Clusters.json',
    keys: [apart('keyVaultProperties')],
    follows: 'unless-versioned',
    docs: 'azure-monitor/logs/customer-managed-keys',
    loss: 'Within an hour data of the linked workspaces is inaccessible. New data is dropped and does not come back.',
  },
  {
    type: 'Microsoft.Kusto/clusters',
    service: 'Data Explorer cluster',
    source:
      'azure-kusto/resource-manager/Microsoft.Kusto/stable/2024-04-13/kusto.json',
    keys: [apart('keyVaultProperties', 'userIdentity')],
    follows: 'unless-versioned',
    notShown: 'databases of Data Explorer clusters with keys of their own',
    docs: 'data-explorer/security',
    loss: 'All data of the cluster is inaccessible, and the cluster is suspended. Once the key is back, it has to be resumed by hand.',
  },
  {
    type: 'Microsoft.NetApp/netAppAccounts',
    service: 'NetApp account',
    source:
      'netapp/resource-manager/Microsoft.NetApp/stable/2024-09-01/netapp.json',
    keys: [apart('encryption.keyVaultProperties')],
    identity: '/encryption.identity.userAssignedIdentity',
    follows: 'unless-versioned',
    docs: 'azure-netapp-files/configure-customer-managed-keys',
  },
  {
    type: 'Microsoft.Cache/redisEnterprise',
    service: 'Redis Enterprise cache',
    source:
      'redisenterprise/resource-manager/Microsoft.Cache/stable/2024-10-01/redisenterprise.json',
    keys: [ofCustomerManagedKeyEncryption],
    follows: 'never',
    docs: 'azure-cache-for-redis/cache-how-to-encryption',
  },
  {
    type: 'Microsoft.ContainerInstance/containerGroups',
    service: 'container group',
    source:
      'containerinstance/resource-manager/Microsoft.ContainerInstance/stable/2023-05-01/containerInstance.json',
    keys: [
      { ...apart('encryptionProperties', 'identity'), vault: 'vaultBaseUrl' },
    ],
    follows: 'never',
    docs: 'container-instances/container-instances-encrypt-data',
  },
  {
    type: 'Microsoft.HDInsight/clusters',
    service: 'HDInsight cluster',
    source: `${LEARN}/templates/microsoft.hdinsight/clusters`,
    keys: [
      {
        ...apart('diskEncryptionProperties', 'msiResourceId'),
        vault: 'vaultUri',
      },
    ],
    docs: 'hdinsight/disk-encryption',
    loss: 'Ambari warns, and the key cannot be changed until it can be reached again. The cluster cannot grow meanwhile.',
  },
];

/**
 * Types of resources that name keys in their ARM properties and that Resource Graph lists (table `resources` in
 * governance/resource-graph/reference/supported-tables-resources). Each has a fixture in `__fixtures__`.
 */
export const CONSUMER_TYPES: readonly ConsumerType[] = DESCRIBED.map(
  ({
    docs,
    loss = 'This portal does not know what happens then: ask its owners before you take the key away.',
    ...type
  }) => ({
    identity: 'resource',
    follows: 'unknown',
    ...type,
    onLoss: { text: loss, docs: `${LEARN}/${docs}` },
  }),
);

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
