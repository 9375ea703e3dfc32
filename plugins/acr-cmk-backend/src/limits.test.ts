import { once } from 'node:events';
import { connect } from 'node:net';
import { mockCredentials } from '@backstage/backend-test-utils';
import {
  acceptanceOf,
  registryId,
  startPortal,
  type TestPortal,
} from './__testUtils__/portal';

const REQUEST = {
  entityRef: 'resource:default/shop-images',
  registryId: registryId('shopimages'),
  intent: { kind: 'rotate' as const },
};

describe('limits of a caller', () => {
  let portal: TestPortal;
  afterEach(() => portal.stop());

  const plan = (user?: string) =>
    portal.request('POST', '/v1/plans', { body: REQUEST, user });
  const invoke = (action: string, input: object, user?: string) =>
    portal.request(
      'POST',
      `/.backstage/actions/v2/actions/acr-cmk:${action}/invoke`,
      { body: { input }, user },
    );

  it('holds for REST and actions together, and refuses before a request is read', async () => {
    portal = await startPortal({
      limits: { writesPerMinute: 4 },
    });
    const made = await Promise.all([
      plan(),
      plan(),
      invoke('plan-key-operation', REQUEST),
      invoke('plan-key-operation', REQUEST),
    ]);
    expect(made.map(({ status }) => status)).toEqual([201, 201, 200, 200]);
    portal.azure.clearRequests();
    const accept = {
      planId: made[0].body.id,
      planHash: made[0].body.hash,
      reason: 'A test of the limits',
    };
    for (const { status, body } of await Promise.all([
      plan(),
      invoke('plan-key-operation', REQUEST),
      invoke('accept-rotate-plan', accept),
      portal.request('POST', '/v1/plans', { body: { wrong: true } }),
    ])) {
      expect([status, body.error]).toMatchObject([
        429,
        {
          code: 'LIMIT_REACHED',
          limit: 'writesPerMinute',
          message: expect.stringContaining('4 writes in a minute'),
        },
      ]);
    }
    expect(portal.azure.requests()).toEqual([]);
    const refused = await portal
      .as()
      .plan(REQUEST)
      .catch(error => error);
    const seconds = Number(refused.response.headers.get('retry-after'));
    expect(seconds).toBe(refused.body.error.retryAfterSeconds);
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect((await plan('peter')).status).toBe(201);
    expect((await portal.request('GET', '/v1/registries')).status).toBe(200);
  });

  it('does not count other writes, refused or not, against an emergency revoke', async () => {
    portal = await startPortal({ limits: { writesPerMinute: 3 } });
    for (const body of [{ wrong: true }, 'no JSON', { intent: 5 }]) {
      const refused = await portal.request('POST', '/v1/plans', { body });
      expect(refused.status).toBe(400);
    }
    expect((await plan()).status).toBe(429);
    const made = await portal.request('POST', '/v1/plans', {
      body: { ...REQUEST, intent: { kind: 'revoke' } },
    });
    expect(made.status).toBe(201);
    const accepted = await portal.request('POST', '/v1/operations', {
      body: acceptanceOf(made.body, {
        reason: 'It may have leaked',
        confirmation: 'shopimages',
      }),
    });
    expect(accepted.status).toBe(202);
    expect(accepted.body.intent.kind).toBe('revoke');
  });

  it('does not count plans against acceptances and approvals, which may be those of a revoke', async () => {
    portal = await startPortal({
      limits: { writesPerMinute: 3 },
      config: {
        approvals: { rotate: 'required' },
      },
    });
    const made = await portal.as().plan(REQUEST);
    for (const user of ['olivia', 'priya']) {
      while ((await plan(user)).status === 201);
      expect((await plan(user)).status).toBe(429);
    }
    const { id } = await portal
      .as()
      .accept(acceptanceOf(made, { reason: 'A test of the limits' }));
    const approved = await portal.as('priya').approve(id, made.hash);
    expect(approved.approval?.needs).toMatchObject([
      { by: 'user:default/priya' },
    ]);
  });

  it('says in a plan, which a dry run ends with, that the next request for approval would be refused, as the request itself is', async () => {
    portal = await startPortal({
      limits: { waitingRequests: 1 },
      config: {
        approvals: { rotate: 'required' },
      },
    });
    const first = await portal.as().plan(REQUEST);
    expect(first.approval).not.toHaveProperty('noRoom');
    const reason = 'A test of the limits';
    await portal.as().accept(acceptanceOf(first, { reason }));
    const second = await portal.as().plan(REQUEST);
    const refused = await portal
      .as()
      .accept(acceptanceOf(second, { reason }))
      .catch(error => error);
    expect(refused.body.error.code).toBe('LIMIT_REACHED');
    expect(second.approval.noRoom).toBe(refused.body.error.message);
    // What needs nobody's approval, and what others request, has its place.
    const revoke = { ...REQUEST, intent: { kind: 'revoke' as const } };
    expect((await portal.as().plan(revoke)).approval.noRoom).toBeUndefined();
    expect(
      (await portal.as('peter').plan(REQUEST)).approval.noRoom,
    ).toBeUndefined();
  });

  it('has no answer kept by a browser or a proxy', async () => {
    portal = await startPortal();
    for (const path of [
      '/v1/entities/resource/default/shop-images/registries',
      '/v1/audit',
      '/v1/operations?entityRef=resource:default/shop-images',
      '/v1/nowhere',
    ]) {
      const { port } = { port: portal.backend.server.port() };
      const answer = await fetch(
        `http://127.0.0.1:${port}/api/acr-cmk${path}`,
        {
          headers: {
            Authorization: mockCredentials.user.header('user:default/olivia'),
          },
        },
      );
      expect([path, answer.headers.get('cache-control')]).toEqual([
        path,
        'no-store',
      ]);
    }
  });

  it('lets a burst of one person not hold up others', async () => {
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

  it('bounds the requests that wait for approval, of which those are announced that the requester cancels', async () => {
    portal = await startPortal({
      limits: { waitingRequests: 1 },
      config: {
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
        message: expect.stringContaining('wait for approval'),
      },
    ]);
    expect(
      await portal
        .as()
        .operations({ entityRef: 'resource:default/orders-images' }),
    ).toEqual([]);
    await portal.as('priya').reject(first.body.id, 'It is not needed');
    const third = await ask('orders');
    expect(third.status).toBe(202);
    await portal.as().cancel(third.body.id, 'It is not needed');
    expect((await ask('search')).status).toBe(429);
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
});
