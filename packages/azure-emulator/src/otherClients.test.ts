import { requestThrough } from './client';
import { ARM, registryUrl, useEmulator } from './__testUtils__/emulated';
import { gapsIn, recordRoutes } from './__testUtils__/routeCoverage';

const world = useEmulator();
const called = recordRoutes(world);
const { call } = world;
const GRAPH = 'https://graph.microsoft.com/v1.0';

const ask = (url: string) => call('admin', 'GET', url);

/** Signs in through the v1 endpoint: `resource` instead of `scope`. */
async function signInByResource(resource: string) {
  const { emulator } = world;
  const { tenantId, principals } = emulator.ready;
  const { clientId, clientSecret } = principals.admin;
  const answer = await requestThrough(
    emulator,
    `https://login.microsoftonline.com/${tenantId}/oauth2/token`,
    {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
        resource,
      }).toString(),
    },
  );
  return JSON.parse(answer.text) as { access_token: string };
}

describe('signing in, as az and older clients do', () => {
  it('each discovery document links to the next, from the instance to the signing keys', async () => {
    const login = 'https://login.microsoftonline.com';
    const instance = await call(
      'anonymous',
      'GET',
      `${login}/common/discovery/instance`,
    );
    const { json: openId } = await call(
      'anonymous',
      'GET',
      instance.json.tenant_discovery_endpoint as unknown as string,
    );
    const { tenantId } = world.emulator.ready;
    expect(openId).toMatchObject({
      issuer: `${login}/${tenantId}/v2.0`,
      token_endpoint: `${login}/${tenantId}/oauth2/v2.0/token`,
    });
    const older = await call(
      'anonymous',
      'GET',
      `${login}/${tenantId}/.well-known/openid-configuration`,
    );
    expect(older.json).toEqual(openId);
    const keys = await call(
      'anonymous',
      'GET',
      openId.jwks_uri as unknown as string,
    );
    expect(keys.json.keys).toMatchObject([{ kty: 'RSA', use: 'sig' }]);
  });

  it('a token of the v1 endpoint works like one of the v2 endpoint', async () => {
    const { access_token } = await signInByResource(`${ARM}/`);
    const answer = await requestThrough(
      world.emulator,
      `${registryUrl('shopimages')}?api-version=2025-11-01`,
      { headers: { authorization: `Bearer ${access_token}` } },
    );
    expect(answer.status).toBe(200);
  });
});

describe('the vault requests of Terraform', () => {
  it.each(['', 'certificates/contacts'])(
    "'/%s' needs a token and is not found",
    async path => {
      const url = `https://kv-contoso-rbac.vault.azure.net/${path}`;
      expect((await call('anonymous', 'GET', url)).status).toBe(401);
      expect((await ask(url)).status).toBe(404);
    },
  );
});

describe('the directory requests of az', () => {
  it('me does not exist for a service principal', async () => {
    const me = await ask(`${GRAPH}/me`);
    expect([me.status, me.json.error.code]).toEqual([400, 'BadRequest']);
  });

  it('a service principal is found by client id and by object id', async () => {
    const { ready, state } = world.emulator;
    const { clientId } = ready.principals.rotator;
    const found = await ask(
      `${GRAPH}/servicePrincipals?$filter=servicePrincipalNames/any(c:c eq '${clientId}')`,
    );
    expect(found.json.value).toMatchObject([{ appId: clientId }]);
    const id = state.principalId('id-shopimages');
    const one = await ask(`${GRAPH}/servicePrincipals/${id}`);
    expect(one.json).toMatchObject({ id, displayName: 'id-shopimages' });
    const named = await call(
      'admin',
      'POST',
      `${GRAPH}/directoryObjects/getByIds`,
      { ids: [id, '00000000-0000-4000-8000-000000000000'] },
    );
    expect(named.json.value).toMatchObject([
      { id, displayName: 'id-shopimages' },
    ]);
  });

  it('a group has members and is not listed as a user', async () => {
    const made = await call('admin', 'POST', `${GRAPH}/groups`, {
      displayName: 'key-admins',
    });
    const id = made.json.id as unknown as string;
    const member = world.emulator.state.principalId('id-shopimages');
    const added = await call(
      'admin',
      'POST',
      `${GRAPH}/groups/${id}/members/$ref`,
      { '@odata.id': `${GRAPH}/directoryObjects/${member}` },
    );
    expect(added.status).toBe(204);
    expect((await ask(`${GRAPH}/groups/${id}`)).json.displayName).toBe(
      'key-admins',
    );
    const filter = "$filter=displayName eq 'key-admins'";
    expect((await ask(`${GRAPH}/groups?${filter}`)).json.value).toMatchObject([
      { id },
    ]);
    expect((await ask(`${GRAPH}/users?${filter}`)).json.value).toEqual([]);
  });
});

/** Last in the file: the calls of the tests above are only known now. */
it('every route that no package of the Azure SDK calls is called here, and answered unless Azure refuses too', () => {
  expect(gapsIn('otherClients.test.ts', called())).toEqual({
    uncalled: [],
    refused: [],
  });
});
