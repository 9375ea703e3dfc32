import type { TokenCredential } from '@azure/core-auth';
import {
  ClientCertificateCredential,
  ClientSecretCredential,
  DefaultAzureCredential,
  ManagedIdentityCredential,
  WorkloadIdentityCredential,
} from '@azure/identity';
import {
  AZURE_CLOUDS,
  type AzureCloud,
  type AzureCloudName,
} from 'backstage-plugin-acr-cmk-common';
import { type ReadRetries, retryTokens } from '../transport/pipeline';
import type { CredentialName } from '../ports';
import { RenewableCredential } from './RenewableCredential';
import { recordAttempt } from './tokenAttempt';
import { wallClock } from '../../platform/time/realClock';

/** An app registration that proves itself by a secret. */
export interface ServicePrincipalConfig {
  /** May be left out here; configuration always has it. */
  kind?: 'client-secret';
  tenantId: string;
  clientId: string;
  clientSecret: string;
}

/** An app registration that proves itself by a certificate. */
export interface CertificateConfig {
  kind: 'client-certificate';
  tenantId: string;
  clientId: string;
  /** File with certificate and private key, in PEM. It is read for each new token, so that it may be renewed. */
  certificatePath: string;
}

/** An app registration or identity that trusts the service account of a pod (AKS). */
export interface WorkloadIdentityConfig {
  kind: 'workload-identity';
  clientId: string;
  /** Default: `AZURE_TENANT_ID`, which the webhook of AKS sets in the pod. */
  tenantId?: string;
}

/** A user-assigned managed identity of the machine or pod that the backend runs on. */
export interface ManagedIdentityConfig {
  kind: 'managed-identity';
  clientId: string;
}

/** The machine's own managed identity. */
export interface SystemAssignedIdentityConfig {
  kind: 'system-assigned-identity';
}

/**
 * Credential that `DefaultAzureCredential` finds: environment, workload identity, managed identity, `az login`.
 */
export interface DefaultChainConfig {
  kind: 'default-chain';
}

/** One entry below `acrCmk.azure.credentials`. */
export type CredentialConfig =
  | ServicePrincipalConfig
  | CertificateConfig
  | WorkloadIdentityConfig
  | ManagedIdentityConfig
  | SystemAssignedIdentityConfig
  | DefaultChainConfig;

/** `acrCmk.azure.credentials`: each entry is optional, a missing one takes its actions away. */
export type CredentialsConfig = Partial<
  Record<CredentialName, CredentialConfig>
>;

/** The credentials that there are. */
export type Credentials = Partial<Record<CredentialName, TokenCredential>>;

/** The jobs that have a credential each. */
export const CREDENTIAL_NAMES: readonly CredentialName[] = [
  'read',
  'rotate',
  'revoke',
  'provision',
];

/** Token requests are few and cached: a short second try is enough. */
const TOKEN_RETRIES: ReadRetries = {
  count: 1,
  delayMs: 500,
  longestRetryAfterSeconds: 5,
};

/** For credentials that ask Entra themselves. */
const entraOptions = ({ authorityHost }: AzureCloud) => ({
  authorityHost: `https://${authorityHost}`,
  retryOptions: { maxRetries: 0 },
  additionalPolicies: [
    { policy: recordAttempt(), position: 'perCall' as const },
    {
      policy: retryTokens(TOKEN_RETRIES, wallClock),
      position: 'perCall' as const,
    },
  ],
});

/** For the chain, which hands them to each of its credentials, also to those that do not ask Entra themselves. */
const chainOptions = ({ authorityHost }: AzureCloud) => ({
  authorityHost: `https://${authorityHost}`,
  additionalPolicies: [
    { policy: recordAttempt(), position: 'perCall' as const },
  ],
});

/** Cloud and environment of a credential, and the key of its configuration. */
interface Surroundings {
  cloud: AzureCloud;
  environment: NodeJS.ProcessEnv;
  /** Its place in app-config, for messages. */
  key: string;
}

function createCredential(
  config: CredentialConfig,
  surroundings: Surroundings,
): TokenCredential {
  const { cloud } = surroundings;
  switch (config.kind) {
    case 'default-chain':
      return new DefaultAzureCredential(chainOptions(cloud));
    case 'system-assigned-identity':
      return new ManagedIdentityCredential();
    case 'managed-identity':
      return new ManagedIdentityCredential({ clientId: config.clientId });
    case 'workload-identity':
      return createWorkloadIdentity(config, surroundings);
    case 'client-certificate':
      return new ClientCertificateCredential(
        config.tenantId,
        config.clientId,
        { certificatePath: config.certificatePath },
        entraOptions(cloud),
      );
    default:
      return new ClientSecretCredential(
        config.tenantId,
        config.clientId,
        config.clientSecret,
        entraOptions(cloud),
      );
  }
}

const SET_BY_AKS =
  'which AKS sets in a pod with the label azure.workload.identity/use: "true"';

/** @throws Error that names the key when neither configuration nor the pod says what is needed */
function createWorkloadIdentity(
  config: WorkloadIdentityConfig,
  { cloud, environment, key }: Surroundings,
): TokenCredential {
  const tenantId = config.tenantId ?? environment.AZURE_TENANT_ID;
  const tokenFilePath = environment.AZURE_FEDERATED_TOKEN_FILE;
  if (!tenantId) {
    throw new Error(
      `${key}.tenantId is missing, and so is AZURE_TENANT_ID, ${SET_BY_AKS}. Set one of them`,
    );
  }
  if (!tokenFilePath) {
    throw new Error(
      `${key} needs AZURE_FEDERATED_TOKEN_FILE, ${SET_BY_AKS}. It names the file with the token of the service account`,
    );
  }
  return new WorkloadIdentityCredential({
    clientId: config.clientId,
    tenantId,
    tokenFilePath,
    ...entraOptions(cloud),
  });
}

/**
 * Makes the credentials of the backend. A job that the configuration does not name has none, so
 * that nothing is written to Azure with a credential that nobody chose for it. Jobs with the same
 * settings have the same credential, its tokens and its limits.
 *
 * @param environment - the variables of the process, for workload identity
 * @param cloud - where tokens come from
 */
export function createCredentials(
  config: CredentialsConfig,
  environment: NodeJS.ProcessEnv = process.env,
  cloud: AzureCloudName = 'public',
): Credentials {
  const made = new Map<string, RenewableCredential>();
  const credentials: Credentials = {};
  for (const name of CREDENTIAL_NAMES) {
    const one = config[name];
    if (!one) continue;
    const same = JSON.stringify(one);
    const credential =
      made.get(same) ??
      new RenewableCredential(
        () =>
          createCredential(one, {
            cloud: AZURE_CLOUDS[cloud],
            environment,
            key: `acrCmk.azure.credentials.${name}`,
          }),
        {
          kind: one.kind ?? 'client-secret',
          host: AZURE_CLOUDS[cloud].authorityHost,
          environment,
        },
      );
    made.set(same, credential);
    credentials[name] = credential;
  }
  return credentials;
}
