/** A disk without room: SQLite is allowed no more pages than it has. */
import { mockServices } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { openSqlite } from '../../__testUtils__/databases';
import {
  newKey,
  registryId,
  startPortal,
  type TestPortal,
} from '../../__testUtils__/portal';

jest.setTimeout(120_000);

const ORDERS = registryId('ordersimages');

describe('a full disk', () => {
  let db: Knex;
  let portal: TestPortal;
  const logger = mockServices.logger.mock();
  logger.child.mockReturnValue(logger);
  beforeAll(async () => {
    db = await openSqlite();
    portal = await startPortal({ db, features: [logger.factory] });
  });
  afterAll(() => portal.stop());

  const fill = () => db.raw('pragma max_page_count = 1');
  const free = () => db.raw('pragma max_page_count = 1000000');
  const health = async () => {
    const { status, body } = await portal.request('GET', '/health');
    return { status, message: body.message };
  };
  const said = (level: 'error' | 'info', words: RegExp) =>
    logger[level].mock.calls.filter(([message]) => words.test(String(message)));

  it('is reported by routes, log and readiness, and what was refused can be repeated once there is room', async () => {
    const plan = await portal.plan('orders-images', ORDERS, { kind: 'rotate' });
    const body = {
      planId: plan.id,
      planHash: plan.hash,
      reason: 'A test of a full disk',
      idempotencyKey: newKey(),
    };
    portal.azure.clearRequests();
    await fill();
    try {
      const planned = await portal.request('POST', '/v1/plans', {
        body: {
          entityRef: 'resource:default/orders-images',
          registryId: ORDERS,
          intent: { kind: 'rotate' },
        },
      });
      expect(planned).toMatchObject({
        status: 503,
        body: {
          error: {
            message: expect.stringMatching(
              /disk of the plugin's database is full, so no plan was made.*free space/,
            ),
          },
        },
      });
      const accepted = await portal.request('POST', '/v1/operations', { body });
      expect(accepted).toMatchObject({
        status: 503,
        body: {
          error: {
            message: expect.stringContaining(
              'is full, so the plan was not accepted',
            ),
          },
        },
      });
      expect(await health()).toEqual({
        status: 503,
        message: expect.stringContaining('is full'),
      });
      // What is known can be read.
      const tab = await portal.request(
        'GET',
        '/v1/entities/resource/default/orders-images/registries',
      );
      expect(tab.status).toBe(200);
      expect(
        said('error', /disk of the plugin's database is full/),
      ).toHaveLength(1);
      expect(await db('operations').count({ n: '*' })).toEqual([{ n: 0 }]);
      expect(portal.writes()).toEqual([]);
    } finally {
      await free();
    }
    expect(await health()).toEqual({ status: 200, message: undefined });
    expect(said('info', /has room again/)).toHaveLength(1);
    const operation = await portal.as().accept(body);
    expect(await portal.untilEnded(operation.id)).toMatchObject({
      state: 'succeeded',
    });
  });
});
