import { constants, verify, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ClientCertificateCredential,
  ClientSecretCredential,
  DefaultAzureCredential,
  ManagedIdentityCredential,
  WorkloadIdentityCredential,
} from '@azure/identity';
import type { RenewableCredential } from './RenewableCredential';
import { type Entra, selfSigned, startEntra } from '../__testUtils__/entra';
import {
  type CredentialConfig,
  createCredentials,
  CREDENTIAL_NAMES,
} from './credentials';

const GUID = '11111111-2222-4333-8444-555555555555';
const APP = { tenantId: GUID, clientId: GUID };
/** Environment variables that the webhook of AKS sets in a pod. */
const POD = {
  AZURE_TENANT_ID: GUID,
  AZURE_FEDERATED_TOKEN_FILE: '/var/run/secrets/azure/tokens/token',
};

describe('createCredentials', () => {
  it.each<[kind: string, config: CredentialConfig, type: Function]>([
    [
      'a client secret, its kind left out',
      { ...APP, clientSecret: 's' },
      ClientSecretCredential,
    ],
    [
      'a client secret',
      { kind: 'client-secret', ...APP, clientSecret: 's' },
      ClientSecretCredential,
    ],
    [
      'a certificate',
      { kind: 'client-certificate', ...APP, certificatePath: '/app.pem' },
      ClientCertificateCredential,
    ],
    [
      'a workload identity',
      { kind: 'workload-identity', clientId: GUID },
      WorkloadIdentityCredential,
    ],
    [
      'a managed identity',
      { kind: 'managed-identity', clientId: GUID },
      ManagedIdentityCredential,
    ],
    [
      "the machine's identity",
      { kind: 'system-assigned-identity' },
      ManagedIdentityCredential,
    ],
    ['the default chain', { kind: 'default-chain' }, DefaultAzureCredential],
  ])('makes the credential for %s, for each job', (_kind, config, type) => {
    for (const job of CREDENTIAL_NAMES) {
      const made = createCredentials({ [job]: config }, POD);
      expect((made[job] as RenewableCredential).current).toBeInstanceOf(type);
      expect(Object.keys(made)).toEqual([job]);
    }
  });

  it('makes none for a job that is not named', () => {
    expect(createCredentials({}, POD)).toEqual({});
  });

  it.each([
    [
      'AZURE_TENANT_ID',
      'acrCmk.azure.credentials.rotate.tenantId is missing, and so is AZURE_TENANT_ID',
    ],
    [
      'AZURE_FEDERATED_TOKEN_FILE',
      'acrCmk.azure.credentials.rotate needs AZURE_FEDERATED_TOKEN_FILE',
    ],
  ])(
    'refuses workload identity when the pod has no %s, and configuration does not say it',
    (variable, message) => {
      expect(() =>
        createCredentials(
          { rotate: { kind: 'workload-identity', clientId: GUID } },
          { ...POD, [variable]: undefined },
        ),
      ).toThrow(message);
    },
  );
});

describe('a token', () => {
  const SCOPE = 'https://vault.azure.net/.default';
  const app = selfSigned('acr-cmk');
  const pem = `${app.key}\n${app.certificate}`;
  let entra: Entra;
  let directory: string;
  beforeAll(async () => {
    entra = await startEntra();
    directory = mkdtempSync(join(tmpdir(), 'acr-cmk-credentials-'));
    writeFileSync(join(directory, 'app.pem'), pem);
    writeFileSync(join(directory, 'token'), 'token-of-the-pod');
  });
  afterAll(async () => {
    await entra.close();
    rmSync(directory, { recursive: true });
  });

  /** Returns the token request that a credential with this configuration sends. */
  async function sentBy(config: CredentialConfig) {
    const { rotate } = createCredentials(
      { rotate: config },
      {
        ...POD,
        AZURE_FEDERATED_TOKEN_FILE: join(directory, 'token'),
      },
    );
    const token = await rotate!.getToken(SCOPE);
    expect(token?.token).toBe('token');
    const sent = entra.requests()[entra.requests().length - 1];
    expect(sent).toMatchObject({
      path: expect.stringMatching(`^/${GUID}/oauth2/v2.0/token`),
      grant_type: 'client_credentials',
      client_id: GUID,
      scope: expect.stringContaining(SCOPE),
    });
    return sent;
  }

  it('is asked for with the secret', async () => {
    const sent = await sentBy({ ...APP, clientSecret: 'the-secret' });
    expect(sent.client_secret).toBe('the-secret');
    expect(sent).not.toHaveProperty('client_assertion');
  });

  it('is asked for with what the key of the certificate has signed', async () => {
    const sent = await sentBy({
      kind: 'client-certificate',
      ...APP,
      certificatePath: join(directory, 'app.pem'),
    });
    const [header, payload, signature] = sent.client_assertion.split('.');
    const read = (part: string) =>
      JSON.parse(Buffer.from(part, 'base64url').toString());
    expect(read(payload)).toMatchObject({
      iss: GUID,
      sub: GUID,
      aud: expect.stringContaining(`/${GUID}/oauth2/v2.0/token`),
    });
    const certificate = new X509Certificate(app.certificate);
    expect(
      Buffer.from(read(header)['x5t#S256'], 'base64url').toString('hex'),
    ).toBe(certificate.fingerprint256.replaceAll(':', '').toLowerCase());
    expect(read(header).alg).toBe('PS256');
    expect(
      verify(
        'sha256',
        Buffer.from(`${header}.${payload}`),
        {
          key: certificate.publicKey,
          padding: constants.RSA_PKCS1_PSS_PADDING,
          saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
        },
        Buffer.from(signature, 'base64url'),
      ),
    ).toBe(true);
    expect(sent).not.toHaveProperty('client_secret');
  });

  it('is asked for with the token of the pod', async () => {
    const sent = await sentBy({
      kind: 'workload-identity',
      clientId: GUID,
    });
    expect(sent).toMatchObject({
      client_assertion: 'token-of-the-pod',
      client_assertion_type:
        'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    });
  });
});
