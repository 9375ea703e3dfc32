import { asAdmin } from '../../__testUtils__/asAdmin';
import { until } from '../../__testUtils__/until';
import {
  messageOf,
  registryId,
  startPortal,
  type TestPortal,
} from '../../__testUtils__/portal';

const ORDERS = registryId('ordersimages');

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

  it('name keys that a registry cannot use, with the reason', async () => {
    await asAdmin(portal.azure).send(
      'POST',
      'https://kv-contoso-policy.vault.azure.net/keys/signing/create?api-version=7.5',
      { kty: 'EC', crv: 'P-256' },
    );
    // The list of a vault has no types. A plan reads the key.
    const plan = await portal.plan('orders-images', ORDERS, {
      kind: 'rotate',
      key: {
        kind: 'existing',
        keyIdentifier: 'https://kv-contoso-policy.vault.azure.net/keys/signing',
      },
    });
    expect(plan.blocked).toBe(true);
    await portal.ageFacts(24 * 60 * 60_000);
    const keys = await until(
      'the key is listed',
      () => portal.as().keys('kv-contoso-policy'),
      listed => listed.some(({ name }) => name === 'signing'),
    );
    expect(
      keys.map(({ name, unsuitable }) => [name, unsuitable]),
    ).toContainEqual(['signing', ['type']]);
    expect(keys).toContainEqual(
      expect.objectContaining({ name: 'ordersimages', unsuitable: [] }),
    );
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
