/** Host names of one of Microsoft's clouds. */
interface Cloud {
  name: string;
  portal: string;
  login: string;
  resourceManager: string;
  classicAudience: string;
  graph: string;
  keyVault: string;
  managedHsm: string;
  registry: string;
  storage: string;
  sqlServer: string;
}

const CLOUDS: Cloud[] = [
  {
    name: 'AzureCloud',
    portal: 'https://portal.azure.com',
    login: 'https://login.microsoftonline.com',
    resourceManager: 'https://management.azure.com/',
    classicAudience: 'https://management.core.windows.net/',
    graph: 'https://graph.microsoft.com/',
    keyVault: 'vault.azure.net',
    managedHsm: 'managedhsm.azure.net',
    registry: 'azurecr.io',
    storage: 'core.windows.net',
    sqlServer: 'database.windows.net',
  },
  {
    name: 'AzureChinaCloud',
    portal: 'https://portal.azure.cn',
    login: 'https://login.chinacloudapi.cn',
    resourceManager: 'https://management.chinacloudapi.cn/',
    classicAudience: 'https://management.core.chinacloudapi.cn/',
    graph: 'https://microsoftgraph.chinacloudapi.cn/',
    keyVault: 'vault.azure.cn',
    managedHsm: 'managedhsm.azure.cn',
    registry: 'azurecr.cn',
    storage: 'core.chinacloudapi.cn',
    sqlServer: 'database.chinacloudapi.cn',
  },
  {
    name: 'AzureUSGovernment',
    portal: 'https://portal.azure.us',
    login: 'https://login.microsoftonline.us',
    resourceManager: 'https://management.usgovcloudapi.net/',
    classicAudience: 'https://management.core.usgovcloudapi.net/',
    graph: 'https://graph.microsoft.us/',
    keyVault: 'vault.usgovcloudapi.net',
    managedHsm: 'managedhsm.usgovcloudapi.net',
    registry: 'azurecr.us',
    storage: 'core.usgovcloudapi.net',
    sqlServer: 'database.usgovcloudapi.net',
  },
];

/** What clients that are configured by a metadata host need to know of each cloud. */
export function cloudMetadata() {
  return CLOUDS.map(cloud => ({
    name: cloud.name,
    portal: cloud.portal,
    authentication: {
      loginEndpoint: cloud.login,
      audiences: [cloud.classicAudience, cloud.resourceManager],
      tenant: 'common',
      identityProvider: 'AAD',
    },
    resourceManager: cloud.resourceManager,
    microsoftGraphResourceId: cloud.graph,
    suffixes: {
      acrLoginServer: cloud.registry,
      keyVaultDns: cloud.keyVault,
      mhsmDns: cloud.managedHsm,
      storage: cloud.storage,
      sqlServerHostname: cloud.sqlServer,
    },
  }));
}
