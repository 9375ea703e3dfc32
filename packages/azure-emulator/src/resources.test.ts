import {
  ARM,
  registryUrl,
  RestAnswer,
  SUBSCRIPTION,
  useEmulator,
  vaultUrl,
} from './__testUtils__/emulated';
import { gapsIn, recordRoutes } from './__testUtils__/routeCoverage';

const world = useEmulator();
const called = recordRoutes(world);
const { call } = world;
const GROUPS = `${ARM}${SUBSCRIPTION}/resourceGroups`;

const ask = (url: string) => call('admin', 'GET', url);
const namesIn = ({ json }: RestAnswer) =>
  (json.value as unknown as { name: string }[]).map(({ name }) => name);

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
    const managedBy = `${SUBSCRIPTION}/resourceGroups/rg-shop`;
    const tagged = await call('admin', 'PATCH', group, {
      tags: { team: 'shop' },
      managedBy,
    });
    expect(tagged.json).toMatchObject({ tags: { team: 'shop' }, managedBy });
    const filter = "$filter=tagName eq 'team' and tagValue eq 'shop'";
    expect(namesIn(await ask(`${GROUPS}?${filter}`))).toEqual(['rg-made']);
    const deletion = await call('admin', 'DELETE', `${GROUPS}/rg-shop`);
    expect([deletion.status, deletion.headers['retry-after']]).toEqual([
      202,
      '0',
    ]);
    const result = deletion.headers.location!;
    expect((await call('admin', 'GET', result)).status).toBe(200);
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

  it('a provider lists the api-versions of its types, for the tenant as well', async () => {
    const { json } = await ask(
      `${ARM}${SUBSCRIPTION}/providers/Microsoft.ContainerRegistry`,
    );
    const types = json.resourceTypes as unknown as {
      resourceType: string;
      apiVersions: string[];
      defaultApiVersion: string;
      locations: string[];
    }[];
    const registries = types.find(
      ({ resourceType }) => resourceType === 'registries',
    )!;
    expect(registries.apiVersions).toContain('2025-11-01');
    expect(registries.defaultApiVersion).toBe('2025-11-01');
    expect(registries.locations).toContain('West Europe');
    const all = (await ask(`${ARM}/providers`)).json.value;
    expect(all).toContainEqual(
      expect.objectContaining({ namespace: 'Microsoft.ContainerRegistry' }),
    );
    const one = `${ARM}/providers/Microsoft.ContainerRegistry`;
    expect((await ask(one)).json.id).toBe(
      '/providers/Microsoft.ContainerRegistry',
    );
    for (const provider of ['Authorization', 'Management', 'Resources']) {
      const { json: operations } = await ask(
        `${ARM}/providers/Microsoft.${provider}/operations`,
      );
      expect(operations.value).toContainEqual(
        expect.objectContaining({
          display: expect.objectContaining({
            provider: `Microsoft.${provider}`,
          }),
        }),
      );
    }
    const inSubscription = `${ARM}${SUBSCRIPTION}${one.slice(ARM.length)}`;
    const left = await call('admin', 'POST', `${inSubscription}/unregister`);
    expect(left.status).toBe(200);
  });

  it('the locations and the endpoints of the cloud are listed, the latter without a token', async () => {
    expect(namesIn(await ask(`${ARM}${SUBSCRIPTION}/locations`))).toContain(
      'westeurope',
    );
    const metadata = await call(
      'anonymous',
      'GET',
      `${ARM}/metadata/endpoints`,
    );
    expect(metadata.json).toContainEqual(
      expect.objectContaining({
        name: 'AzureCloud',
        resourceManager: 'https://management.azure.com/',
      }),
    );
  });
});

describe('lists of resources', () => {
  const list = async (query: string, scope = '/resourceGroups/rg-shop') => {
    const answer = await ask(
      `${ARM}${SUBSCRIPTION}${scope}/resources?${query}`,
    );
    return answer.status === 200
      ? namesIn(answer).sort()
      : answer.json.error.code;
  };
  const TAG = 'backstage-entity-ref';

  it.each<[filter: string, expected: unknown]>([
    ["name eq 'shopimages'", ['shopimages']],
    ["name eq 'SHOPIMAGES'", ['shopimages']],
    [
      "resourceType eq 'Microsoft.ContainerRegistry/registries' and substringof('shop', name)",
      ['shopimages'],
    ],
    [
      "(name eq 'shopimages' or name eq 'id-shopimages')",
      ['id-shopimages', 'shopimages'],
    ],
    ["startswith(name, 'shop') and not name eq 'ordersimages'", ['shopimages']],
    [
      `tagName eq '${TAG}' and tagValue eq 'resource:default/shop-images'`,
      ['id-shopimages', 'shopimages'],
    ],
    [`tagName eq '${TAG}' and tagValue eq 'nothing'`, []],
    ["location eq 'westus'", []],
    ["plan/publisher eq 'Contoso'", []],
    ["colour eq 'red'", 'InvalidFilterInQueryString'],
    ["name eq 'a' and", 'InvalidFilterInQueryString'],
    ["(name eq 'a'", 'InvalidFilterInQueryString'],
  ])('are filtered: %s', async (filter, expected) => {
    expect(await list(`$filter=${filter}`)).toEqual(expected);
  });

  it('a filter on a tag needs name and value in the same tag', async () => {
    await call(
      'admin',
      'PUT',
      `${registryUrl('shopimages')}/providers/Microsoft.Resources/tags/default`,
      { properties: { tags: { team: 'shop', stage: 'test' } } },
    );
    const pair = (value: string) =>
      list(`$filter=tagName eq 'team' and tagValue eq '${value}'`);
    expect(await pair('shop')).toEqual(['shopimages']);
    expect(await pair('test')).toEqual([]);
  });

  it('find a resource by the principal of its identity', async () => {
    const id = world.emulator.state.principalId('billingimages');
    expect(await list(`$filter=identity/principalId eq '${id}'`, '')).toEqual([
      'billingimages',
    ]);
  });

  it('show identity, SKU and tags, and the expanded times', async () => {
    const { json } = await ask(
      `${GROUPS}/rg-shop/resources?$filter=name eq 'shopimages'&$expand=createdTime,changedTime,provisioningState`,
    );
    expect(json.value).toEqual([
      expect.objectContaining({
        sku: { name: 'Premium', tier: 'Premium' },
        identity: expect.objectContaining({ type: 'userAssigned' }),
        tags: { [TAG]: 'resource:default/shop-images' },
        createdTime: expect.stringMatching(/^\d{4}-/),
        changedTime: expect.stringMatching(/^\d{4}-/),
        provisioningState: 'Succeeded',
      }),
    ]);
    expect(json.value).not.toContainEqual(
      expect.objectContaining({ properties: expect.anything() }),
    );
  });

  it('are paged by $top, and refuse values that do not exist', async () => {
    const first = await ask(`${GROUPS}/rg-shop/resources?$top=1`);
    expect(namesIn(first)).toHaveLength(1);
    const next = await ask(first.json.nextLink as unknown as string);
    expect(namesIn(next)).not.toEqual(namesIn(first));
    for (const query of ['$top=none', '$expand=properties']) {
      expect(await list(query)).toBe('InvalidQueryParameterValue');
    }
    expect(await list('', '/resourceGroups/rg-none')).toBe(
      'ResourceGroupNotFound',
    );
  });
});

describe('generic requests for a resource', () => {
  it('HEAD answers 204 for what exists and 404 for what does not', async () => {
    const identity = `${GROUPS}/rg-shop/providers/Microsoft.ManagedIdentity/userAssignedIdentities`;
    const status = async (url: string) =>
      (await call('admin', 'HEAD', url)).status;
    expect(
      await Promise.all(
        [
          registryUrl('shopimages'),
          vaultUrl('kv-contoso-rbac'),
          `${identity}/id-shopimages`,
          registryUrl('nothing'),
          vaultUrl('nothing'),
          `${identity}/nothing`,
        ].map(status),
      ),
    ).toEqual([204, 204, 204, 404, 404, 404]);
  });

  it.each([
    registryUrl('shopimages'),
    vaultUrl('kv-contoso-rbac'),
    `${GROUPS}/rg-shop`,
    `${ARM}${SUBSCRIPTION}`,
  ])('tags are merged, replaced and deleted: %s', async url => {
    const tags = `${url}/providers/Microsoft.Resources/tags/default`;
    const send = async (
      method: string,
      operation: string | undefined,
      given: object,
    ) =>
      (
        await call('admin', method, tags, {
          operation,
          properties: { tags: given },
        })
      ).json.properties.tags;
    expect(await send('PUT', undefined, { a: '1' })).toEqual({ a: '1' });
    expect(await send('PATCH', 'Merge', { b: '2' })).toEqual({
      a: '1',
      b: '2',
    });
    expect(await send('PATCH', 'Delete', { a: '1', b: 'x' })).toEqual({
      b: '2',
    });
    expect(await send('PATCH', 'Replace', { c: '3' })).toEqual({ c: '3' });
    expect((await ask(tags)).json.properties.tags).toEqual({ c: '3' });
    expect((await ask(url)).json.tags).toEqual({ c: '3' });
    expect((await call('admin', 'DELETE', tags)).status).toBe(200);
    expect((await ask(tags)).json.properties.tags).toEqual({});
  });

  it('an identity lists the registries to which it is attached', async () => {
    const answer = await call(
      'admin',
      'POST',
      `${GROUPS}/rg-platform/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-platform-shared/listAssociatedResources`,
    );
    expect(namesIn(answer).sort()).toEqual([
      'sharedbase',
      'shareddata',
      'sharedtools',
    ]);
  });
});

/** Last in the file: the calls of the tests above are only known now. */
it('every route that no package of the Azure SDK calls is called here, and answered unless Azure refuses too', () => {
  expect(gapsIn('resources.test.ts', called())).toEqual({
    uncalled: [],
    refused: [],
  });
});
