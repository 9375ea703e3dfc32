import { once } from 'node:events';
import { connect } from 'node:net';
import { mockCredentials } from '@backstage/backend-test-utils';
import {
  acceptanceOf,
  newKey,
  registryId,
  startPortal,
  type TestPortal,
} from './__testUtils__/portal';

const REQUEST = {
  entityRef: 'resource:default/shop-images',
  registryId: registryId('shopimages'),
  intent: { kind: 'rotate' as const },
};

describe('what one person may ask for', () => {
  let portal: TestPortal;
  afterEach(() => portal.stop());

  const plan = (user?: string) =>
    portal.request('POST', '/v1/plans', { body: REQUEST, user });
  const planByAction = (user?: string) =>
    portal.request(
      'POST',
      '/.backstage/actions/v2/actions/acr-cmk:plan-key-operation/invoke',
      { body: { input: REQUEST }, user },
    );

  it('is as many plans in a minute as the setting says, through REST and actions together', async () => {
    portal = await startPortal({ config: { limits: { plansPerMinute: 4 } } });
    portal.azure.clearRequests();
    const answers = await Promise.all([
      ...Array.from({ length: 4 }, () => plan()),
      ...Array.from({ length: 4 }, () => planByAction()),
    ]);
    const refused = answers.filter(({ status }) => status === 429);
    // The minute may turn between them, so that four more are allowed.
    expect([4, 0]).toContain(refused.length);
    const [byRest, byAction] = [await untilRefused(plan), await planByAction()];
    for (const { status, body } of [byRest, byAction]) {
      expect(status).toBe(429);
      expect(body.error).toMatchObject({
        message: expect.stringContaining('acrCmk.limits.plansPerMinute'),
      });
    }
    expect((await plan('peter')).status).toBe(201);
  });

  it('is told when to try again', async () => {
    portal = await startPortal({ config: { limits: { plansPerMinute: 1 } } });
    const { body } = await untilRefused(plan);
    expect(body.error.code).toBe('LIMIT_REACHED');
    const refused = await portal
      .as()
      .plan(REQUEST)
      .catch(error => error);
    const seconds = Number(refused.response.headers.get('retry-after'));
    expect(seconds).toBe(refused.body.error.retryAfterSeconds);
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
  });

  it('does not hold up others when it comes all at once', async () => {
    portal = await startPortal();
    const connections = await connectAll([
      ...Array(60).fill('olivia'),
      'peter',
    ]);
    const path = '/v1/operations?entityRef=resource:default/shop-images';
    // The server accepts connections one by one.
    await connections.ask(path);
    const order: string[] = [];
    portal.decide((_permission, _entity, user) => {
      order.push(user);
      return true;
    });
    await connections.ask(path);
    connections.leave();
    expect(order).toHaveLength(61);
    expect(order).toContain('peter');
    // Peter was the last to ask.
    expect(order.indexOf('peter')).toBeLessThan(20);
  });

  it('is as many checks of names in a minute as the setting says, of registries and keys together', async () => {
    portal = await startPortal({
      config: { limits: { nameChecksPerMinute: 4 } },
    });
    const ask = (path: string) => (user?: string) =>
      portal.request('GET', path, { user });
    const aboutRegistry = ask(
      `/v1/registry-name?registryId=${registryId('freshimages')}`,
    );
    const aboutKey = ask('/v1/vaults/kv-contoso-rbac/keys/fresh/name');
    expect((await aboutKey()).status).toBe(200);
    const [ofRegistry, ofKey] = [
      await untilRefused(aboutRegistry),
      await aboutKey(),
    ];
    for (const { status, body } of [ofRegistry, ofKey]) {
      expect([status, body.error.code]).toEqual([429, 'LIMIT_REACHED']);
      expect(body.error.message).toContain('acrCmk.limits.nameChecksPerMinute');
      expect(body.error.retryAfterSeconds).toBeGreaterThan(0);
    }
    portal.azure.clearRequests();
    await Promise.all([aboutRegistry(), aboutKey()]);
    expect(portal.azure.requests()).toEqual([]);
    expect((await aboutRegistry('peter')).status).toBe(200);
    expect((await plan()).status).toBe(201);
  });

  it('is refused before the request is read', async () => {
    portal = await startPortal({ config: { limits: { plansPerMinute: 1 } } });
    await untilRefused(plan);
    const broken = (user?: string) =>
      portal.request('POST', '/v1/plans', { body: { wrong: true }, user });
    expect((await broken()).status).toBe(429);
    expect((await broken('peter')).status).toBe(400);
  });

  it('is so many refusals in a minute, of whatever is decided, through REST and actions together', async () => {
    portal = await startPortal({
      config: { limits: { plansPerMinute: 10_000, refusalsPerMinute: 6 } },
    });
    const UNKNOWN = '6f1f6d0e-93a5-4d57-9d7a-3f7c2c1b9a10';
    const reason = 'A test of the limits';
    const decide = (decision: string, body: object, user?: string) =>
      portal.request('POST', `/v1/operations/${UNKNOWN}/${decision}`, {
        body,
        user,
      });
    const accept = (planId: string, planHash: string) =>
      portal.request('POST', '/v1/operations', {
        body: { planId, planHash, reason, idempotencyKey: newKey() },
      });
    const refused = [
      await accept(UNKNOWN, '0'.repeat(64)),
      await decide('approve', { planHash: '0'.repeat(64) }),
      await decide('reject', { reason }),
      await decide('cancel', { reason }),
      await decide('confirm', { reason }),
      await portal.request(
        'POST',
        '/.backstage/actions/v2/actions/acr-cmk:accept-rotate-plan/invoke',
        {
          body: {
            input: { planId: UNKNOWN, planHash: '0'.repeat(64), reason },
          },
        },
      ),
    ];
    expect(refused.map(({ status }) => status)).toEqual(Array(6).fill(404));
    const { id, hash } = (await plan()).body;
    for (const { status, body } of [
      await decide('approve', { wrong: true }),
      await accept(id, hash),
    ]) {
      expect([status, body.error.code]).toEqual([429, 'LIMIT_REACHED']);
      expect(body.error.retryAfterSeconds).toBeGreaterThan(0);
      expect(body.error.message).toContain('acrCmk.limits.refusalsPerMinute');
    }
    expect((await decide('reject', { reason }, 'peter')).status).toBe(404);
    expect(portal.writes()).toEqual([]);
  });

  it('is as many requests that wait as the setting says; one that was decided gives its place back', async () => {
    portal = await startPortal({
      config: {
        limits: { plansPerMinute: 10_000, waitingRequests: 1 },
        approvals: { rotate: 'required' },
      },
    });
    const ask = async (name: string) => {
      const made = await portal.plan(
        `${name}-images`,
        registryId(`${name}images`),
        { kind: 'rotate' },
      );
      return portal.request('POST', '/v1/operations', {
        body: acceptanceOf(made, { reason: 'A test of the limits' }),
      });
    };
    const first = await ask('shop');
    expect(first.status).toBe(202);
    const second = await ask('orders');
    expect([second.status, second.body.error]).toMatchObject([
      429,
      {
        code: 'LIMIT_REACHED',
        limit: 'waitingRequests',
        message: expect.stringContaining('acrCmk.limits.waitingRequests'),
      },
    ]);
    expect(
      await portal
        .as()
        .operations({ entityRef: 'resource:default/orders-images' }),
    ).toEqual([]);
    await portal.as().cancel(first.body.id, 'It is not needed');
    expect((await ask('orders')).status).toBe(202);
    expect(portal.writes()).toEqual([]);
  });

  /** A connection for each of some people, on which they ask for the same at the same moment. */
  async function connectAll(people: string[]) {
    const sockets = people.map(() =>
      connect(portal.backend.server.port(), '127.0.0.1'),
    );
    await Promise.all(sockets.map(socket => once(socket, 'connect')));
    return {
      ask: (path: string) =>
        Promise.all(
          sockets.map(async (socket, index) => {
            const user = `user:default/${people[index]}`;
            socket.write(
              `GET /api/acr-cmk${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${mockCredentials.user.header(
                user,
              )}\r\n\r\n`,
            );
            await once(socket, 'data');
          }),
        ),
      leave: () => sockets.forEach(socket => socket.destroy()),
    };
  }

  /** Asks until the limit holds: the minute of the first request may be over. */
  async function untilRefused(ask: typeof plan) {
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const answer = await ask();
      if (answer.status === 429) return answer;
    }
    throw new Error('Twenty requests in a minute were allowed');
  }
});
