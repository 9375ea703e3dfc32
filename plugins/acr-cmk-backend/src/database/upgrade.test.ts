import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { mockServices } from '@backstage/backend-test-utils';
import { type Emulator } from 'azure-emulator';
import type { Knex } from 'knex';
import { AuditLog, firstBrokenLink } from '../audit/AuditLog';
import { testDatabases } from '../__testUtils__/databases';
import {
  type Leftovers,
  leftoversOf,
  load,
  startAzureOf,
  type Waiting,
} from '../__testUtils__/firstRelease';
import { startPortal, type TestPortal } from '../__testUtils__/portal';
import { DatabaseClock } from './clock';

// A server, an Azure and a whole backend start; on a busy machine that takes seconds.
jest.setTimeout(120_000);

/** In the order of the file: all of them are about one database, and the last looks at all of it. */
describe.each(testDatabases())(
  'a database of the first release, on $name',
  database => {
    const scheduler = mockServices.scheduler();
    let left: Leftovers;
    let azure: Emulator;
    let portal: TestPortal;
    let db: Knex;
    let heldBefore: string[];

    beforeAll(async () => {
      left = leftoversOf(database);
      azure = await startAzureOf(left);
      db = await database.openEmpty();
      await load(db, left);
      heldBefore = await db('operation_locks').pluck('operation_id');
      portal = await startPortal({
        azure,
        db,
        features: [
          createServiceFactory({
            service: coreServices.scheduler,
            deps: {},
            factory: () => scheduler,
          }),
        ],
      });
    });
    afterAll(async () => {
      await portal?.stop();
      await azure?.close();
    });

    /** Documents of the emulator as the first release left them. */
    const before = (table: string, idEnd: string) =>
      (left.azure as { changes: [string, string, any][] }).changes.find(
        ([of, id]) => of === table && id.endsWith(idEnd),
      )![2];
    const versionsMade = (vault: string, key: string) =>
      azure.state.key(vault, key).versions.length -
      before('keys', `/${key}`).versions.length;
    const isOnLatest = (registry: string, vault: string) =>
      azure.state.registry(registry).versionInUse ===
      azure.state.key(vault, registry).latest;
    const approve = async (waiting: Waiting) => {
      const id = left.operations[waiting];
      const { plan } = await portal.as('priya').operation(id);
      return portal.request('POST', `/v1/operations/${id}/approve`, {
        user: 'priya',
        body: { planHash: plan.hash },
      });
    };

    it('a plan that was accepted and had not begun is carried out', async () => {
      const ended = await portal.untilEnded(left.operations['not begun']);
      expect(ended).toMatchObject({ state: 'succeeded' });
      expect(versionsMade('kv-contoso-policy', 'checkoutimages')).toBe(1);
      expect(isOnLatest('checkoutimages', 'kv-contoso-policy')).toBe(true);
    });

    it('a rotation that had made its version goes on with that one', async () => {
      const ended = await portal.untilEnded(left.operations['half done']);
      expect(ended).toMatchObject({ state: 'succeeded' });
      expect(versionsMade('kv-contoso-rbac', 'billingimages')).toBe(0);
      expect(isOnLatest('billingimages', 'kv-contoso-rbac')).toBe(true);
    });

    it('a revoke in its waiting period waits on, and is carried out when that is over', async () => {
      const id = left.operations['waiting period'];
      expect(await portal.as().operation(id)).toMatchObject({
        state: 'waiting',
        actions: expect.arrayContaining([
          expect.objectContaining({ action: 'cancel', allowed: true }),
        ]),
      });
      await portal.hurry(id);
      expect(await portal.untilEnded(id)).toMatchObject({ state: 'succeeded' });
      expect(azure.state.registry('paymentsimages').reach.reaches).toBe(false);
    });

    it('a registry that was converging is watched until it has followed', async () => {
      const id = left.operations.converging;
      expect(await portal.as().operation(id)).toMatchObject({
        state: 'waiting',
      });
      expect(isOnLatest('shopimages', 'kv-contoso-rbac')).toBe(false);
      azure.clock.advance(60 * 60_000);
      await portal.hurry(id);
      expect(await portal.untilEnded(id)).toMatchObject({ state: 'succeeded' });
      expect(isOnLatest('shopimages', 'kv-contoso-rbac')).toBe(true);
      expect(versionsMade('kv-contoso-rbac', 'shopimages')).toBe(0);
    });

    it('what waited for an approval holds up nothing, and is carried out when it is approved', async () => {
      const id = left.operations['waiting for approval'];
      expect(heldBefore).toContain(id);
      expect(
        await db('operation_locks').where({ operation_id: id }),
      ).toHaveLength(0);
      expect(await approve('waiting for approval')).toMatchObject({
        status: 200,
      });
      expect(await portal.untilEnded(id)).toMatchObject({ state: 'succeeded' });
      expect(versionsMade('kv-contoso-policy', 'ordersimages')).toBe(1);
    });

    it('what the first release asked too few people for is not approved, and says why', async () => {
      const id = left.operations['shared key, waiting for approval'];
      const { status, body } = await approve(
        'shared key, waiting for approval',
      );
      expect(status).toBe(409);
      expect(body.error).toMatchObject({ code: 'PLAN_DRIFTED' });
      expect(body.error.message).toContain(
        'acr-cmk.key.rotate on another entity',
      );
      expect(await portal.as().operation(id)).toMatchObject({
        state: 'rejected',
        result: { message: expect.stringContaining('authorities changed') },
      });
      expect(versionsMade('kv-contoso-rbac', 'platform-shared')).toBe(0);
    });

    it('the timer of a temporary revoke restores what it took', async () => {
      const id = left.operations['temporary revoke'];
      expect(azure.state.registry('catalogimages').reach.reaches).toBe(false);
      await db('operations').where({ id }).update({ restores_at: 1000 });
      await scheduler.triggerTask('acr-cmk-restore-timer');
      const { id: restore } = await db('operations')
        .where({ kind: 'restore' })
        .first('id');
      expect(await portal.untilEnded(restore)).toMatchObject({
        state: 'succeeded',
      });
      expect(azure.state.registry('catalogimages').reach.reaches).toBe(true);
      expect(await portal.as().operation(id)).not.toHaveProperty('restoresAt');
    });

    it('keeps no lock at the end, and one whole chain over both releases', async () => {
      expect(await db('operation_locks')).toEqual([]);
      const records = await new AuditLog({
        db,
        clock: new DatabaseClock(db),
      }).list({ limit: 1000 });
      expect(records.length).toBeGreaterThan(left.tables.audit.length);
      expect(firstBrokenLink(records)).toBeUndefined();
    });
  },
);
