import {
  registryId,
  startPortal,
  type TestPortal,
} from '../../__testUtils__/portal';

const ORDERS = registryId('ordersimages');

describe('an intent that is off by default', () => {
  let portal: TestPortal;
  beforeAll(async () => {
    portal = await startPortal();
  });
  afterAll(() => portal.stop());

  it('is refused with the configuration key that would allow it', async () => {
    const retire = await portal.plan('orders-images', ORDERS, {
      kind: 'retire',
      version: portal.azure.state.key('kv-contoso-policy', 'ordersimages')
        .versions[0].version,
    });
    expect(retire).toMatchObject({ blocked: true });
    expect(retire.checks).toContainEqual(
      expect.objectContaining({
        status: 'fail',
        remedy: expect.stringContaining('acrCmk.operations.retire'),
      }),
    );
    const remove = await portal.plan('orders-images', ORDERS, {
      kind: 'revoke',
      method: 'delete-key',
    });
    expect(remove).toMatchObject({ blocked: true });
    expect(remove.methods).toContainEqual(
      expect.objectContaining({
        method: 'delete-key',
        available: false,
        message: expect.stringContaining('acrCmk.operations.deleteKey'),
      }),
    );
  });
});
