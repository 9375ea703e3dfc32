import { ENTITY_REF_TAG } from 'backstage-plugin-acr-cmk-common';
import {
  registryId,
  startPortal,
  type TestPortal,
} from './__testUtils__/portal';

describe('the plugin', () => {
  let portal: TestPortal;
  beforeEach(async () => {
    portal = await startPortal();
  });
  afterEach(() => portal.stop());

  it('shows every state that the demo world has', async () => {
    const states: Record<string, string> = {};
    for (const entity of [
      'shop-images',
      'orders-images',
      'payments-images',
      'search-images',
      'checkout-images',
      'catalog-images',
      'legacy-images',
      'reports-images',
      'billing-images',
      'revoked-images',
      'plain-images',
      'unbound-images',
      'shared-base',
      'shared-tools',
      'hr-images',
      'wrong-images',
      'outside-images',
    ]) {
      const { registries } = await portal
        .as()
        .registriesOf(`resource:default/${entity}`);
      states[entity] = registries
        .map(one => (one.kind === 'registry' ? one.state.id : one.reason))
        .join();
    }
    expect(states).toEqual({
      'shop-images': 'current',
      'orders-images': 'current',
      'payments-images': 'converging',
      'search-images': 'behind',
      'checkout-images': 'pinned-key-trap',
      'catalog-images': 'at-risk',
      'legacy-images': 'expired',
      'reports-images': 'unreachable',
      'billing-images': 'current',
      'revoked-images': 'revoked',
      'plain-images': 'no-cmk',
      'unbound-images': 'current',
      'shared-base': 'current',
      'shared-tools': 'current',
      'hr-images': 'unreachable',
      'wrong-images': 'invalid-id',
      'outside-images': 'out-of-scope',
    });
  });

  it('rotates a manual registry: one new version, and the registry on it', async () => {
    const plan = await portal.plan(
      'orders-images',
      registryId('ordersimages'),
      {
        kind: 'rotate',
      },
    );
    expect(plan).toMatchObject({ blocked: false });
    portal.azure.clearRequests();
    const operation = await portal.carryOut(plan);
    expect(operation).toMatchObject({ state: 'succeeded' });
    const registry = portal.azure.state.registry('ordersimages');
    const key = portal.azure.state.key('kv-contoso-policy', 'ordersimages');
    expect(registry.versionInUse).toBe(key.latest);
    expect(registry.keyIdentifier).toMatch(new RegExp(`/${key.latest}$`));
    expect(portal.writes()).toEqual([
      'POST /keys/ordersimages/rotate',
      expect.stringMatching(/^PATCH .*\/registries\/ordersimages$/),
    ]);
    expect(operation.steps.map(({ state }) => state)).toEqual(['done', 'done']);
    expect(operation.steps[1].evidence).toContainEqual({
      what: 'version in use',
      before: plan.before.versionedKeyIdentifier,
      after: registry.versionedKeyIdentifier,
    });
  });

  it('rotates an automatic registry at once, and leaves it automatic', async () => {
    const plan = await portal.plan('shop-images', registryId('shopimages'), {
      kind: 'rotate',
    });
    portal.azure.clearRequests();
    const operation = await portal.carryOut(plan);
    expect(operation).toMatchObject({ state: 'succeeded' });
    const registry = portal.azure.state.registry('shopimages');
    const key = portal.azure.state.key('kv-contoso-rbac', 'shopimages');
    expect(registry.versionInUse).toBe(key.latest);
    expect(registry.keyIdentifier).toBe(plan.before.keyIdentifier);
    expect(portal.writes()).toHaveLength(2);
  });

  it.each([
    [
      'by access policy',
      'orders-images',
      'ordersimages',
      'accessPolicies/remove',
    ],
    ['by role assignment', 'shop-images', 'shopimages', 'roleAssignments/'],
  ])(
    'revokes %s with exactly one write, and restores exactly what was there',
    async (_way, entity, registry, write) => {
      const id = registryId(registry);
      const before = portal.azure.state.registry(registry);
      expect(before.reach).toMatchObject({ reaches: true });
      const plan = await portal.plan(entity, id, { kind: 'revoke' });
      portal.azure.clearRequests();
      const revoke = await portal.carryOut(plan, { confirmation: registry });
      expect(revoke).toMatchObject({ state: 'succeeded' });
      expect(portal.writes()).toEqual([expect.stringContaining(write)]);
      expect(portal.azure.state.registry(registry).reach).toMatchObject({
        reaches: false,
      });
      const [seen] = (
        await portal.as().registriesOf(`resource:default/${entity}`)
      ).registries;
      expect(seen).toMatchObject({ state: { id: 'revoked' } });

      const back = await portal.plan(entity, id, { kind: 'restore' });
      expect(back).toMatchObject({ blocked: false });
      const restore = await portal.carryOut(back);
      expect(restore).toMatchObject({ state: 'succeeded' });
      expect(portal.azure.state.registry(registry).reach).toMatchObject({
        reaches: true,
      });
    },
  );

  it('changes the version mode both ways, with one PATCH and no new version', async () => {
    const id = registryId('ordersimages');
    const before = portal.azure.state.key('kv-contoso-policy', 'ordersimages');
    const versionless =
      'https://kv-contoso-policy.vault.azure.net/keys/ordersimages';
    for (const [keyIdentifier, rotationEnabled] of [
      [versionless, true],
      [`${versionless}/${before.latest}`, false],
    ] as const) {
      const plan = await portal.plan('orders-images', id, {
        kind: 'rotate',
        key: { kind: 'existing', keyIdentifier },
      });
      expect(plan).toMatchObject({
        blocked: false,
        after: { keyIdentifier, keyRotationEnabled: rotationEnabled },
      });
      portal.azure.clearRequests();
      expect(await portal.carryOut(plan)).toMatchObject({ state: 'succeeded' });
      expect(portal.writes()).toEqual([expect.stringMatching(/^PATCH /)]);
      expect(portal.azure.state.registry('ordersimages')).toMatchObject({
        keyIdentifier,
        versionInUse: before.latest,
      });
    }
    expect(
      portal.azure.state.key('kv-contoso-policy', 'ordersimages').versions,
    ).toHaveLength(before.versions.length);
  });

  it('blocks a key that the identity may not use, and says what is missing', async () => {
    const plan = await portal.plan(
      'orders-images',
      registryId('ordersimages'),
      {
        kind: 'rotate',
        key: {
          kind: 'existing',
          keyIdentifier:
            'https://kv-contoso-rbac.vault.azure.net/keys/shopimages',
        },
      },
    );
    expect(plan.blocked).toBe(true);
    expect(plan.checks).toContainEqual(
      expect.objectContaining({ id: 'access-path', status: 'fail' }),
    );
  });

  it('refuses every change of a registry that nothing binds to the entity', async () => {
    const { status, body } = await portal.request('POST', '/v1/plans', {
      body: {
        entityRef: 'resource:default/unbound-images',
        registryId: registryId('unboundimages'),
        intent: { kind: 'rotate' },
      },
    });
    expect(status).toBe(403);
    expect(body.error).toMatchObject({ code: 'ACTION_REFUSED' });
    expect(body.error.message).toContain(ENTITY_REF_TAG);
    expect(portal.writes()).toEqual([]);
  });
});
