import { mockServices } from '@backstage/backend-test-utils';
import { AcrCmkClient } from 'backstage-plugin-acr-cmk-common';
import { openSqlite } from '../../__testUtils__/databases';
import { registryId, SUBSCRIPTION } from '../../__testUtils__/demoWorld';
import { startPortal, type TestPortal } from '../../__testUtils__/portal';
import { until } from '../../__testUtils__/until';

describe('the status of the inventory', () => {
  let portal: TestPortal;
  afterEach(() => portal.stop());

  it('says of each subscription what is known, expected and seen, and how much Azure may still be asked', async () => {
    portal = await startPortal({});
    const client: AcrCmkClient = portal.as();
    await client.syncInventory();
    const status = await until(
      'everything is listed',
      () => client.inventoryStatus(),
      ({ lastSweep }) => lastSweep?.state === 'whole',
    );
    const inAzure = portal.azure.state.registries().length;
    expect(status).toMatchObject({
      scopes: [
        {
          subscriptionId: SUBSCRIPTION,
          state: 'whole',
          registries: {
            known: inAzure,
            expected: inAzure,
            seen: inAzure,
          },
        },
      ],
      lastSweep: { state: 'whole', partitions: { all: 5, read: 5 } },
    });
    expect(status.budget).toContainEqual(
      expect.objectContaining({ quota: 'reads', credential: 'read' }),
    );
    expect(portal.writes().filter(each => !/ResourceGraph/.test(each))).toEqual(
      [],
    );
  });

  it('is there when no sweep was made yet, and says so', async () => {
    portal = await startPortal({
      waitsForSync: false,
      features: [mockServices.scheduler.mock().factory],
    });
    const status = await portal.as().inventoryStatus();
    expect(status).toMatchObject({
      scopes: [{ subscriptionId: SUBSCRIPTION, state: 'unknown' }],
      lastTurn: { late: expect.stringContaining('has not started yet') },
    });
    expect(status.lastSweep).toBeUndefined();
    expect(status.lastWholeSweepAt).toBeUndefined();
  });

  it('says of a registry when and why each thing behind it is read next', async () => {
    const db = await openSqlite();
    portal = await startPortal({ db });
    const id = registryId('ordersimages');
    await db('keys')
      .where({ name: 'ordersimages' })
      .update({ next_read_at: 1_000, read_why: 'event' });
    const freshness = async (of: string) =>
      portal.request('GET', `/v1/inventory/freshness?registryId=${of}`);
    const { body } = await freshness(id);
    const { lastSweep } = await portal.as().inventoryStatus();
    const nextSweepAt = new Date(
      Date.parse(lastSweep!.startedAt) + 5 * 60_000,
    ).toISOString();
    const byKind = Object.fromEntries(
      body.items.map((item: { kind: string }) => [item.kind, item]),
    );
    expect(byKind.registry).toMatchObject({
      name: id.toLowerCase(),
      readAt: expect.any(String),
      nextReadAt: nextSweepAt,
      why: 'list',
      attempts: 0,
    });
    expect(byKind.vault).toMatchObject({ why: 'list' });
    expect(byKind.key).toMatchObject({
      name: expect.stringMatching(/\/ordersimages$/),
      nextReadAt: new Date(1_000).toISOString(),
      why: 'event',
    });
    expect((await freshness(`${id}none`)).status).toBe(404);
  });

  it.each([
    ['GET', '/v1/inventory/status', 'acr-cmk.inventory.read'],
    [
      'GET',
      `/v1/inventory/freshness?registryId=${registryId('ordersimages')}`,
      'acr-cmk.inventory.read',
    ],
    ['POST', '/v1/inventory/sync', 'acr-cmk.inventory.sync'],
  ] as const)(
    '%s %s is refused without its permission, which is named',
    async (method, path, permission) => {
      portal = await startPortal({});
      portal.forbid(permission);
      const answer = await portal.request(method, path);
      expect(answer.status).toBe(403);
      expect(answer.body.error.message).toContain(permission);
    },
  );

  it('the route for events is not there unless it is configured, and refuses a delivery without a token when it is', async () => {
    portal = await startPortal({});
    const post = () =>
      fetch(
        `http://127.0.0.1:${portal.backend.server.port()}/api/acr-cmk/v1/azure-events`,
        {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{}',
        },
      );
    expect([401, 404]).toContain((await post()).status);
    await portal.stop();
    portal = await startPortal({
      config: {
        events: {
          tenantId: portal.azure.ready.tenantId,
          audience: 'api://acr-cmk',
          principalId: portal.azure.ready.tenantId,
        },
      },
    });
    const answer = await post();
    expect(answer.status).toBe(401);
    expect(await answer.text()).toContain('The token of the delivery');
    const handshake = await fetch(
      `http://127.0.0.1:${portal.backend.server.port()}/api/acr-cmk/v1/azure-events`,
      {
        method: 'OPTIONS',
        headers: { 'webhook-request-origin': 'eventgrid.azure.net' },
      },
    );
    expect(handshake.headers.get('webhook-allowed-origin')).toBe(
      'eventgrid.azure.net',
    );
  });
});
