import type { TokenCredential } from '@azure/core-auth';
import {
  ClientSecretCredential,
  DefaultAzureCredential,
  ManagedIdentityCredential,
} from '@azure/identity';
import { type ReadRetries, retryTokens } from './pipeline';
import type { CredentialName } from './ports';
import { RenewableCredential } from './RenewableCredential';

/** A service principal with a secret. */
export interface ServicePrincipalConfig {
  tenantId: string;
  clientId: string;
  clientSecret: string;
}

/** A user-assigned managed identity of the machine or pod that the backend runs on. */
export interface ManagedIdentityConfig {
  clientId: string;
}

/** One entry below `acrCmk.azure.credentials`. */
export type CredentialConfig = ServicePrincipalConfig | ManagedIdentityConfig;

/** `acrCmk.azure.credentials`: each entry is optional, a missing one takes its actions away. */
export type CredentialsConfig = Partial<
  Record<CredentialName, CredentialConfig>
>;

/** The credentials that there are. */
export type Credentials = Partial<Record<CredentialName, TokenCredential>>;

const NAMES: CredentialName[] = ['read', 'rotate', 'revoke', 'provision'];

/** Token requests are few and cached: a short second try is enough. */
const TOKEN_RETRIES: ReadRetries = {
  count: 1,
  delayMs: 500,
  longestRetryAfterSeconds: 5,
};

/** The credential of `@azure/identity` for an entry. */
export function createCredential(config: CredentialConfig): TokenCredential {
  if ('clientSecret' in config) {
    return new ClientSecretCredential(
      config.tenantId,
      config.clientId,
      config.clientSecret,
      {
        retryOptions: { maxRetries: 0 },
        additionalPolicies: [
          { policy: retryTokens(TOKEN_RETRIES, Date.now), position: 'perCall' },
        ],
      },
    );
  }
  return new ManagedIdentityCredential({ clientId: config.clientId });
}

/**
 * Makes the credentials of the backend.
 *
 * With nothing configured at all, Azure's usual chain (environment, workload identity, managed
 * identity, a developer's `az login`) stands for all of them, and Azure's roles alone limit what it
 * may do. With at least one entry, the missing ones stay missing.
 */
export function createCredentials(config?: CredentialsConfig): Credentials {
  const given = NAMES.filter(name => config?.[name] !== undefined);
  if (given.length === 0) {
    const chain = new RenewableCredential(() => new DefaultAzureCredential());
    return { read: chain, rotate: chain, revoke: chain, provision: chain };
  }
  return Object.fromEntries(
    given.map(name => [
      name,
      new RenewableCredential(() => createCredential(config![name]!)),
    ]),
  );
}
