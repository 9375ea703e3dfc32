import { generateKeyPairSync, verify } from 'node:crypto';
import type { SchedulerServiceTaskScheduleDefinition } from '@backstage/backend-plugin-api';
import { mockServices } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { openSqlite } from '../../__testUtils__/databases';
import {
  acceptanceOf,
  registryId,
  startPortal,
  type TestPortal,
} from '../../__testUtils__/portal';
import { until } from '../../__testUtils__/until';
import { DatabaseClock } from '../database/clock';
import { AuditLog } from './AuditLog';
import { canonicalJson } from './chain';

/** A portal whose scheduled tasks run when the test says so, and whose auditor is watched. */
async function start(config: object = {}, db?: Knex) {
  const tasks = new Map<
    string,
    Pick<SchedulerServiceTaskScheduleDefinition, 'frequency' | 'scope'> & {
      fn(): unknown;
    }
  >();
  const scheduler = mockServices.scheduler.mock();
  scheduler.scheduleTask.mockImplementation(async ({ id, fn, ...of }) => {
    tasks.set(id, { ...of, fn: () => fn(new AbortController().signal) });
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
    waitsForSync: false,
  });
  return {
    portal,
    events,
    tasks,
    run: async (task: string) => tasks.get(task)!.fn(),
  };
}

describe('a portal whose audit record is damaged', () => {
  const [seq, id] = [1, /^content:1:/];

  async function damagedDatabase() {
    const db = await openSqlite();
    await new AuditLog({ db, clock: new DatabaseClock(db) }).record({
      event: 'operation-ended',
      actor: 'user:default/olivia',
      details: {},
    });
    await db('audit').update({ actor: 'user:default/nobody' });
    return db;
  }
  const untilVerified = (portal: TestPortal) =>
    until(
      'the audit record is verified',
      async () => (await portal.request('GET', '/health')).body.audit,
      state => state !== 'verifying',
    );

  it('F29: says so everywhere, and goes on', async () => {
    const { portal, events } = await start(
      { approvals: { revoke: 'required' } },
      await damagedDatabase(),
    );
    expect(await untilVerified(portal)).toBe('damaged');
    expect((await portal.request('GET', '/health')).status).toBe(200);
    expect(events).toContainEqual(
      expect.objectContaining({
        eventId: 'audit-break',
        severityLevel: 'critical',
        meta: expect.objectContaining({ seq, id: expect.stringMatching(id) }),
      }),
    );
    const { checks } = (await portal.request('GET', '/v1/doctor')).body;
    expect(JSON.stringify(checks)).toContain(
      'The audit record is damaged: record 1 is not what its hash was made of',
    );

    const registry = registryId('ordersimages');
    const plan = await portal.plan('orders-images', registry, {
      kind: 'rotate',
    });
    expect(await portal.as().audit()).toHaveLength(1);
    const rotation = await portal
      .as()
      .accept(acceptanceOf(plan, { reason: 'While the record is damaged' }));
    expect((await portal.untilEnded(rotation.id)).state).toBe('succeeded');
    const revoke = await portal.plan('orders-images', registry, {
      kind: 'revoke',
    });
    const operation = await portal.as().accept(
      acceptanceOf(revoke, {
        reason: 'It may have leaked',
        confirmation: 'ordersimages',
      }),
    );
    await portal.as('priya').approve(operation.id, revoke.hash);
    expect((await portal.untilEnded(operation.id)).state).toBe('succeeded');
    await portal.stop();
  });
});

describe('a portal that runs for days', () => {
  it('notices within a day that an old record was changed', async () => {
    const db = await openSqlite();
    await new AuditLog({ db, clock: new DatabaseClock(db) }).record({
      event: 'operation-ended',
      actor: 'user:default/olivia',
      details: {},
    });
    const { portal, events, tasks, run } = await start({}, db);
    const health = async () =>
      (await portal.request('GET', '/health')).body.audit;
    await until('it is verified', health, state => state === 'intact');
    await db('audit').update({ actor: 'user:default/nobody' });
    expect(tasks.get('acr-cmk-audit-again')).toMatchObject({
      frequency: { hours: 24 },
      scope: 'local',
    });
    await run('acr-cmk-audit-again');
    expect(await health()).toBe('damaged');
    expect(events.map(({ eventId }) => eventId)).toContain('audit-break');
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
    await until(
      'the first checkpoint is sent',
      () => events.map(({ eventId }) => eventId),
      ids => ids.includes('audit-checkpoint'),
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
