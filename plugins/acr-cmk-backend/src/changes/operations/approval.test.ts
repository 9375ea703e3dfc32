import type { Knex } from 'knex';
import { asAdmin } from '../../__testUtils__/asAdmin';
import { openSqlite } from '../../__testUtils__/databases';
import {
  acceptanceOf,
  messageOf,
  registryId,
  startPortal,
  type TestPortal,
} from '../../__testUtils__/portal';
import { breaksIn } from '../../platform/audit/chain';
import { acceptRevoke, ORDERS } from './__testUtils__/orders';

describe('approval by a second person', () => {
  let portal: TestPortal;
  let db: Knex;
  const start = async (config: Record<string, unknown> = {}) => {
    db = await openSqlite();
    portal = await startPortal({ config, db });
  };
  afterEach(() => portal.stop());

  beforeEach(() =>
    start({
      approvals: { revoke: 'required' },
    }),
  );

  it('is announced by the plan, and nothing is written before it', async () => {
    const { plan, operation } = await acceptRevoke(portal);
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
    const { plan, operation } = await acceptRevoke(portal);
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
    expect(breaksIn(audit as never)).toEqual([]);
  });

  it.each([
    ['the person who asked', 'olivia'],
    ['that person in another spelling', 'OLIVIA'],
  ])('is refused to %s', async (_who, user) => {
    const { plan, operation } = await acceptRevoke(portal);
    expect(
      await messageOf(portal.as(user).approve(operation.id, plan.hash)),
    ).toContain('another person has to approve it');
    expect(
      (await portal.as().operation(operation.id)).actions[0],
    ).toMatchObject({ action: 'approve', allowed: false });
  });

  it('is refused without the permission, which is named', async () => {
    const { plan, operation } = await acceptRevoke(portal);
    portal.forbid('acr-cmk.operation.approve');
    expect(
      await messageOf(portal.as('vera').approve(operation.id, plan.hash)),
    ).toContain('acr-cmk.operation.approve');
  });

  it('is refused for another plan than the one of the operation', async () => {
    const { operation } = await acceptRevoke(portal);
    expect(
      await messageOf(portal.as('priya').approve(operation.id, '0'.repeat(64))),
    ).toContain('planHash');
  });

  it('meets only the needs that its giver may meet', async () => {
    const registry = registryId('sharedbase', 'rg-platform');
    const BASE = 'resource:default/shared-base';
    portal.decide(
      (permission, ref, user) =>
        !['acr-cmk.key.rotate', 'acr-cmk.unbound.change'].includes(
          permission,
        ) ||
        ref === BASE ||
        (user === 'paul' && ref === 'resource:default/shared-tools'),
    );
    const plan = await portal.plan('shared-base', registry, { kind: 'rotate' });
    const { id } = await portal
      .as()
      .accept(acceptanceOf(plan, { reason: 'Asks the others' }));
    const needs = async () =>
      (await portal.as().operation(id)).approval?.needs?.map(
        ({ entityRef, by }) => [entityRef, by],
      );
    const asked = await needs();
    expect(asked?.length).toBeGreaterThan(1);
    await portal.as('paul').approve(id, plan.hash);
    expect(await needs()).toEqual(
      asked?.map(([ref]) => [
        ref,
        ref === 'resource:default/shared-tools'
          ? 'user:default/paul'
          : undefined,
      ]),
    );
    expect((await portal.as().operation(id)).state).toBe('awaiting-approval');
  });

  it('is void when the facts have changed, and says which (F14)', async () => {
    const { plan, operation } = await acceptRevoke(portal);
    const admin = asAdmin(portal.azure);
    await admin.rotateKey('kv-contoso-policy', 'ordersimages');
    await admin.changeRegistry(ORDERS, {
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
    });
    expect(
      await messageOf(portal.as('priya').approve(operation.id, plan.hash)),
    ).toContain('before.keyIdentifier');
    const after = await portal.as().operation(operation.id);
    expect(after).toMatchObject({
      state: 'rejected',
      result: { code: 'PLAN_DRIFTED' },
    });
    expect(portal.writes()).toEqual([]);
  });

  it('may be rejected with a reason, which frees the registry', async () => {
    const { operation } = await acceptRevoke(portal);
    const rejected = await portal
      .as('priya')
      .reject(operation.id, 'Not this one');
    expect(rejected).toMatchObject({
      state: 'rejected',
      approval: { state: 'rejected', by: 'user:default/priya' },
      result: { message: expect.stringContaining('Not this one') },
    });
    expect((await acceptRevoke(portal)).operation.state).toBe(
      'awaiting-approval',
    );
  });

  it('expires after its time', async () => {
    const { plan, operation } = await acceptRevoke(portal);
    await portal.expireNow(operation.id);
    expect(await portal.untilEnded(operation.id)).toMatchObject({
      state: 'rejected',
      approval: { state: 'expired' },
      result: { code: 'APPROVAL_EXPIRED' },
    });
    expect(
      await messageOf(portal.as('priya').approve(operation.id, plan.hash)),
    ).toContain('it does not wait for an approval');
    expect(portal.writes()).toEqual([]);
  });

  it('is refused after its time, also before a worker has ended the operation', async () => {
    const { plan, operation } = await acceptRevoke(portal);
    await db('operations')
      .where({ id: operation.id })
      .update({ approval_expires_at: 1_000 });
    const priya = portal.as('priya');
    for (const decide of [
      () => priya.approve(operation.id, plan.hash),
      () => priya.reject(operation.id, 'A mistake'),
    ]) {
      expect(await messageOf(decide())).toContain('the approval has expired');
    }
    expect(portal.writes()).toEqual([]);
  });

  it('writes nothing when the binding is lost meanwhile (F25)', async () => {
    const { plan, operation } = await acceptRevoke(portal);
    await asAdmin(portal.azure).changeRegistry(ORDERS, {
      tags: { 'backstage-entity-ref': 'resource:default/others' },
    });
    expect(
      await messageOf(portal.as('priya').approve(operation.id, plan.hash)),
    ).toContain('names another entity, not resource:default/orders-images');
    expect(portal.writes()).toEqual([]);
  });
});
