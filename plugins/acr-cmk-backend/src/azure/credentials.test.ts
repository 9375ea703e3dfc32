import {
  ClientCertificateCredential,
  ClientSecretCredential,
  DefaultAzureCredential,
  ManagedIdentityCredential,
  WorkloadIdentityCredential,
} from '@azure/identity';
import {
  type CredentialConfig,
  createCredentials,
  CREDENTIAL_NAMES,
} from './credentials';

const GUID = '11111111-2222-4333-8444-555555555555';
const APP = { tenantId: GUID, clientId: GUID };
/** What the webhook of AKS sets in a pod. */
const POD = {
  AZURE_TENANT_ID: GUID,
  AZURE_FEDERATED_TOKEN_FILE: '/var/run/secrets/azure/tokens/token',
};

describe('createCredentials', () => {
  it.each<[config: CredentialConfig, type: Function]>([
    [{ ...APP, clientSecret: 's' }, ClientSecretCredential],
    [
      { kind: 'client-secret', ...APP, clientSecret: 's' },
      ClientSecretCredential,
    ],
    [
      { kind: 'client-certificate', ...APP, certificatePath: '/app.pem' },
      ClientCertificateCredential,
    ],
    [
      { kind: 'client-certificate', ...APP, certificate: 'PEM' },
      ClientCertificateCredential,
    ],
    [
      { kind: 'workload-identity', clientId: GUID },
      WorkloadIdentityCredential,
    ],
    [{ kind: 'managed-identity', clientId: GUID }, ManagedIdentityCredential],
    [{ kind: 'system-assigned-identity' }, ManagedIdentityCredential],
    [{ kind: 'default-chain' }, DefaultAzureCredential],
  ])('makes of %j the credential of @azure/identity', (config, type) => {
    for (const job of CREDENTIAL_NAMES) {
      const made = createCredentials({ [job]: config }, POD);
      expect(made[job]).toBeInstanceOf(type);
      expect(Object.keys(made)).toEqual([job]);
    }
  });

  it('makes none for a job that is not named', () => {
    expect(createCredentials({}, POD)).toEqual({});
  });

  it.each([
    ['AZURE_TENANT_ID', 'tenantId'],
    ['AZURE_FEDERATED_TOKEN_FILE', 'tokenFilePath'],
  ])(
    'refuses workload identity when neither the pod has %s nor configuration %s',
    (variable, field) => {
      expect(() =>
        createCredentials(
          { rotate: { kind: 'workload-identity', clientId: GUID } },
          { ...POD, [variable]: undefined },
        ),
      ).toThrow(
        `acrCmk.azure.credentials.rotate.${field} is missing, and so is ${variable}`,
      );
    },
  );
});
