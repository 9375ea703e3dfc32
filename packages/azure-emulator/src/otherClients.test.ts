import { requestThrough } from './client';
import {
  ARM,
  RestAnswer,
  registryUrl,
  SUBSCRIPTION,
  useEmulator,
  vaultUrl,
} from './__testUtils__/emulated';
import {
  recordRoutes,
  ROUTES_OF_OTHER_CLIENTS,
  ROUTES_THAT_ONLY_REFUSE,
} from './__testUtils__/routeCoverage';

const world = useEmulator();
const called = recordRoutes(world);
const { call } = world;
const GRAPH = 'https://graph.microsoft.com/v1.0';
const GROUPS = `${ARM}${SUBSCRIPTION}/resourceGroups`;
const REGISTRY = 'https://shopimages.azurecr.io/v2';

const ask = (url: string) => call('admin', 'GET', url);
const namesIn = ({ json }: RestAnswer) =>
  (json.value as unknown as { name: string }[]).map(({ name }) => name);

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
    expect(keys.json).toEqual({ keys: [] });
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

describe('further ARM requests of az and Terraform', () => {
  it('lists tenants, subscriptions and providers', async () => {
    const { tenantId, subscriptionId } = world.emulator.ready;
    expect((await ask(`${ARM}/tenants`)).json.value).toMatchObject([
      { tenantId },
    ]);
    expect((await ask(`${ARM}/subscriptions`)).json.value).toMatchObject([
      { subscriptionId, state: 'Enabled' },
    ]);
    expect((await ask(`${ARM}${SUBSCRIPTION}`)).json).toMatchObject({
      subscriptionId,
      displayName: 'Contoso Demo',
    });
    const providers = await ask(`${ARM}${SUBSCRIPTION}/providers`);
    expect(providers.json.value).toContainEqual(
      expect.objectContaining({
        namespace: 'Microsoft.KeyVault',
        registrationState: 'Registered',
      }),
    );
    const one = `${ARM}${SUBSCRIPTION}/providers/Microsoft.KeyVault`;
    expect((await ask(one)).json.namespace).toBe('Microsoft.KeyVault');
    expect((await call('admin', 'POST', `${one}/register`)).json).toMatchObject(
      { registrationState: 'Registered' },
    );
    const unknown = await ask(
      `${ARM}${SUBSCRIPTION}/providers/Contoso.Nothing`,
    );
    expect([unknown.status, unknown.json.error.message]).toEqual([
      404,
      "The resource namespace 'Contoso.Nothing' is invalid.",
    ]);
  });

  it('a group is created and found, and its deletion deletes what it contains', async () => {
    const { state } = world.emulator;
    const group = `${GROUPS}/rg-made`;
    const made = await call('admin', 'PUT', group, { location: 'westeurope' });
    expect([made.status, made.json.name]).toEqual([201, 'rg-made']);
    expect(namesIn(await ask(GROUPS))).toContain('rg-made');
    expect((await ask(group)).json.location).toBe('westeurope');
    expect((await call('admin', 'HEAD', group)).status).toBe(204);
    await call('admin', 'DELETE', `${GROUPS}/rg-shop`);
    expect((await call('admin', 'HEAD', `${GROUPS}/rg-shop`)).status).toBe(404);
    expect(state.registries()).not.toContain('shopimages');
    expect(state.registries()).toContain('sharedbase');
  });

  it('a lock is created, listed at its scope and above, and deleted', async () => {
    const locks = `${vaultUrl(
      'kv-contoso-rbac',
    )}/providers/Microsoft.Authorization/locks`;
    const properties = {
      level: 'CanNotDelete',
      notes: 'protects the shop keys',
    };
    const made = await call('admin', 'PUT', `${locks}/keep`, { properties });
    expect([made.status, made.json.properties]).toEqual([201, properties]);
    expect((await ask(`${locks}/keep`)).json).toEqual(made.json);
    expect(namesIn(await ask(locks))).toEqual(['keep']);
    const above = `${GROUPS}/rg-keys/providers/Microsoft.Authorization/locks`;
    expect(namesIn(await ask(above))).toEqual(['keep']);
    expect((await call('admin', 'DELETE', `${locks}/keep`)).status).toBe(200);
    expect((await ask(`${locks}/keep`)).status).toBe(404);
    expect((await call('admin', 'DELETE', `${locks}/keep`)).status).toBe(204);
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

describe('the registry requests of a container runtime', () => {
  it('the image can be read from the catalog to its config', async () => {
    const pull = (path: string, method = 'GET') =>
      call('anonymous', method, `${REGISTRY}${path}`);
    expect((await pull('')).status).toBe(200);
    expect((await pull('/_catalog')).json).toEqual({ repositories: ['app'] });
    expect((await pull('/app/tags/list')).json).toEqual({
      name: 'app',
      tags: ['1.0'],
    });
    const head = await pull('/app/manifests/1.0', 'HEAD');
    const digest = head.headers['docker-content-digest'];
    expect([head.status, head.text]).toEqual([200, '']);
    const manifest = await pull(`/app/manifests/${digest}`);
    const config = manifest.json.config.digest as unknown as string;
    expect((await pull(`/app/blobs/${config}`)).json.os).toBe('linux');
  });

  it.each([
    '',
    '/_catalog',
    '/app/tags/list',
    '/app/manifests/1.0',
    '/app/blobs/sha256:any',
  ])('a registry without access to its key refuses /v2%s', async path => {
    const { emulator } = world;
    await emulator.outOfBand(
      'PATCH',
      emulator.state.registry('shopimages').versionedKeyIdentifier!,
      { attributes: { enabled: false } },
    );
    const refused = await call('anonymous', 'GET', `${REGISTRY}${path}`);
    expect(refused.status).toBe(403);
  });
});

/** Last in the file: the calls of the tests above are only known now. */
describe('the routes that no package of the Azure SDK calls', () => {
  it('are all called in this file', () => {
    const routes = new Set(called().map(({ route }) => route));
    const uncalled = Object.keys(ROUTES_OF_OTHER_CLIENTS).filter(
      route => !routes.has(route),
    );
    expect(uncalled).toEqual([]);
  });

  it('are all answered, except those that Azure refuses too', () => {
    const refused = called()
      .filter(
        ({ route, answered }) => route in ROUTES_OF_OTHER_CLIENTS && !answered,
      )
      .map(({ route }) => route);
    expect(refused.sort()).toEqual([...ROUTES_THAT_ONLY_REFUSE].sort());
  });
});
