import {
  type VaultFacts,
  keyHome,
  keyHomeKind,
} from 'backstage-plugin-acr-cmk-common';
import { type FindingRule, OK } from './rule';

/** How a vault's network rules treat a registry, which is one of Azure's trusted services. */
export function firewallOf(
  vault: VaultFacts,
): 'open' | 'trusted-services' | 'closed' {
  if (vault.publicNetworkAccess && vault.defaultAction === 'allow') {
    return 'open';
  }
  return vault.trustedServicesBypass ? 'trusted-services' : 'closed';
}

/** The vault's firewall is closed to Azure's trusted services, so no registry gets through. */
export const vaultFirewall: FindingRule = {
  id: 'vault-firewall',
  severity: 'error',
  check({ key, vault }) {
    if (!vault.known) {
      return {
        verdict: 'undecided',
        message: `Could not determine whether the ${keyHomeKind(
          key.vaultName,
        )}'s firewall lets the registry through: ${vault.problem.message}`,
      };
    }
    if (firewallOf(vault.value) !== 'closed') return OK;
    return {
      verdict: 'found',
      message: `The firewall of the ${keyHome(
        key.vaultName,
      )} is closed, also to trusted Microsoft services such as Container Registry`,
      remedy: `Allow trusted Microsoft services to bypass the ${keyHomeKind(
        key.vaultName,
      )}'s firewall (networkAcls.bypass = AzureServices).`,
    };
  },
};
