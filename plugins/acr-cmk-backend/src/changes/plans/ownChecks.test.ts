import {
  acceptanceOf,
  messageOf,
  registryId,
  startPortal,
  type TestPortal,
} from '../../__testUtils__/portal';

const ORDERS = registryId('ordersimages');

describe('a management lock that is set after a plan was made', () => {
  let portal: TestPortal;
  beforeAll(async () => {
    portal = await startPortal();
  });
  afterAll(() => portal.stop());

  const plan = () => portal.plan('orders-images', ORDERS, { kind: 'rotate' });

  it('refuses its acceptance, and blocks the next plan', async () => {
    const before = await plan();
    expect(before.blocked).toBe(false);
    await portal.azure.outOfBand(
      'PUT',
      `https://management.azure.com${ORDERS}/providers/Microsoft.Authorization/locks/freeze`,
      { properties: { level: 'ReadOnly' } },
    );
    const writes = portal.writes().length;

    expect(
      await messageOf(
        portal.as().accept(acceptanceOf(before, { reason: 'test of a lock' })),
      ),
    ).toContain('lock');
    await portal.ageFacts(2_000);
    const after = await plan();
    expect(after.blocked).toBe(true);
    expect(after.checks).toContainEqual(
      expect.objectContaining({
        status: 'fail',
        message: expect.stringContaining('freeze'),
      }),
    );
    expect(portal.writes().length).toBe(writes);
  });
});
