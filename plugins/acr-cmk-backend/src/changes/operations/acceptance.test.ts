/** Checks and waiting periods of an acceptance. */
import type { Plan } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { openSqlite } from '../../__testUtils__/databases';
import {
  acceptanceOf,
  messageOf,
  startPortal,
  type TestPortal,
} from '../../__testUtils__/portal';
import { until } from '../../__testUtils__/until';
import { acceptRevoke, ORDERS } from './__testUtils__/orders';

const OF_ORDERS = { entityRef: 'resource:default/orders-images' };

describe('an acceptance', () => {
  let portal: TestPortal;
  let db: Knex;
  const start = async (config: Record<string, unknown> = {}) => {
    db = await openSqlite();
    portal = await startPortal({ config, db });
  };
  afterEach(() => portal.stop());

  it('comes after a plan that says which action undoes it', async () => {
    await start({});
    const { inverse } = await portal.plan('orders-images', ORDERS, {
      kind: 'rotate',
    });
    expect(inverse).toEqual({
      available: true,
      by: 'rotate',
      message: expect.any(String),
    });
  });

  describe('the waiting period of what takes something away', () => {
    beforeEach(() =>
      start({
        waitingPeriod: { minutes: 10 },
      }),
    );

    it('delays a revoke, and a person who may revoke can cancel it', async () => {
      const { plan, operation } = await acceptRevoke(portal);
      expect(plan.waitingSeconds).toBe(600);
      expect(operation).toMatchObject({
        state: 'waiting',
        beginsAt: expect.any(String),
      });
      const cancelled = await portal
        .as('priya')
        .cancel(operation.id, 'A mistake');
      expect(cancelled).toMatchObject({ state: 'cancelled' });
      expect(portal.writes()).toEqual([]);
    });

    it('ends, and the revoke begins', async () => {
      const { operation } = await acceptRevoke(portal);
      await portal.expireNow(operation.id);
      expect(await portal.untilEnded(operation.id)).toMatchObject({
        state: 'succeeded',
      });
      expect(portal.writes()).toHaveLength(1);
    });

    it('does not hold a rotation', async () => {
      const plan = await portal.plan('orders-images', ORDERS, {
        kind: 'rotate',
      });
      expect(plan.waitingSeconds).toBe(0);
    });
  });

  describe('the typed name', () => {
    beforeEach(() => start({}));

    it.each([
      ['nothing', undefined],
      ['a part of it', 'ordersimage'],
      ['another case', 'OrdersImages'],
    ])(
      'is asked for before a revoke: %s is refused',
      async (_what, confirmation) => {
        const plan = await portal.plan('orders-images', ORDERS, {
          kind: 'revoke',
        });
        expect(
          await messageOf(
            portal
              .as()
              .accept(acceptanceOf(plan, { reason: 'A test', confirmation })),
          ),
        ).toBe(
          "confirmation: type the registry's name, ordersimages, to confirm",
        );
        expect(portal.writes()).toEqual([]);
      },
    );

    it('is not asked for before a rotation', async () => {
      const plan = await portal.plan('orders-images', ORDERS, {
        kind: 'rotate',
      });
      expect(
        await portal.as().accept(acceptanceOf(plan, { reason: 'A test' })),
      ).toMatchObject({ intent: { kind: 'rotate' } });
    });
  });

  describe('a plan whose row in the database was changed', () => {
    beforeEach(() =>
      start({
        approvals: { revoke: 'required' },
      }),
    );

    async function change(id: string, part: string) {
      const row = await db('plans').where({ id }).first('draft');
      const changed = { ...JSON.parse(row!.draft), [part]: [] };
      await db('plans')
        .where({ id })
        .update({ draft: JSON.stringify(changed) });
    }

    it.each(['steps', 'inverse', 'effects'])(
      'is neither accepted nor approved: its %s',
      async part => {
        const plan = await portal.plan('orders-images', ORDERS, {
          kind: 'revoke',
        });
        const { operation, plan: accepted } = await acceptRevoke(portal);
        await change(plan.id, part);
        await change(accepted.id, part);
        expect(
          await messageOf(
            portal.as().accept(
              acceptanceOf(plan, {
                reason: 'A test',
                confirmation: 'ordersimages',
              }),
            ),
          ),
        ).toBe(`You have no plan ${plan.id}`);
        expect(
          await messageOf(
            portal.as('priya').approve(operation.id, accepted.hash),
          ),
        ).toBe(`You have no plan ${accepted.id}`);
        expect(await portal.as().operation(operation.id)).toMatchObject({
          state: 'awaiting-approval',
        });
        expect(portal.writes()).toEqual([]);
      },
    );
  });

  describe('a plan that cannot be carried out', () => {
    beforeEach(() => start());

    /** Answer to its acceptance, which must store nothing. */
    async function refusalOf(plan: Plan, confirmation?: string) {
      const { status, body } = await portal.request('POST', '/v1/operations', {
        body: acceptanceOf(plan, { reason: 'A test', confirmation }),
      });
      expect(await db('operations')).toEqual([]);
      expect(portal.writes()).toEqual([]);
      return { status, ...body.error };
    }

    it('is not accepted after its time, and says since when', async () => {
      const plan = await portal.plan('orders-images', ORDERS, {
        kind: 'rotate',
      });
      const expiresAt = '2026-01-01T00:00:00.000Z';
      await db('plans')
        .where({ id: plan.id })
        .update({ plan: JSON.stringify({ ...plan, expiresAt }) });
      expect(await refusalOf(plan)).toMatchObject({
        status: 409,
        code: 'PLAN_EXPIRED',
        message: expect.stringContaining(expiresAt),
      });
    });

    it('is not accepted while a check fails, and says which', async () => {
      const plan = await portal.plan('orders-images', ORDERS, {
        kind: 'revoke',
        method: 'delete-key',
      });
      expect(plan).toMatchObject({ blocked: true });
      expect(await refusalOf(plan, 'ordersimages')).toMatchObject({
        status: 409,
        code: 'PLAN_BLOCKED',
        message: expect.stringContaining('Deleting keys is turned off'),
      });
    });
  });

  describe('a revoke for a limited time', () => {
    it('is restored by the backend as soon as its time has come', async () => {
      await start();
      const plan = await portal.plan('orders-images', ORDERS, {
        kind: 'revoke',
        restoreAfterMinutes: 30,
      });
      const { id } = await portal.carryOut(plan, {
        confirmation: 'ordersimages',
      });
      await db('operations').where({ id }).update({ restores_at: 0 });
      const restore = await until(
        'it is restored',
        async () => (await portal.as().operations(OF_ORDERS))[0],
        ({ intent }) => intent.kind === 'restore',
      );
      expect(restore).toMatchObject({ automatic: true });
      const { body } = await portal.request(
        'POST',
        '/.backstage/actions/v2/actions/acr-cmk:get-key-operation/invoke',
        { body: { input: { operationId: restore.id } } },
      );
      expect(body.output).toMatchObject({ automatic: true });
    });
  });

  describe('a database that is away', () => {
    it('F23: is reported, and nothing is written to Azure', async () => {
      await start({});
      const plan = await portal.plan('orders-images', ORDERS, {
        kind: 'rotate',
      });
      portal.azure.clearRequests();
      await db.destroy();
      const { status, body } = await portal.request('POST', '/v1/operations', {
        body: acceptanceOf(plan, { reason: 'A test' }),
      });
      expect(status).toBe(503);
      expect(body.error.message).toContain("plugin's database does not answer");
      expect(portal.writes()).toEqual([]);
    });
  });
});
