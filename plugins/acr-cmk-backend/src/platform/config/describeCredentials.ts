import {
  CREDENTIAL_NAMES,
  type CredentialConfig,
  type CredentialsConfig,
} from '../../azure/credentials/credentials';
import type { CredentialName } from '../../azure/ports';

/** Purpose of each job in Azure. */
const JOBS: Record<CredentialName, string> = {
  read: 'read registries, vaults and keys',
  rotate: 'rotate keys',
  revoke: 'revoke and restore access to keys',
  provision: 'create registries',
};

/** The kind of a credential and whose it is. Nothing secret. */
export function holderOf(config: CredentialConfig): string {
  switch (config.kind) {
    case 'default-chain':
      return 'the default credential chain';
    case 'system-assigned-identity':
      return "the machine's system-assigned identity";
    case 'managed-identity':
      return `managed identity, client id ${config.clientId}`;
    case 'workload-identity':
      return `workload identity, client id ${config.clientId}`;
    case 'client-certificate':
      return `client certificate, client id ${config.clientId}`;
    default:
      return `client secret, client id ${config.clientId}`;
  }
}

/** A line for the log about each job: who does it, or that it is off and what turns it on. */
export function describeCredentials(credentials: CredentialsConfig): string[] {
  return CREDENTIAL_NAMES.map(job => {
    const config = credentials[job];
    const what = `Azure credential to ${JOBS[job]} (${job})`;
    return config
      ? `${what}: ${holderOf(config)}`
      : `${what}: none, so this is off. Set acrCmk.azure.credentials.${job} to turn it on`;
  });
}
