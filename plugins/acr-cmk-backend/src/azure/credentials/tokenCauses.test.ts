import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import {
  AZURE_CLOUDS,
  type AzureCloudName,
} from 'backstage-plugin-acr-cmk-common';
import { type Entra, startEntra } from '../__testUtils__/entra';
import type { AzureError } from '../AzureError';
import { createAzurePorts } from '../azurePorts';
import { createClients } from '../client';
import { createDiagnosis } from '../diagnosis';
import { networkCause } from '../failures/networkCause';
import { createCredentials, type CredentialConfig } from './credentials';
import { attemptToken } from './tokenAttempt';
import { toAzureError } from '../errors';

jest.setTimeout(60_000);

const GUID = '11111111-2222-4333-8444-555555555555';
const SECRET: CredentialConfig = {
  kind: 'client-secret',
  tenantId: GUID,
  clientId: GUID,
  clientSecret: 'hush-hush',
};

/** The error of a request for a token, as log, tab and doctor show it. */
async function tokenError(
  read: CredentialConfig = SECRET,
  cloud: AzureCloudName = 'public',
): Promise<AzureError> {
  const credentials = createCredentials({ read }, process.env, cloud);
  const port = createDiagnosis(createClients({ credentials, cloud }));
  return port.token('read').then(
    () => {
      throw new Error('There was a token');
    },
    error => error,
  );
}

/** A port of this machine that nothing listens on. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(done => {
    server.listen(0, '127.0.0.1', done);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise(done => {
    server.close(done);
  });
  return port;
}

describe('without a token, the message names', () => {
  let entra: Entra | undefined;
  afterEach(async () => {
    await entra?.close();
    entra = undefined;
  });

  it('a certificate that is not trusted, and NODE_EXTRA_CA_CERTS', async () => {
    entra = await startEntra({ trusted: false });
    const error = await tokenError();
    expect(error).toMatchObject({
      kind: 'unavailable',
      retry: { kind: 'later' },
      effect: 'refused',
    });
    expect(error.message).toMatch(
      /^Could not sign in to Microsoft Entra: Microsoft Entra cannot be reached for a token of the read credential \(acrCmk\.azure\.credentials\.read\): the certificate of login\.microsoftonline\.com is not trusted \([A-Z_]+\)\. .* start the backend with NODE_EXTRA_CA_CERTS=<file>\. See docs\/networks\.md\.$/,
    );
    expect(error.message).not.toContain('hush');
  });

  it.each([
    ['cannot be found', 'no-such-proxy.invalid:3128', /cannot be resolved/],
    ['refuses connections', undefined, /the connection was refused/],
  ])('a proxy that %s', async (_what, address, why) => {
    entra = await startEntra();
    const proxy = address ?? `127.0.0.1:${await closedPort()}`;
    process.env.HTTPS_PROXY = `http://name:hush@${proxy}`;
    const { message } = await tokenError();
    expect(message).toMatch(why);
    expect(message).toContain(
      `the proxy ${proxy} of the variable HTTPS_PROXY does not lead to login.microsoftonline.com`,
    );
    expect(message).not.toContain('hush');
  });

  it('a proxy that wants a password', async () => {
    entra = await startEntra({ proxyAnswers: 407 });
    expect((await tokenError()).message).toContain(
      'the proxy wants a name and a password (407)',
    );
  });

  it('the host that a proxy does not let the backend reach', async () => {
    entra = await startEntra();
    expect((await tokenError(SECRET, 'usGovernment')).message).toContain(
      `${AZURE_CLOUDS.usGovernment.authorityHost}, or a proxy on the way to it, has failed (502)`,
    );
  });

  it('the variables that the default chain looked for, and which of them are set', async () => {
    entra = await startEntra();
    const before = { ...process.env };
    try {
      for (const name of Object.keys(process.env)) {
        if (name.startsWith('AZURE_')) delete process.env[name];
      }
      process.env.AZURE_TOKEN_CREDENTIALS = 'EnvironmentCredential';
      process.env.AZURE_TENANT_ID = GUID;
      process.env.AZURE_CLIENT_ID = GUID;
      const error = await tokenError({ kind: 'default-chain' });
      expect(error).toMatchObject({
        kind: 'unconfigured',
        code: 'CredentialUnavailable',
        retry: { kind: 'later' },
      });
      expect(error.message).toContain(
        'AZURE_TENANT_ID (set), AZURE_CLIENT_ID (set), AZURE_CLIENT_SECRET (not set), AZURE_CLIENT_CERTIFICATE_PATH (not set), AZURE_FEDERATED_TOKEN_FILE (not set), for a managed identity of this machine, and for az login.',
      );
      expect(error.message).toContain('acrCmk.azure.credentials.read');

      process.env.AZURE_CLIENT_SECRET = 'hush-hush';
      process.env.HTTPS_PROXY = `http://127.0.0.1:${await closedPort()}`;
      expect((await tokenError({ kind: 'default-chain' })).message).toContain(
        'the connection was refused',
      );
    } finally {
      for (const name of Object.keys(process.env)) {
        if (name.startsWith('AZURE_')) delete process.env[name];
      }
      Object.assign(process.env, before);
    }
  });
});

it('the default chain that finds nothing in time ends before the call does', async () => {
  const source = { kind: 'default-chain', host: 'x', environment: {} };
  const error = await attemptToken(
    source,
    () => new Promise(() => undefined),
    async () => undefined,
  ).catch(thrown => thrown);
  expect(
    toAzureError(
      error,
      {
        target: {
          doing: 'read',
          scope: '/',
          action: 'a',
          role: 'r',
          credential: 'read',
          writes: false,
        },
        sent: false,
        timedOut: false,
      },
      0,
    ).message,
  ).toContain('found nothing to sign in with in the default credential chain');
});

describe('a network error', () => {
  const HOST = 'management.azure.com';

  it.each([
    ['ENOTFOUND', 'the name of the host cannot be resolved'],
    ['ECONNREFUSED', 'the connection was refused'],
    ['ETIMEDOUT', 'the connection timed out'],
  ])('%s without a proxy says how to use one', (code, why) => {
    expect(networkCause(code, HOST, {})).toMatch(
      `${HOST}: ${why} (${code}). If this network needs a proxy, start the backend with HTTPS_PROXY=<address of the proxy>`,
    );
  });

  it.each([
    ['an exact name', HOST],
    ['a domain', '.azure.com'],
  ])(
    'of a host that NO_PROXY names by %s is not blamed on the proxy',
    (_how, entry) => {
      const environment = {
        https_proxy: 'http://proxy:3128',
        NO_PROXY: `localhost, ${entry}`,
      };
      expect(networkCause('ENOTFOUND', HOST, environment)).not.toContain(
        'proxy:3128',
      );
      expect(
        networkCause('ENOTFOUND', HOST, {
          https_proxy: 'http://proxy:3128',
          NO_PROXY: 'azure.com, *',
        }),
      ).toContain('proxy:3128 of the variable https_proxy');
    },
  );

  it.each(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'])(
    '%s leads to the clock',
    code => {
      expect(networkCause(code, HOST, {})).toContain(
        'Check the clock of this machine',
      );
    },
  );

  it('of a certificate for another name says so', () => {
    expect(networkCause('ERR_TLS_CERT_ALTNAME_INVALID', HOST, {})).toContain(
      `the certificate does not name ${HOST}`,
    );
  });
});

it('a call to ARM names its host and the cause as well', async () => {
  const ports = createAzurePorts({
    credentials: {
      read: {
        getToken: async () => ({ token: 't', expiresOnTimestamp: 9e12 }),
      },
    },
    readRetries: { count: 0, delayMs: 0, longestRetryAfterSeconds: 0 },
  });
  const entra = await startEntra();
  try {
    process.env.HTTPS_PROXY = `http://127.0.0.1:${await closedPort()}`;
    await expect(ports.registries.listBySubscription(GUID)).rejects.toThrow(
      /does not lead to management\.azure\.com: the connection was refused \(ECONNREFUSED\)/,
    );
  } finally {
    await entra.close();
  }
});
