import { AuthorizationManagementClient } from '@azure/arm-authorization';
import { ContainerRegistryManagementClient } from '@azure/arm-containerregistry';
import { KeyVaultManagementClient } from '@azure/arm-keyvault';
import { ResourceGraphClient } from '@azure/arm-resourcegraph';
import type { TokenCredential } from '@azure/core-auth';
import { KeyClient } from '@azure/keyvault-keys';
import {
  AZURE_CLOUDS,
  type AzureCloud,
  type AzureCloudName,
  hostInCloud,
  type KeyIdentifier,
  otherCloud,
  vaultHostOf,
} from 'backstage-plugin-acr-cmk-common';
import {
  type MonotonicClock,
  monotonicClock,
  wallClock,
} from '../platform/time/realClock';
import { refusedInput } from './armIds';
import { AzureError } from './AzureError';
import { CallBudget } from './transport/budget';
import type { CallLimits, CallObserver } from './transport/call';
import { CREDENTIAL_NAMES, type Credentials } from './credentials/credentials';
import { keepConnections } from './transport/keepConnections';
import {
  clientOptions,
  createRawClient,
  type RawClient,
  type ReadRetries,
  type RenewToken,
} from './transport/pipeline';
import type { CredentialName } from './ports';
import { RenewableCredential } from './credentials/RenewableCredential';

/**
 * Version of Key Vault's data plane that is asked for. Pinned, because a patch release of
 * keyvault-keys changed its default (docs/azure.md).
 */
const KEYS_API_VERSION = '7.6';

/** Audience of registries, in every cloud, as az has it (azure/cli/command_modules/acr/_constants.py). */
const REGISTRY_SCOPE = 'https://containerregistry.azure.net/.default';

/** Clients kept for vaults; the one that was made first goes when there are more. */
const MOST_VAULT_CLIENTS = 500;

export interface AzureOptions {
  credentials: Credentials;
  /** Default: Azure's public cloud. */
  cloud?: AzureCloudName;
  /** Limit of one call, all its retries included; for a list, of each page. Default 20. */
  timeoutSeconds?: number;
  /** Limit of a request without a credential that tests pulls, and of one with a credential. Default 5. */
  probeTimeoutSeconds?: number;
  /** Retries of reads. Default: twice, after 0.5 and 1 s, or after a `Retry-After` of at most 5 s. */
  readRetries?: ReadRetries;
  /** Our clock, epoch milliseconds. Default: the machine's. */
  now?(): number;
  /** Default: the machine's. */
  monotonic?: MonotonicClock;
  /** Observes every call. */
  observer?: CallObserver;
  /** Calls that may be made, shared between clients. Default: one of its own. */
  budget?: CallBudget;
}

/** SDK clients, URLs and limits that the implementations of the ports share. */
export interface AzureClients {
  cloud: AzureCloud;
  armScope: string;
  limits: CallLimits;
  probeLimits: CallLimits;
  has(credential: CredentialName): boolean;
  /** A token for ARM, for what it says of its holder. */
  armToken(credential: CredentialName): Promise<string>;
  /** A token that registries exchange for their own; no other service accepts it. */
  registryToken(credential: CredentialName): Promise<string>;
  registries(
    credential: CredentialName,
    subscriptionId: string,
  ): ContainerRegistryManagementClient;
  keyVault(
    credential: CredentialName,
    subscriptionId: string,
  ): KeyVaultManagementClient;
  authorization(credential: CredentialName): AuthorizationManagementClient;
  resourceGraph(credential: CredentialName): ResourceGraphClient;
  keys(credential: CredentialName, key: KeyIdentifier): KeyClient;
  /** Single requests to ARM. */
  arm(credential: CredentialName): RawClient;
  /** Single requests to the vault of a key. */
  vault(credential: CredentialName, key: KeyIdentifier): RawClient;
  armUrl(path: string, apiVersion: string, query?: string): string;
  vaultUrl(key: KeyIdentifier, path: string): string;
  /** Single requests to a Managed HSM, by its name with `.managedhsm`. */
  hsm(credential: CredentialName, hsm: string): RawClient;
  hsmUrl(hsm: string, path: string, query?: string): string;
}

/** Work that each credential is for, for the message about a missing one. */
const PURPOSE: Record<CredentialName, string> = {
  read: 'reading from Azure',
  rotate: 'rotating keys',
  revoke: 'revoking and restoring access',
  provision: 'making registries',
};

/** Makes each thing once per key; the oldest goes when there are too many. */
function once<T>(most: number, make: (key: string) => T) {
  const made = new Map<string, T>();
  return (key: string): T => {
    let thing = made.get(key);
    if (thing === undefined) {
      thing = make(key);
      if (made.size >= most) made.delete(made.keys().next().value as string);
      made.set(key, thing);
    }
    return thing;
  };
}

export function createClients(options: AzureOptions): AzureClients {
  const cloud = AZURE_CLOUDS[options.cloud ?? 'public'];
  const armScope = `https://${cloud.armHost}/.default`;
  /** Vaults and Managed HSMs have an audience for each of the two kinds. */
  const vaultScopeOf = (host: string) =>
    `https://${
      hostInCloud(host, 'hsmSuffix') ? cloud.hsmSuffix : cloud.vaultSuffix
    }/.default`;
  const now = options.now ?? wallClock;
  const monotonic = options.monotonic ?? monotonicClock;
  const { observer } = options;
  const retries = options.readRetries ?? {
    count: 2,
    delayMs: 500,
    longestRetryAfterSeconds: 5,
  };
  const budget = options.budget ?? new CallBudget({ monotonic, now });
  const connections = keepConnections();
  /** Jobs with the same credential share its limits. */
  const budgetOf = (name: CredentialName) => ({
    budget,
    armHost: cloud.armHost,
    principal:
      CREDENTIAL_NAMES.find(
        each => options.credentials[each] === options.credentials[name],
      ) ?? name,
  });
  const renewWith =
    (credential: TokenCredential, scope: string): RenewToken =>
    async refused =>
      credential instanceof RenewableCredential
        ? credential.renewed(refused, scope)
        : undefined;
  const armOptions = (name: CredentialName) => ({
    ...clientOptions({
      host: cloud.armHost,
      retries,
      now,
      renew: renewWith(credentialOf(name), armScope),
      budget: budgetOf(name),
      connections,
    }),
    endpoint: `https://${cloud.armHost}`,
    credentialScopes: armScope,
    // The same for clients of another generation, such as that of Resource Graph.
    credentials: { scopes: [armScope] },
  });
  const vaultOptions = (name: CredentialName, host: string) =>
    clientOptions({
      host,
      retries,
      now,
      renew: renewWith(credentialOf(name), vaultScopeOf(host)),
      budget: budgetOf(name),
      connections,
    });

  function credentialOf(name: CredentialName): TokenCredential {
    const credential = options.credentials[name];
    if (!credential) {
      throw new AzureError(
        {
          kind: 'unconfigured',
          code: 'CredentialMissing',
          message: `No credential for ${PURPOSE[name]} is configured: set acrCmk.azure.credentials.${name}.`,
        },
        { effect: 'refused' },
      );
    }
    return credential;
  }

  /** The host of a key's vault, put together by us and of our cloud. */
  function hostOf(key: KeyIdentifier): string {
    if (key.cloud.name !== cloud.name) {
      throw refusedInput(`${key.vaultHost} ${otherCloud(key.cloud, cloud)}`);
    }
    return key.vaultHost;
  }

  // Keys of these caches: `<credential> <what it is for>`.
  const split = (key: string) => key.split(' ') as [CredentialName, string];
  const registries = once(MOST_VAULT_CLIENTS, key => {
    const [credential, subscriptionId] = split(key);
    return new ContainerRegistryManagementClient(
      credentialOf(credential),
      subscriptionId,
      armOptions(credential),
    );
  });
  const keyVault = once(MOST_VAULT_CLIENTS, key => {
    const [credential, subscriptionId] = split(key);
    return new KeyVaultManagementClient(
      credentialOf(credential),
      subscriptionId,
      armOptions(credential),
    );
  });
  const authorization = once(CREDENTIAL_NAMES.length, key => {
    const [credential] = split(key);
    // Its subscription goes into calls that this product does not make.
    return new AuthorizationManagementClient(
      credentialOf(credential),
      '00000000-0000-0000-0000-000000000000',
      armOptions(credential),
    );
  });
  const resourceGraph = once(CREDENTIAL_NAMES.length, key => {
    const [credential] = split(key);
    return new ResourceGraphClient(
      credentialOf(credential),
      armOptions(credential),
    );
  });
  const keys = once(MOST_VAULT_CLIENTS, key => {
    const [credential, host] = split(key);
    return new KeyClient(`https://${host}`, credentialOf(credential), {
      ...vaultOptions(credential, host),
      serviceVersion: KEYS_API_VERSION,
    });
  });
  const arm = once(CREDENTIAL_NAMES.length, key => {
    const [credential] = split(key);
    return createRawClient(
      credentialOf(credential),
      armScope,
      armOptions(credential),
    );
  });
  const vault = once(MOST_VAULT_CLIENTS, key => {
    const [credential, host] = split(key);
    return createRawClient(
      credentialOf(credential),
      vaultScopeOf(host),
      vaultOptions(credential, host),
    );
  });

  return {
    cloud,
    armScope,
    limits: {
      timeoutSeconds: options.timeoutSeconds ?? 20,
      now,
      monotonic,
      observer,
    },
    probeLimits: {
      timeoutSeconds: options.probeTimeoutSeconds ?? 5,
      now,
      monotonic,
      observer,
    },
    has: credential => options.credentials[credential] !== undefined,
    armToken: async credential => {
      const token = await credentialOf(credential).getToken(armScope);
      return token?.token ?? '';
    },
    registryToken: async credential => {
      const token = await credentialOf(credential).getToken(REGISTRY_SCOPE);
      return token?.token ?? '';
    },
    registries: (credential, subscriptionId) =>
      registries(`${credential} ${subscriptionId}`),
    keyVault: (credential, subscriptionId) =>
      keyVault(`${credential} ${subscriptionId}`),
    authorization: credential => authorization(`${credential} `),
    resourceGraph: credential => resourceGraph(`${credential} `),
    keys: (credential, key) => keys(`${credential} ${hostOf(key)}`),
    arm: credential => arm(`${credential} `),
    vault: (credential, key) => vault(`${credential} ${hostOf(key)}`),
    armUrl: (path, apiVersion, query) =>
      `https://${cloud.armHost}${path}?${
        query ? `${query}&` : ''
      }api-version=${apiVersion}`,
    vaultUrl: (key, path) =>
      `https://${hostOf(key)}${path}?api-version=${KEYS_API_VERSION}`,
    hsm: (credential, name) =>
      vault(`${credential} ${vaultHostOf(name, cloud.name)}`),
    hsmUrl: (name, path, query) =>
      `https://${vaultHostOf(name, cloud.name)}${path}?${
        query ? `${query}&` : ''
      }api-version=${KEYS_API_VERSION}`,
  };
}
