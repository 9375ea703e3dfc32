import { firstBrokenLink } from './audit/AuditLog';
import { mockServices } from '@backstage/backend-test-utils';
import { openSqlite } from './__testUtils__/databases';
import {
  acceptanceOf,
  registryId,
  startPortal,
  type TestPortal,
} from './__testUtils__/portal';

const ORDERS = registryId('ordersimages');

describe('guards', () => {
  let portal: TestPortal;
  let db: Awaited<ReturnType<typeof openSqlite>>;
  const start = async (config: Record<string, unknown>) => {
    db = await openSqlite();
    portal = await startPortal({ config, db });
  };
  afterEach(() => portal.stop());

  async function acceptRevoke() {
    const plan = await portal.plan('orders-images', ORDERS, { kind: 'revoke' });
    const operation = await portal.as().accept(
      acceptanceOf(plan, {
        reason: 'It may have leaked',
        confirmation: 'ordersimages',
      }),
    );
    portal.azure.clearRequests();
    return { plan, operation };
  }

  const reasonOf = (call: Promise<unknown>) =>
    call.then(
      () => 'no error',
      (error: { body?: { error: { message: string } } }) =>
        error.body?.error.message,
    );

  describe('approval by a second person', () => {
    beforeEach(() =>
      start({
        approvals: { revoke: 'required', expireAfter: { hours: 1 } },
        operations: { pollSeconds: 0.1 },
      }),
    );

    it('is announced by the plan, and nothing is written before it', async () => {
      const { plan, operation } = await acceptRevoke();
      expect(plan.approval).toMatchObject({ required: true });
      expect(operation).toMatchObject({
        state: 'awaiting-approval',
        approval: { state: 'pending', expiresAt: expect.any(String) },
      });
      const seen = await portal.as('priya').operation(operation.id);
      expect(seen.actions).toEqual([
        { action: 'approve', allowed: true },
        { action: 'reject', allowed: true },
        { action: 'cancel', allowed: true },
      ]);
      expect(portal.writes()).toEqual([]);
    });

    it('lets the operation go on, and is on record with who gave it', async () => {
      const { plan, operation } = await acceptRevoke();
      await portal.as('priya').approve(operation.id, plan.hash);
      const ended = await portal.untilEnded(operation.id);
      expect(ended).toMatchObject({
        state: 'succeeded',
        approval: { state: 'approved', by: 'user:default/priya' },
      });
      expect(portal.writes()).toHaveLength(1);
      const audit = await portal.as().audit();
      expect(audit).toContainEqual(
        expect.objectContaining({
          event: 'operation-approved',
          actor: 'user:default/priya',
          operationId: operation.id,
        }),
      );
      expect(firstBrokenLink(audit as never)).toBeUndefined();
    });

    it.each([
      ['the person who asked', 'olivia'],
      ['that person in another spelling', 'OLIVIA'],
    ])('is refused to %s', async (_who, user) => {
      const { plan, operation } = await acceptRevoke();
      expect(
        await reasonOf(portal.as(user).approve(operation.id, plan.hash)),
      ).toContain('another person has to approve it');
      expect(
        (await portal.as().operation(operation.id)).actions[0],
      ).toMatchObject({ action: 'approve', allowed: false });
    });

    it('is refused without the permission, which is named', async () => {
      const { plan, operation } = await acceptRevoke();
      portal.decide(permission => permission !== 'acr-cmk.operation.approve');
      expect(
        await reasonOf(portal.as('vera').approve(operation.id, plan.hash)),
      ).toContain('acr-cmk.operation.approve');
    });

    it('is refused for another plan than the one of the operation', async () => {
      const { operation } = await acceptRevoke();
      expect(
        await reasonOf(
          portal.as('priya').approve(operation.id, '0'.repeat(64)),
        ),
      ).toContain('planHash');
    });

    it('is void when the facts have changed, and says which (F14)', async () => {
      const { plan, operation } = await acceptRevoke();
      const { status } = await portal.azure.outOfBand(
        'POST',
        'https://kv-contoso-policy.vault.azure.net/keys/ordersimages/rotate?api-version=7.5',
      );
      expect(status).toBe(200);
      await portal.azure.outOfBand(
        'PATCH',
        `https://management.azure.com${ORDERS}?api-version=2025-11-01`,
        {
          properties: {
            encryption: {
              status: 'enabled',
              keyVaultProperties: {
                keyIdentifier:
                  'https://kv-contoso-policy.vault.azure.net/keys/ordersimages',
                identity: portal.azure.state.registry('ordersimages').identity,
              },
            },
          },
        },
      );
      expect(
        await reasonOf(portal.as('priya').approve(operation.id, plan.hash)),
      ).toContain('before.keyIdentifier');
      const after = await portal.as().operation(operation.id);
      expect(after).toMatchObject({
        state: 'rejected',
        result: { code: 'PLAN_DRIFTED' },
      });
      expect(portal.writes()).toEqual([]);
    });

    it('may be rejected with a reason, which frees the registry', async () => {
      const { operation } = await acceptRevoke();
      const rejected = await portal
        .as('priya')
        .reject(operation.id, 'Not this one');
      expect(rejected).toMatchObject({
        state: 'rejected',
        approval: { state: 'rejected', by: 'user:default/priya' },
        result: { message: expect.stringContaining('Not this one') },
      });
      expect((await acceptRevoke()).operation.state).toBe('awaiting-approval');
    });

    it('expires after its time', async () => {
      const { plan, operation } = await acceptRevoke();
      await portal.hurry(operation.id);
      expect(await portal.untilEnded(operation.id)).toMatchObject({
        state: 'rejected',
        approval: { state: 'expired' },
        result: { code: 'APPROVAL_EXPIRED' },
      });
      expect(
        await reasonOf(portal.as('priya').approve(operation.id, plan.hash)),
      ).toContain('it does not wait for an approval');
      expect(portal.writes()).toEqual([]);
    });

    it('is refused after its time, also before a worker has ended the operation', async () => {
      const { plan, operation } = await acceptRevoke();
      await db('operations')
        .where({ id: operation.id })
        .update({ approval_expires_at: 1_000 });
      const priya = portal.as('priya');
      for (const decide of [
        () => priya.approve(operation.id, plan.hash),
        () => priya.reject(operation.id, 'A mistake'),
      ]) {
        expect(await reasonOf(decide())).toContain('the approval has expired');
      }
      expect(portal.writes()).toEqual([]);
    });

    it('writes nothing when the binding is lost meanwhile (F25)', async () => {
      const { plan, operation } = await acceptRevoke();
      await portal.azure.outOfBand(
        'PATCH',
        `https://management.azure.com${ORDERS}?api-version=2025-11-01`,
        { tags: { 'backstage-entity-ref': 'resource:default/others' } },
      );
      expect(
        await reasonOf(portal.as('priya').approve(operation.id, plan.hash)),
      ).toContain('names another entity, not resource:default/orders-images');
      expect(portal.writes()).toEqual([]);
    });
  });

  describe('the waiting period of what takes something away', () => {
    beforeEach(() =>
      start({
        waitingPeriod: { minutes: 10 },
        operations: { pollSeconds: 0.1 },
      }),
    );

    it('holds a revoke back, and whoever may revoke may cancel it', async () => {
      const { plan, operation } = await acceptRevoke();
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
      const { operation } = await acceptRevoke();
      await portal.hurry(operation.id);
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
          await reasonOf(
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
        operations: { pollSeconds: 0.1 },
      }),
    );

    async function change(id: string, part: string) {
      const { draft } = await db('plans').where({ id }).first('draft');
      const changed = { ...JSON.parse(draft), [part]: [] };
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
        const { operation, plan: accepted } = await acceptRevoke();
        await change(plan.id, part);
        await change(accepted.id, part);
        expect(
          await reasonOf(
            portal.as().accept(
              acceptanceOf(plan, {
                reason: 'A test',
                confirmation: 'ordersimages',
              }),
            ),
          ),
        ).toBe(`You have no plan ${plan.id}`);
        expect(
          await reasonOf(
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

  describe('what is off by default', () => {
    beforeEach(() => start({}));

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

    it('says of a revoked registry who did it, why, and since when', async () => {
      const plan = await portal.plan('orders-images', ORDERS, {
        kind: 'revoke',
      });
      const { id } = await portal.carryOut(plan, {
        confirmation: 'ordersimages',
      });
      const [registry] = (
        await portal.as().registriesOf('resource:default/orders-images')
      ).registries;
      expect(registry).toMatchObject({
        state: {
          id: 'revoked',
          revoked: {
            operationId: id,
            by: 'user:default/olivia',
            reason: 'A test from plan to end',
            at: expect.any(String),
          },
        },
      });
    });

    it('refuses the record of who did what without its permission', async () => {
      portal.decide(permission => permission !== 'acr-cmk.audit.read');
      expect(await reasonOf(portal.as().audit())).toContain(
        'acr-cmk.audit.read',
      );
    });
  });

  describe('the options of forms', () => {
    beforeEach(() => start({ vaults: ['kv-contoso-policy'] }));

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
      expect(await reasonOf(client.keys('kv-contoso-rbac'))).toContain(
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
      portal.decide(permission => permission !== 'acr-cmk.use');
      for (const call of [
        portal.as().vaults(),
        portal.as().keys('kv-contoso-policy'),
        portal.as().identities(),
        portal.as().registries(),
      ]) {
        expect(await reasonOf(call)).toContain('acr-cmk.use');
      }
    });
  });

  describe('a database that is away', () => {
    it('F23: is said, and nothing is written to Azure', async () => {
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

  it("Backstage's auditor gets the end of an operation, with the person and without a request", async () => {
    const outcomes: string[] = [];
    const events: unknown[] = [];
    let received: (event: unknown) => void;
    const ended = new Promise(resolve => {
      received = resolve;
    });
    const auditor = mockServices.auditor.mock();
    auditor.createEvent.mockImplementation(async event => {
      events.push(event);
      const end = (outcome: string) => async () => {
        outcomes.push(`${event.eventId} ${outcome}`);
        if (event.eventId === 'operation-ended') received(event);
      };
      return { success: end('success'), fail: end('fail') };
    });
    portal = await startPortal({ features: [auditor.factory] });
    const { id } = await portal.carryOut(
      await portal.plan('orders-images', ORDERS, { kind: 'rotate' }),
    );
    expect(await ended).toEqual({
      eventId: 'operation-ended',
      severityLevel: 'medium',
      meta: {
        actor: 'user:default/olivia',
        operationId: id,
        intent: 'rotate',
        registryId: ORDERS,
        state: 'succeeded',
      },
    });
    expect(events).toContainEqual(
      expect.objectContaining({
        eventId: 'operation-accept',
        request: expect.anything(),
        meta: expect.objectContaining({ actor: 'user:default/olivia' }),
      }),
    );
    expect(outcomes).toEqual([
      'plan success',
      'operation-accept success',
      'operation-ended success',
    ]);
  });
});
