import { addressOf, isListed } from '../access/addresses';
import { registry as errors } from '../errors';
import { hostLabel } from '../http/hosts';
import type { Azure, Request } from '../types';

interface NetworkRuleSet {
  defaultAction: string;
  ipRules: { value: string }[];
}

/**
 * Refuses a request that the network rules of the registry do not admit: before it asks for credentials, and
 * whatever they are.
 */
export function checkRegistryFirewall(azure: Azure, request: Request): void {
  const registry = azure.registriesByName.first(hostLabel(request));
  if (!registry) return;
  const { publicNetworkAccess, networkRuleSet } = registry.settings as {
    publicNetworkAccess: string;
    networkRuleSet: NetworkRuleSet;
  };
  const address = addressOf(request);
  const isAdmitted =
    networkRuleSet.defaultAction === 'Allow' ||
    isListed(address, networkRuleSet.ipRules);
  if (publicNetworkAccess !== 'Enabled' || !isAdmitted) {
    throw errors.notAdmitted(address);
  }
}
