import { signIn, useEmulator } from '../__testUtils__/emulated';

const world = useEmulator();
const { call } = world;
const LOGIN = 'https://login.microsoftonline.com';
const GRAPH = 'https://graph.microsoft.com/v1.0';

describe('signing in', () => {
  it('each discovery document links to the next, from the instance to the signing keys', async () => {
    const follow = (url: unknown) => call('anonymous', 'GET', url as string);
    const instance = await follow(`${LOGIN}/common/discovery/instance`);
    const { json } = await follow(instance.json.tenant_discovery_endpoint);
    const { tenantId } = world.emulator.ready;
    expect(json).toMatchObject({
      issuer: `${LOGIN}/${tenantId}/v2.0`,
      token_endpoint: `${LOGIN}/${tenantId}/oauth2/v2.0/token`,
    });
    const keys = await follow(json.jwks_uri);
    expect(keys.json.keys).toMatchObject([{ kty: 'RSA', use: 'sig' }]);
  });

  it('an error of Entra has its number, time, trace and correlation', async () => {
    const body = await signIn(
      world.emulator,
      'admin',
      'https://management.azure.com',
      'wrong',
    );
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
});

describe('the directory requests of az', () => {
  it('me does not exist for a service principal', async () => {
    const me = await call('admin', 'GET', `${GRAPH}/me`);
    expect([me.status, me.json.error.code]).toEqual([400, 'BadRequest']);
  });

  it('a service principal is found by its client id', async () => {
    const { clientId } = world.emulator.ready.principals.rotator;
    const found = await call(
      'admin',
      'GET',
      `${GRAPH}/servicePrincipals?$filter=servicePrincipalNames/any(c:c eq '${clientId}')`,
    );
    expect(found.json.value).toMatchObject([{ appId: clientId }]);
  });

  it('service principals are found by their object ids, and unknown ids are left out', async () => {
    const id = world.emulator.state.principalId('id-shopimages');
    const found = await call(
      'admin',
      'POST',
      `${GRAPH}/directoryObjects/getByIds`,
      { ids: [id, '00000000-0000-4000-8000-000000000000'] },
    );
    expect(found.json.value).toMatchObject([
      { id, displayName: 'id-shopimages' },
    ]);
  });
});
