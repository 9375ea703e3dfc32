import {
  fleetReadPermission,
  type RegistryEncryption,
} from 'backstage-plugin-acr-cmk-common';
import {
  registryId,
  resource,
  startPortal,
  type TestPortal,
} from '../../__testUtils__/portal';
import { createRegistryConditionalDecision, registryConditions } from './rules';

describe('one registry of the fleet', () => {
  let portal: TestPortal;
  beforeAll(async () => {
    portal = await startPortal({
      config: {
        approvers: [
          {
            permissions: ['acr-cmk.key.restore'],
            groups: ['group:default/platform-team'],
          },
        ],
      },
      entities: [
        resource('orders-images', registryId('ordersimages')),
        resource('shop-images', registryId('shopimages')),
      ],
    });
    // A plan knows every registry, or says that it does not.
    await portal.plan('orders-images', registryId('ordersimages'), {
      kind: 'rotate',
    });
    await portal.as().registriesOf('resource:default/orders-images');
  });
  afterAll(() => portal.stop());
  beforeEach(() => portal.decide(() => true));

  const platformOnly = () =>
    portal.decideFleet(() =>
      createRegistryConditionalDecision(
        fleetReadPermission,
        registryConditions.inResourceGroup({ resourceGroups: ['rg-platform'] }),
      ),
    );

  it('is shown as its tab would show it, though no entity names it', async () => {
    const view = await portal
      .as('priya')
      .fleet.registry(registryId('unboundimages'));
    expect(view).toMatchObject({
      registry: {
        kind: 'registry',
        name: 'unboundimages',
        state: { id: 'current' },
        key: { known: true },
        vault: { known: true },
        actions: [],
      },
      entities: [],
      hiddenEntities: 0,
    });
  });

  it('is shown as it is known, with its age, while Azure does not answer', async () => {
    const id = registryId('unboundimages');
    const fleet = portal.as('priya').fleet;
    await fleet.registry(id);
    await portal.ageFacts(10 * 60_000);
    portal.azure.faults.add({
      host: 'management.azure.com',
      principal: 'reader',
      lostAnswer: true,
      times: 0,
    });
    try {
      const { registry } = await fleet.registry(id);
      expect(registry).toMatchObject({
        kind: 'registry',
        state: { id: 'current' },
      });
      const { freshness } = registry as RegistryEncryption;
      const age = Date.now() - Date.parse(freshness.observedAt);
      expect(age).toBeGreaterThan(9 * 60_000);
    } finally {
      portal.azure.faults.clear();
      portal.azure.dropConnections();
    }
  });

  it('is read from Azure again for a person who presses Refresh', async () => {
    const id = registryId('unboundimages');
    await portal.ageFacts(10 * 60_000);
    portal.azure.clearRequests();
    const { registry } = await portal
      .as('priya')
      .fleet.registry(id, { refresh: true });
    const { freshness } = registry as RegistryEncryption;
    expect(Date.now() - Date.parse(freshness.observedAt)).toBeLessThan(60_000);
    expect(
      portal.azure
        .requests()
        .filter(({ path }) => path.endsWith('/registries/unboundimages')),
    ).not.toHaveLength(0);
  });

  it('is asked for in any spelling, and says by which entities it can be changed', async () => {
    const view = await portal
      .as('priya')
      .fleet.registry(registryId('ordersimages').toUpperCase());
    expect(view.entities.map(({ entityRef }) => entityRef)).toEqual([
      'resource:default/orders-images',
    ]);
    expect(view.registry).toMatchObject({ name: 'ordersimages' });
  });

  it('does not exist for people who may not see it', async () => {
    platformOnly();
    const answers = await Promise.all(
      ['ordersimages', 'nothereatall'].map(name =>
        portal.request(
          'GET',
          `/v1/fleet/registries/${
            registryId(name).split('/')[2]
          }/rg-shop/${name}`,
        ),
      ),
    );
    for (const { status, body } of answers) {
      expect(status).toBe(404);
      expect(body.error.code).toBe('REGISTRY_UNKNOWN');
    }
    const [hidden, absent] = answers.map(({ body }) => body.error.message);
    expect(hidden.replaceAll('ordersimages', 'X')).toBe(
      absent.replaceAll('nothereatall', 'X'),
    );
  });

  it('names other users of its key only where they may be seen', async () => {
    const shared = registryId('sharedbase', 'rg-platform');
    platformOnly();
    const { registry } = await portal.as('priya').fleet.registry(shared);
    const names =
      registry.kind === 'registry'
        ? registry.consumers.map(({ registryName }) => registryName)
        : [];
    expect(names).toContain('sharedbase');
    const seen = (await portal.as('priya').fleet.registries()).items.map(
      ({ name }) => name,
    );
    expect(seen).toEqual(expect.arrayContaining(names));
    expect(seen).not.toContain('ordersimages');
  });

  it('is refused when its id could not be one', async () => {
    const { status, body } = await portal.request(
      'GET',
      '/v1/fleet/registries/11111111-2222-4333-8444-555555555555/rg-shop/a%2Fb',
    );
    expect({ status, code: body.error.code }).toEqual({
      status: 400,
      code: 'INVALID_INPUT',
    });
  });

  it('says who revoked it and why to those who may see that, and nobody how to undo it by hand', async () => {
    const id = registryId('ordersimages');
    const plan = await portal.plan('orders-images', id, { kind: 'revoke' });
    await portal.carryOut(plan, { confirmation: 'ordersimages' });
    portal.decideFleet(() =>
      createRegistryConditionalDecision(
        fleetReadPermission,
        registryConditions.inResourceGroup({ resourceGroups: ['rg-shop'] }),
      ),
    );
    const seenBy = async (user: string) => {
      const { registry } = await portal.as(user).fleet.registry(id);
      const { state, findings } = registry as RegistryEncryption;
      return {
        reason: state.revoked?.reason,
        askedOf: state.revoked?.askedOf,
        remedies: findings.map(finding => finding.remedy),
      };
    };
    expect(await seenBy('priya')).toEqual({
      reason: 'A test from plan to end',
      askedOf: ['group:default/platform-team'],
      remedies: [undefined],
    });
    portal.decide(
      permission =>
        permission !== 'acr-cmk.registry.read' &&
        permission !== 'acr-cmk.audit.read',
    );
    expect(await seenBy('daniel')).toEqual({
      reason: undefined,
      askedOf: undefined,
      remedies: [undefined],
    });
  });
});
