import { AuthorizationManagementClient } from '@azure/arm-authorization';
import { ContainerRegistryManagementClient } from '@azure/arm-containerregistry';
import { KeyVaultManagementClient } from '@azure/arm-keyvault';
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
import { clientOptions, type ReadRetries } from './transport/pipeline';
import {
  createSender,
  type Sender,
  type SignedRequest,
} from './transport/send';
import type { CredentialName } from './ports';
import { RenewableCredential } from './credentials/RenewableCredential';

/**
 * Version of Key Vault's data plane that is asked for. Pinned, because a patch release of
 * keyvault-keys changed its default (docs/azure.md).
 */
const KEYS_API_VERSION = '7.6';

/** Audience of registries, in every cloud, as az has it (azure/cli/command_modules/acr/_constants.py). */
const REGISTRY_SCOPE = 'https://containerregistry.azure.net/.default';

/** Clients of one kind that are kept, such as one for each vault. Our choice. */
const MOST_CLIENTS = 500;

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
  keys(credential: CredentialName, key: KeyIdentifier): KeyClient;
  /** Sends a request that no SDK client offers, to ARM, or to a vault or Managed HSM. */
  send(
    credential: CredentialName,
    request: SignedRequest,
  ): ReturnType<Sender['send']>;
  /** All items of a paged list that no SDK client offers. */
  list(credential: CredentialName, url: string): Promise<any[]>;
  armUrl(path: string, apiVersion: string): string;
  /** URL at the vault or Managed HSM of a key. */
  vaultUrl(key: KeyIdentifier, path: string): string;
  /** URL at a Managed HSM, by its name with `.managedhsm`. */
  hsmUrl(hsm: string, path: string): string;
}

/** Work that each credential is for, for the message about a missing one. */
const PURPOSE: Record<CredentialName, string> = {
  read: 'reading from Azure',
  rotate: 'rotating keys',
  revoke: 'revoking and restoring access',
  provision: 'making registries',
};

/** Makes a client once for each credential and what else it is `of`; the oldest goes when there are too many. */
function cached<T>(make: (credential: CredentialName, of: string) => T) {
  const made = new Map<string, T>();
  return (credential: CredentialName, of: string): T => {
    const key = `${credential} ${of}`;
    let client = made.get(key);
    if (client === undefined) {
      client = make(credential, of);
      if (made.size >= MOST_CLIENTS) {
        made.delete(made.keys().next().value as string);
      }
      made.set(key, client);
    }
    return client;
  };
}

export function createClients(options: AzureOptions): AzureClients {
  const cloud = AZURE_CLOUDS[options.cloud ?? 'public'];
  const { armHost } = cloud;
  const armScope = `https://${armHost}/.default`;
  const now = options.now ?? wallClock;
  const monotonic = options.monotonic ?? monotonicClock;
  const retries = options.readRetries ?? {
    count: 2,
    delayMs: 500,
    longestRetryAfterSeconds: 5,
  };
  const budget = options.budget ?? new CallBudget({ monotonic, now });
  const connections = keepConnections();

  /** Audience of a host: ARM, and one for each of vaults and Managed HSMs. */
  function scopeOf(host: string): string {
    if (host === armHost) return armScope;
    for (const kind of ['hsmSuffix', 'vaultSuffix'] as const) {
      if (hostInCloud(host, kind)?.cloud.name === cloud.name) {
        return `https://${cloud[kind]}/.default`;
      }
    }
    throw refusedInput(`${host} is no host of Azure that gets a token`);
  }

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

  /** Options of a client that speaks to one host. */
  function optionsFor(name: CredentialName, host: string) {
    const credential = credentialOf(name);
    const scope = scopeOf(host);
    return clientOptions({
      credential: name,
      host,
      retries,
      now,
      renew: async refused =>
        credential instanceof RenewableCredential
          ? credential.renewed(refused, scope)
          : undefined,
      budget: {
        budget,
        armHost,
        // Jobs with the same credential share its limits.
        principal:
          CREDENTIAL_NAMES.find(
            each => options.credentials[each] === options.credentials[name],
          ) ?? name,
      },
      connections,
    });
  }

  /** Options of an SDK client of ARM, in the words of both generations of them. */
  const armOptions = (name: CredentialName) => ({
    ...optionsFor(name, armHost),
    endpoint: `https://${armHost}`,
    credentialScopes: armScope,
    credentials: { scopes: [armScope] },
  });

  /** The host of a key's vault, put together by us and of our cloud. */
  function hostOf(key: KeyIdentifier): string {
    if (key.cloud.name !== cloud.name) {
      throw refusedInput(`${key.vaultHost} ${otherCloud(key.cloud, cloud)}`);
    }
    return key.vaultHost;
  }

  const authorization = cached(
    credential =>
      // Its subscription goes into calls that this product does not make.
      new AuthorizationManagementClient(
        credentialOf(credential),
        '00000000-0000-0000-0000-000000000000',
        armOptions(credential),
      ),
  );
  const keys = cached(
    (credential, host) =>
      new KeyClient(`https://${host}`, credentialOf(credential), {
        ...optionsFor(credential, host),
        serviceVersion: KEYS_API_VERSION,
      }),
  );
  const sender = cached((credential, host) =>
    createSender(
      credentialOf(credential),
      scopeOf(host),
      optionsFor(credential, host),
    ),
  );
  const senderTo = (credential: CredentialName, url: string) =>
    sender(credential, new URL(url).host);
  const tokenFor = async (credential: CredentialName, scope: string) =>
    (await credentialOf(credential).getToken(scope))?.token ?? '';
  const limits = { now, monotonic, observer: options.observer };

  return {
    cloud,
    armScope,
    limits: { ...limits, timeoutSeconds: options.timeoutSeconds ?? 20 },
    probeLimits: {
      ...limits,
      timeoutSeconds: options.probeTimeoutSeconds ?? 5,
    },
    has: credential => options.credentials[credential] !== undefined,
    armToken: credential => tokenFor(credential, armScope),
    registryToken: credential => tokenFor(credential, REGISTRY_SCOPE),
    registries: cached(
      (credential, subscriptionId) =>
        new ContainerRegistryManagementClient(
          credentialOf(credential),
          subscriptionId,
          armOptions(credential),
        ),
    ),
    keyVault: cached(
      (credential, subscriptionId) =>
        new KeyVaultManagementClient(
          credentialOf(credential),
          subscriptionId,
          armOptions(credential),
        ),
    ),
    authorization: credential => authorization(credential, ''),
    keys: (credential, key) => keys(credential, hostOf(key)),
    send: async (credential, request) =>
      senderTo(credential, request.url).send(request),
    list: async (credential, url) => senderTo(credential, url).list(url),
    armUrl: (path, apiVersion) =>
      `https://${armHost}${path}?api-version=${apiVersion}`,
    vaultUrl: (key, path) =>
      `https://${hostOf(key)}${path}?api-version=${KEYS_API_VERSION}`,
    hsmUrl: (hsm, path) =>
      `https://${vaultHostOf(hsm, cloud.name)}${path}?api-version=${KEYS_API_VERSION}`,
  };
}
