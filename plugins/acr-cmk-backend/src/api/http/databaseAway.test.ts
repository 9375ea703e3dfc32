/** F36: a database that hangs: it takes what it is sent, and never answers. */
import knexFactory, { type Knex } from 'knex';
import { PostgresDatabases } from '../../__testUtils__/databases';
import {
  newKey,
  registryId,
  startPortal,
  type TestPortal,
} from '../../__testUtils__/portal';
import { Relay } from '../../__testUtils__/Relay';

// The first test waits for PostgreSQL to start.
jest.setTimeout(120_000);

const ORDERS = registryId('ordersimages');
const ENTITY = 'resource:default/orders-images';

describe('a database that hangs', () => {
  const postgres = new PostgresDatabases();
  let relay: Relay;
  let db: Knex;
  let portal: TestPortal;
  beforeAll(async () => {
    const { host, user, database } = await postgres.create();
    relay = await Relay.start({ path: `${host}/.s.PGSQL.5432` });
    db = knexFactory({
      client: 'pg',
      connection: { host: '127.0.0.1', port: relay.port, user, database },
      pool: { min: 0, max: 10 },
    });
    portal = await startPortal({ db });
  });
  afterAll(async () => {
    await portal.stop();
    await relay.stop();
    await postgres.stop();
  });

  const health = async () => (await portal.request('GET', '/health')).status;

  it('F36: every route answers 503 within five seconds, with a message that fits it, and readiness says so', async () => {
    const plan = await portal.plan('orders-images', ORDERS, { kind: 'rotate' });
    expect(await health()).toBe(200);
    portal.azure.clearRequests();
    const idempotencyKey = newKey();
    const body = {
      planId: plan.id,
      planHash: plan.hash,
      reason: 'A test of a database that hangs',
      idempotencyKey,
    };
    const id = plan.id;
    const query = `entityRef=${encodeURIComponent(ENTITY)}`;
    relay.set('hold');
    const read = /does not answer, so this cannot be read now/;
    const decision = /unclear whether your decision was stored/;
    const since = performance.now();
    try {
      await Promise.all(
        (
          [
            [
              'GET',
              '/v1/entities/resource/default/orders-images/registries',
              read,
            ],
            ['GET', `/v1/operations?${query}`, read],
            ['GET', `/v1/operations/${id}`, read],
            ['GET', `/v1/operations/${id}/events`, read],
            ['GET', '/v1/vaults', read],
            ['GET', '/v1/vaults/kv-contoso-policy/keys', read],
            ['GET', '/v1/identities', read],
            ['GET', '/v1/registries', read],
            ['GET', '/v1/audit', read],
            [
              'POST',
              '/v1/plans',
              /so no plan was made/,
              plan && {
                entityRef: ENTITY,
                registryId: ORDERS,
                intent: { kind: 'rotate' },
              },
            ],
            [
              'POST',
              '/v1/operations',
              new RegExp(`unclear whether .* was accepted.*${idempotencyKey}`),
              body,
            ],
            [
              'POST',
              '/v1/operations/',
              new RegExp(`unclear whether .* was accepted.*${idempotencyKey}`),
              body,
            ],
            [
              'POST',
              '/v1/campaigns',
              /unclear whether this was stored. Read the campaign again/,
              {
                intent: { kind: 'automatic-mode' },
                selection: { filter: { mode: 'manual' } },
              },
            ],
            [
              'POST',
              `/v1/operations/${id}/cancel`,
              decision,
              { reason: 'Enough of it' },
            ],
            [
              'POST',
              `/v1/operations/${id}/approve`,
              decision,
              { planHash: plan.hash },
            ],
            [
              'POST',
              `/v1/operations/${id}/reject`,
              decision,
              { reason: 'Enough of it' },
            ],
            [
              'POST',
              `/v1/operations/${id}/confirm`,
              decision,
              { reason: 'Enough of it' },
            ],
          ] as [string, string, RegExp, object?][]
        ).map(async ([method, path, message, sent], index) => {
          // Each route has a caller of its own, of whom nothing waits for its turn.
          const user = sent === body ? 'olivia' : `person-${index}`;
          const answer = await portal.request(method, path, {
            body: sent,
            user,
          });
          expect({
            path,
            status: answer.status,
            message: answer.body.error?.message,
          }).toEqual({
            path,
            status: 503,
            message: expect.stringMatching(message),
          });
        }),
      );
      expect(performance.now() - since).toBeLessThan(5_000);
      const burst = performance.now();
      const waiting = await Promise.all(
        Array.from({ length: 8 }, () =>
          portal.request('POST', '/v1/operations', { body }),
        ),
      );
      expect(performance.now() - burst).toBeLessThan(5_000);
      expect(waiting.map(({ status }) => status)).toEqual(Array(8).fill(503));
      expect(waiting[7].body.error.message).toContain(
        'so the request was not begun',
      );
      expect(await health()).toBe(503);
      expect(portal.writes()).toEqual([]);
    } finally {
      relay.set('pass');
    }
    // Whether it succeeded or not, the same request is one operation.
    const operation = await portal.as().accept(body);
    expect(await portal.untilEnded(operation.id)).toMatchObject({
      state: 'succeeded',
    });
    expect(await db('operations').count()).toEqual([{ count: '1' }]);
    expect(await health()).toBe(200);
  });
});
