import {
  ARM,
  registryUrl,
  RestAnswer,
  SUBSCRIPTION,
  useEmulator,
  vaultUrl,
} from '../__testUtils__/emulated';

const world = useEmulator();
const { call } = world;
const GROUPS = `${ARM}${SUBSCRIPTION}/resourceGroups`;

const ask = (url: string) => call('admin', 'GET', url);
const namesIn = ({ json }: RestAnswer) =>
  (json.value as unknown as { name: string }[]).map(({ name }) => name);

it('subscriptions are listed', async () => {
  const { subscriptionId } = world.emulator.ready;
  expect((await ask(`${ARM}/subscriptions`)).json.value).toMatchObject([
    { subscriptionId, state: 'Enabled' },
  ]);
});

it('a group is created, changed and found', async () => {
  const group = `${GROUPS}/rg-made`;
  const put = (location: string) =>
    call('admin', 'PUT', group, { location, tags: { team: 'shop' } });
  expect((await put('West Europe')).status).toBe(201);
  expect((await put('westeurope')).status).toBe(200);
  expect((await ask(group)).json).toMatchObject({
    name: 'rg-made',
    location: 'westeurope',
    tags: { team: 'shop' },
    properties: { provisioningState: 'Succeeded' },
  });
  expect(namesIn(await ask(GROUPS))).toContain('rg-made');
});

it('a group is deleted with everything in it', async () => {
  const { state } = world.emulator;
  const group = `${GROUPS}/rg-keys`;
  expect((await call('admin', 'DELETE', group)).status).toBe(202);
  expect((await ask(group)).status).toBe(404);
  expect(() => state.vault('kv-contoso-rbac')).toThrow();
  expect(state.assignments(state.principalId('id-shopimages'))).toEqual([]);
  await call('admin', 'DELETE', `${GROUPS}/rg-shop`);
  expect(state.registries()).not.toContain('shopimages');
  expect(() => state.principalId('id-shopimages')).toThrow();
  expect(state.registries()).toContain('sharedbase');
});

it('a lock is created, and listed at its scope and above', async () => {
  const locks = `${vaultUrl(
    'kv-contoso-rbac',
  )}/providers/Microsoft.Authorization/locks`;
  const properties = { level: 'CanNotDelete', notes: 'protects the shop keys' };
  const made = await call('admin', 'PUT', `${locks}/keep`, { properties });
  expect([made.status, made.json.properties]).toEqual([201, properties]);
  expect((await ask(locks)).json.value).toEqual([made.json]);
  const above = `${GROUPS}/rg-keys/providers/Microsoft.Authorization/locks`;
  expect(namesIn(await ask(above))).toEqual(['keep']);
});

describe('the list of resources', () => {
  const list = (query: string) =>
    ask(`${ARM}${SUBSCRIPTION}/resources?${query}`);

  it.each<[filter: string, expected: string[]]>([
    ["name eq 'SHOPIMAGES'", ['shopimages']],
    [
      "resourceType eq 'Microsoft.KeyVault/vaults' and name eq 'kv-contoso-rbac'",
      ['kv-contoso-rbac'],
    ],
    ["resourceType eq 'Microsoft.KeyVault/vaults' and name eq 'other'", []],
  ])('is filtered as az does it: %s', async (filter, expected) => {
    expect(namesIn(await list(`$filter=${filter}`))).toEqual(expected);
  });

  it('refuses any other filter', async () => {
    for (const filter of ["colour eq 'red'", "name eq 'a' and"]) {
      const { json } = await list(`$filter=${filter}`);
      expect(json.error.code).toBe('InvalidFilterInQueryString');
    }
  });

  it('shows identity, SKU and tags, and no properties', async () => {
    const { json } = await list("$filter=name eq 'shopimages'");
    expect(json.value).toEqual([
      {
        id: expect.any(String),
        name: 'shopimages',
        type: 'Microsoft.ContainerRegistry/registries',
        location: 'westeurope',
        sku: { name: 'Premium', tier: 'Premium' },
        identity: expect.objectContaining({ type: 'userAssigned' }),
        tags: { 'backstage-entity-ref': 'resource:default/shop-images' },
      },
    ]);
  });
});

it.each([registryUrl('shopimages'), vaultUrl('kv-contoso-rbac')])(
  'tags are merged into those of a resource: %s',
  async url => {
    const tags = `${url}/providers/Microsoft.Resources/tags/default`;
    const merge = (given: object) =>
      call('admin', 'PATCH', tags, {
        operation: 'Merge',
        properties: { tags: given },
      });
    const before = (await ask(url)).json.tags;
    await merge({ a: '1', b: '1' });
    const { json } = await merge({ B: '2' });
    expect(json.properties.tags).toEqual({ ...before, a: '1', B: '2' });
    expect((await ask(url)).json.tags).toEqual(json.properties.tags);
  },
);
