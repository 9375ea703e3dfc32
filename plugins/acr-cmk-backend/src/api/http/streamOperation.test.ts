import { IncomingMessage, ServerResponse } from 'node:http';
import { connect, Socket } from 'node:net';
import { once } from 'node:events';
import { mockCredentials } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { openSqlite } from '../../__testUtils__/databases';
import { until } from '../../__testUtils__/until';
import {
  acceptanceOf,
  registryId,
  startPortal,
  type TestPortal,
} from '../../__testUtils__/portal';
import { goneSignal } from './streamOperation';

describe('a client that has gone', () => {
  it('F34: is gone from the first moment when it left before anybody looked', () => {
    const left = new ServerResponse(new IncomingMessage(new Socket()));
    left.destroy();
    expect(goneSignal(left).aborted).toBe(true);
  });
});

describe('the stream of an operation', () => {
  let portal: TestPortal;
  let db: Knex;
  beforeAll(async () => {
    db = await openSqlite();
    portal = await startPortal({
      db,
      config: {
        approvals: { rotate: 'required' },
      },
      // The worker is not what is looked at here.
      limits: { openStreams: 40, pollMs: 60_000 },
    });
  });
  afterAll(() => portal.stop());

  /** An operation that waits for a second person. */
  async function waiting(entity: string): Promise<string> {
    const plan = await portal.plan(
      `${entity}-images`,
      registryId(`${entity}images`),
      { kind: 'rotate' },
    );
    const { id } = await portal
      .as()
      .accept(acceptanceOf(plan, { reason: 'A test of the stream' }));
    return id;
  }

  async function openSocket(id: string): Promise<Socket> {
    const socket = connect(portal.backend.server.port(), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(
      `GET /api/acr-cmk/v1/operations/${id}/events HTTP/1.1\r\nHost: localhost\r\n` +
        `Authorization: ${mockCredentials.user.header(
          'user:default/olivia',
        )}\r\n\r\n`,
    );
    return socket;
  }

  it('sends every change, ends with the operation, and resumes after what was seen', async () => {
    const id = await waiting('shop');
    const response = await portal.as().events(id);
    const header = (name: string) => response.headers.get(name);
    expect(header('content-type')).toBe('text/event-stream');
    // Backstage would compress it, and hold it back until it ends.
    expect(header('cache-control')).toBe('no-store, no-transform');
    expect(header('content-encoding')).toBeNull();
    const whole = response.text();
    await portal.as().cancel(id, 'The test has seen enough');
    const text = await whole;
    expect(text).toContain('event: operation');
    expect(text).toContain('"state":"cancelled"');

    const last = Number(
      /id: (\d+)\nevent: operation\n(?!.*\nid:)/s.exec(text)?.[1],
    );
    const resumed = await (
      await portal.as().events(id, { lastRevision: last })
    ).text();
    expect(resumed).not.toContain('event: operation');
  });

  it('F34: forty clients that leave before the first answer leave nothing running', async () => {
    const id = await waiting('orders');
    const other = await waiting('search');
    const reads = new Map<string, number>();
    db.on(
      'query',
      ({ sql, bindings }: { sql: string; bindings: unknown[] }) => {
        if (!/^select \* from `operations` where `id` = \?/.test(sql)) return;
        const read = String(bindings[0]);
        reads.set(read, (reads.get(read) ?? 0) + 1);
      },
    );
    const looks = (of: string, count: number) =>
      until(
        `${of} has been read ${count} times`,
        () => reads.get(of) ?? 0,
        seen => seen >= count,
      );
    let permissionCalls = 0;
    portal.decide(() => {
      permissionCalls += 1;
      return true;
    });

    // While the only connection is held, two are being opened, and the others wait for their turn.
    const connection = await db.client.acquireConnection();
    const asked = requestsFor(db, 2);
    const { begun, closed } = responsesOf(portal, 40);
    const sockets = await Promise.all(
      Array.from({ length: 40 }, () => openSocket(id)),
    );
    await Promise.all([asked, begun]);
    sockets.forEach(socket => socket.destroy());
    await closed;
    await db.client.releaseConnection(connection);

    // A stream of another operation is the witness that time goes by.
    const witness = await portal.as('peter').events(other);
    await looks(other, 2);
    const before = { reads: reads.get(id), permissionCalls };
    await looks(other, 6);
    expect({ reads: reads.get(id), permissionCalls }).toEqual(before);

    // And all forty places are free again, but no more than those.
    const again = await Promise.all(
      Array.from({ length: 40 }, () => portal.as().events(id)),
    );
    expect(again.map(({ status }) => status)).toEqual(again.map(() => 200));
    const refused = await portal
      .as()
      .events(id)
      .catch(error => error);
    expect(refused.body.error).toMatchObject({
      code: 'LIMIT_REACHED',
      limit: 'openStreams',
      message: expect.stringContaining('open event streams'),
    });
    expect([
      refused.response.status,
      refused.response.headers.get('retry-after'),
    ]).toEqual([429, '10']);
    await portal.as().cancel(id, 'The test has seen enough');
    await portal.as().cancel(other, 'The test has seen enough');
    await Promise.all([witness, ...again].map(answer => answer.text()));
  });
});

/** Until so many more queries wait for a connection. */
function requestsFor(db: Knex, count: number): Promise<void> {
  return new Promise(resolve => {
    let asked = 0;
    db.client.pool.on('acquireRequest', () => {
      asked += 1;
      if (asked === count) resolve();
    });
  });
}

/** Until the backend has so many requests from now on, and until the clients of so many have left. */
function responsesOf(
  { backend }: TestPortal,
  count: number,
): { begun: Promise<void>; closed: Promise<void> } {
  const counted = () => {
    let seen = 0;
    let resolve = () => {};
    const all = new Promise<void>(end => {
      resolve = end;
    });
    const add = () => {
      seen += 1;
      if (seen === count) resolve();
    };
    return { all, add };
  };
  const [begun, closed] = [counted(), counted()];
  backend.server.on('request', (_request, response) => {
    begun.add();
    response.once('close', closed.add);
  });
  return { begun: begun.all, closed: closed.all };
}
