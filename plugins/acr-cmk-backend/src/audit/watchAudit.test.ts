import { generateKeyPairSync, verify } from 'node:crypto';
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { ORIGIN_HEADER } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { openSqlite } from '../__testUtils__/databases';
import { acceptanceOf, registryId, startPortal } from '../__testUtils__/portal';
import { DatabaseClock } from '../database/clock';
import { AuditLog } from './AuditLog';
import { canonicalJson } from './chain';

/** A portal whose scheduled tasks run when the test says so, and whose auditor is watched. */
async function start(config: object = {}, db?: Knex) {
  const tasks = new Map<string, () => unknown>();
  const scheduler = mockServices.scheduler.mock();
  scheduler.scheduleTask.mockImplementation(async ({ id, fn }) => {
    tasks.set(id, () => fn(new AbortController().signal));
  });
  const auditor = mockServices.auditor.mock();
  const events: { eventId: string; meta: any; error?: Error }[] = [];
  auditor.createEvent.mockImplementation(async options => ({
    success: async of => {
      events.push({ ...options, meta: { ...options.meta, ...of?.meta } });
    },
    fail: async of => {
      events.push({ ...options, meta: options.meta, error: of.error });
    },
  }));
  const portal = await startPortal({
    db,
    config: { approvals: { retire: 'required' }, ...config },
    features: [auditor.factory, scheduler.factory],
  });
  return {
    portal,
    events,
    tasks,
    run: async (task: string) => tasks.get(task)!(),
  };
}

describe('a portal whose audit chain breaks', () => {
  it('F29: accepts no operation but keeps serving reads, until somebody with the permission acknowledges it', async () => {
    const db = await openSqlite();
    const { portal, events, run, tasks } = await start({}, db);
    // No key is configured to sign checkpoints with.
    expect([...tasks.keys()]).not.toContain('acr-cmk-audit-checkpoint');
    const id = registryId('ordersimages');
    await portal.carryOut(
      await portal.plan('orders-images', id, { kind: 'rotate' }),
    );
    await run('acr-cmk-audit-integrity');
    const records = await portal.as().audit();

    await db('audit')
      .where({ seq: 1 })
      .update({ actor: 'user:default/nobody' });
    await run('acr-cmk-audit-integrity');
    expect(events.pop()).toMatchObject({
      eventId: 'audit-break',
      severityLevel: 'critical',
      meta: { seq: 1 },
    });

    // Reads go on: the registry, a plan, the record itself.
    const plan = await portal.plan('orders-images', id, { kind: 'rotate' });
    expect(await portal.as().audit()).toHaveLength(records.length);
    portal.azure.clearRequests();
    const accept = () =>
      portal.request('POST', '/v1/operations', {
        body: acceptanceOf(plan, { reason: 'While the chain is broken' }),
      });
    expect(await accept()).toMatchObject({
      status: 503,
      body: { error: { code: 'AUDIT_CHAIN_BROKEN', seq: 1 } },
    });
    expect(portal.writes()).toEqual([]);
    expect(await portal.as().operations({ entityRef: plan.entityRef })).toEqual(
      [expect.objectContaining({ state: 'succeeded' })],
    );

    const acknowledge = (reason: string, user = 'priya') =>
      portal.request('POST', '/v1/audit/acknowledge', {
        body: { reason },
        user,
      });
    portal.forbid('acr-cmk.audit.acknowledge');
    expect(await acknowledge('I may not')).toMatchObject({
      status: 403,
      body: {
        error: {
          code: 'PERMISSION_MISSING',
          permission: 'acr-cmk.audit.acknowledge',
        },
      },
    });
    expect(await accept()).toMatchObject({ status: 503 });
    portal.decide(() => true);
    const ofPrograms: Record<string, string>[] = [
      { [ORIGIN_HEADER]: 'program' },
      {
        Authorization: `Bearer ${mockCredentials.user.token(
          'user:default/priya',
          { actor: { subject: 'plugin:scaffolder' } },
        )}`,
      },
    ];
    for (const headers of ofPrograms) {
      expect(
        await portal.request('POST', '/v1/audit/acknowledge', {
          body: { reason: 'Said by a template' },
          user: 'priya',
          headers,
        }),
      ).toMatchObject({
        status: 403,
        body: {
          error: {
            code: 'ACTION_REFUSED',
            message: expect.stringContaining(
              'Only a person can acknowledge this',
            ),
          },
        },
      });
      expect(events.at(-1)).toMatchObject({
        eventId: 'audit-acknowledge',
        error: expect.objectContaining({ code: 'ACTION_REFUSED' }),
      });
    }
    expect(
      await db('audit').where({ event: 'audit-break-acknowledged' }),
    ).toEqual([]);
    expect(await accept()).toMatchObject({ status: 503 });
    expect(await acknowledge('=')).toMatchObject({
      status: 400,
      body: { error: { code: 'INVALID_INPUT', field: 'reason' } },
    });
    expect(await acknowledge('A mistake of the migration')).toMatchObject({
      status: 200,
      body: {
        event: 'audit-break-acknowledged',
        actor: 'user:default/priya',
        details: {
          reason: 'A mistake of the migration',
          breaks: [{ seq: 1, why: 'is not what its hash was made of' }],
        },
      },
    });
    expect(await acknowledge('Once more')).toMatchObject({
      status: 409,
      body: { error: { code: 'AUDIT_CHAIN_INTACT' } },
    });
    expect((await accept()).status).toBe(202);
    await portal.stop();
  });

  it('is noticed when the backend starts', async () => {
    const db = await openSqlite();
    await db('audit_head').update({ seq: 5 });
    const { portal, events } = await start({}, db);
    expect(events).toContainEqual(
      expect.objectContaining({ eventId: 'audit-break' }),
    );
    await portal.stop();
  });
});

describe('checkpoints of a portal', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const signingKey = String(
    privateKey.export({ type: 'pkcs8', format: 'pem' }),
  );

  it("go to Backstage's auditor at the start and at each interval, signed with the key of the configuration", async () => {
    const db = await openSqlite();
    const { portal, events, run } = await start(
      { audit: { checkpoints: { signingKey } } },
      db,
    );
    await new AuditLog({ db, clock: new DatabaseClock(db) }).record({
      event: 'operation-ended',
      actor: 'user:default/olivia',
      details: {},
    });
    await run('acr-cmk-audit-checkpoint');
    const [atStart, later, ...more] = events
      .filter(({ eventId }) => eventId === 'audit-checkpoint')
      .map(({ meta }) => meta.checkpoint);
    expect(more).toEqual([]);
    expect(atStart).toMatchObject({ seq: 0, count: 0 });
    const records = await portal.as().audit();
    expect(later).toMatchObject({
      seq: records.length,
      hash: records[records.length - 1].hash,
    });
    const { signature, ...signed } = later;
    expect(
      verify(
        null,
        Buffer.from(canonicalJson(signed)),
        publicKey,
        Buffer.from(signature, 'base64'),
      ),
    ).toBe(true);
    await portal.stop();
  });
});
