/** Azure's clouds that the product knows. */
export const AZURE_CLOUD_NAMES = ['public', 'usGovernment', 'china'] as const;

/** One of Azure's clouds, as `acrCmk.azure.cloud` names it. */
export type AzureCloudName = (typeof AZURE_CLOUD_NAMES)[number];

/** The names of one of Azure's clouds. Everything that differs from cloud to cloud is here. */
export interface AzureCloud {
  name: AzureCloudName;
  /** Name for messages. */
  title: string;
  /** Host that issues tokens. */
  authorityHost: string;
  /** Host of Azure Resource Manager, which is the audience of its tokens, too. */
  armHost: string;
  /** Suffix of a vault's host, and the audience of tokens for vaults. */
  vaultSuffix: string;
  /** Suffix of a Managed HSM's host. */
  hsmSuffix: string;
  /** Suffix of a registry's login server. */
  registrySuffix: string;
  /** The portal of people. */
  portalHost: string;
}

/** Azure's clouds by their names. */
export const AZURE_CLOUDS: Readonly<Record<AzureCloudName, AzureCloud>> = {
  public: {
    name: 'public',
    title: "Azure's public cloud",
    authorityHost: 'login.microsoftonline.com',
    armHost: 'management.azure.com',
    vaultSuffix: 'vault.azure.net',
    hsmSuffix: 'managedhsm.azure.net',
    registrySuffix: 'azurecr.io',
    portalHost: 'portal.azure.com',
  },
  usGovernment: {
    name: 'usGovernment',
    title: 'Azure Government',
    authorityHost: 'login.microsoftonline.us',
    armHost: 'management.usgovcloudapi.net',
    vaultSuffix: 'vault.usgovcloudapi.net',
    hsmSuffix: 'managedhsm.usgovcloudapi.net',
    registrySuffix: 'azurecr.us',
    portalHost: 'portal.azure.us',
  },
  china: {
    name: 'china',
    title: 'Azure in China',
    authorityHost: 'login.partner.microsoftonline.cn',
    armHost: 'management.chinacloudapi.cn',
    vaultSuffix: 'vault.azure.cn',
    hsmSuffix: 'managedhsm.azure.cn',
    registrySuffix: 'azurecr.cn',
    portalHost: 'portal.azure.cn',
  },
};

/** The kinds of hosts that carry the name of a resource before a suffix. */
type SuffixKind = 'vaultSuffix' | 'hsmSuffix' | 'registrySuffix';

/** A host of a resource in one of the clouds, taken apart. */
export interface HostInCloud {
  cloud: AzureCloud;
  /** Part before the suffix, as it was written. */
  label: string;
}

/**
 * The cloud that a host belongs to, if it ends in the suffix of that kind.
 *
 * @param host - a host name without a port, in any case
 */
export function hostInCloud(
  host: string,
  kind: SuffixKind,
): HostInCloud | undefined {
  for (const name of AZURE_CLOUD_NAMES) {
    const cloud = AZURE_CLOUDS[name];
    const end = `.${cloud[kind]}`;
    if (host.toLowerCase().endsWith(end)) {
      return { cloud, label: host.slice(0, -end.length) };
    }
  }
  return undefined;
}

/** Reason why something of one cloud is refused in another, for a message. */
export function otherCloud(found: AzureCloud, configured: AzureCloud): string {
  return `is in ${found.title}, and this backend is configured for ${configured.title} (acrCmk.azure.cloud)`;
}
