import {
  messageOf,
  startPortal,
  type TestPortal,
} from '../__testUtils__/portal';

describe('the options of forms', () => {
  let portal: TestPortal;
  beforeAll(async () => {
    portal = await startPortal({ config: { vaults: ['kv-contoso-policy'] } });
  });
  afterAll(() => portal.stop());

  it('are allowed vaults and their keys, identities, and registries behind entities', async () => {
    const client = portal.as();
    expect(await client.vaults()).toEqual({
      complete: true,
      items: [
        {
          name: 'kv-contoso-policy',
          location: 'westeurope',
          sku: 'standard',
          permissionModel: 'access-policy',
          purgeProtection: true,
          unsuitable: [],
        },
      ],
    });
    expect(await client.keys('kv-contoso-policy')).toContainEqual(
      expect.objectContaining({
        name: 'ordersimages',
        keyIdentifier:
          'https://kv-contoso-policy.vault.azure.net/keys/ordersimages',
      }),
    );
    expect(await messageOf(client.keys('kv-contoso-rbac'))).toContain(
      'acrCmk.vaults',
    );
    const { items: identities } = await client.identities();
    expect(identities.map(({ name }) => name)).toContain('id-shopimages');
    const { items: registries } = await client.registries();
    expect(registries).toContainEqual(
      expect.objectContaining({
        name: 'ordersimages',
        encrypted: true,
        versionMode: 'manual',
        entities: [
          expect.objectContaining({
            entityRef: 'resource:default/orders-images',
          }),
        ],
      }),
    );
  });

  it('offer nothing that a plan would refuse: to somebody in no team, no vault and no identity', async () => {
    const client = portal.as('vera');
    expect(await client.vaults()).toEqual({ complete: true, items: [] });
    expect(await client.keys('kv-contoso-policy')).toEqual([]);
    expect(await client.identities()).toEqual({ complete: true, items: [] });
  });

  it('needs acr-cmk.use', async () => {
    portal.forbid('acr-cmk.use');
    for (const call of [
      portal.as().vaults(),
      portal.as().keys('kv-contoso-policy'),
      portal.as().identities(),
      portal.as().registries(),
    ]) {
      expect(await messageOf(call)).toContain('acr-cmk.use');
    }
  });
});
