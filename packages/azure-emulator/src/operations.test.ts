import { requestThrough } from './client';
import { ARM, useEmulator, vaultUrl } from './__testUtils__/emulated';
import { IDLE_CONNECTION_MS, OPERATION_MS } from './assumptions';

/** With the default durations, on a clock that only moves when a test moves it. */
const azure = useEmulator({ operationSeconds: undefined });
const { call } = azure;
beforeEach(() => azure.emulator.clock.freeze());

it('a new vault registers its DNS name first, and does not answer under it', async () => {
  const url = vaultUrl('kv-new-one');
  const made = await call('admin', 'PUT', url, {
    location: 'westeurope',
    properties: {
      tenantId: azure.emulator.ready.tenantId,
      sku: { family: 'A', name: 'standard' },
      enableRbacAuthorization: true,
    },
  });
  const state = async () =>
    (await call('admin', 'GET', url)).json.properties.provisioningState;
  const keys = async () =>
    (await call('admin', 'GET', 'https://kv-new-one.vault.azure.net/keys'))
      .status;
  expect([made.status, await state(), await keys()]).toEqual([
    200,
    'RegisteringDns',
    404,
  ]);
  azure.emulator.clock.advance(OPERATION_MS);
  expect([await state(), await keys()]).toEqual(['Succeeded', 200]);
  await call('admin', 'PATCH', url, { tags: { a: 'b' } });
  expect(await state()).toBe('Succeeded');
});

it('an error of Entra has its number, time, trace and correlation', async () => {
  const { tenantId, principals } = azure.emulator.ready;
  const answer = await requestThrough(
    azure.emulator,
    `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`,
    {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: principals.admin.clientId,
        client_secret: 'wrong',
        scope: 'https://management.azure.com/.default',
      }).toString(),
    },
  );
  const body = JSON.parse(answer.text);
  expect(body).toEqual({
    error: 'invalid_client',
    error_description: expect.stringMatching(
      /^AADSTS7000215: .* Trace ID: \S+ Correlation ID: \S+ Timestamp: \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/,
    ),
    error_codes: [7000215],
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/),
    trace_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    correlation_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    error_uri: 'https://login.microsoftonline.com/error?code=7000215',
  });
  expect(body.error_description).toContain(body.trace_id);
});

it('an idle connection is kept for minutes', async () => {
  const answer = await requestThrough(
    azure.emulator,
    `${ARM}/metadata/endpoints?api-version=2022-09-01`,
    { headers: { connection: 'keep-alive' } },
  );
  expect(answer.headers['keep-alive']).toBe(
    `timeout=${IDLE_CONNECTION_MS / 1000}`,
  );
  azure.emulator.dropConnections();
});
