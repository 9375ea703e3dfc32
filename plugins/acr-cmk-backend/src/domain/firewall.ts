import type { VaultFacts } from 'backstage-plugin-acr-cmk-common';

/** Treatment of a registry by a vault's network rules. A registry is one of Azure's trusted services. */
export function firewallOf(
  vault: VaultFacts,
): 'open' | 'trusted-services' | 'closed' {
  if (vault.publicNetworkAccess && vault.defaultAction === 'allow') {
    return 'open';
  }
  return vault.trustedServicesBypass ? 'trusted-services' : 'closed';
}
