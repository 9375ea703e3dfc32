import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  mockCredentials,
  mockErrorHandler,
  mockServices,
} from '@backstage/backend-test-utils';
import express from 'express';
import PromiseRouter from 'express-promise-router';
import { until } from '../../__testUtils__/until';
import { backgroundThrottle } from '../../platform/time/BackgroundThrottle';
import { RequestLimit, requestLimitHandler } from './RequestLimit';
import { STREAM_OPENED } from './streamOperation';

const START = Date.parse('2026-11-25T12:00:20Z');
const person = (name: string) => mockCredentials.user(`user:default/${name}`);

describe('RequestLimit', () => {
  let refused: string[];
  let waited: number[];
  beforeEach(() => {
    refused = [];
    waited = [];
    jest.useFakeTimers({ now: START, doNotFake: ['nextTick', 'setImmediate'] });
  });
  afterEach(() => jest.useRealTimers());

  const limitOf = (
    limits: { readsPerMinute?: number; openStreams?: number } = {},
  ) =>
    new RequestLimit({
      readsPerMinute: 100,
      writesPerMinute: 100,
      previewsPerMinute: 100,
      openStreams: 2,
      ...limits,
      now: Date.now,
      wait: async ms => waited.push(ms),
      onRefused: (caller, { limit }) => refused.push(`${caller} ${limit}`),
    });
  /** Waits until nothing more happens by itself. */
  const settled = async () => {
    for (let turn = 0; turn < 5; turn += 1) {
      await new Promise(resolve => setImmediate(resolve));
    }
  };

  /** Requests that run until they are ended. */
  function requestsTo(limit: RequestLimit) {
    const begun: { name: string; end: () => void }[] = [];
    return {
      begun,
      names: () => begun.map(({ name }) => name),
      send: (
        name: string,
        kind: 'read' | 'write' | 'stream' = 'read',
        closed?: Promise<void>,
      ) =>
        limit
          .run(
            { credentials: person(name), kind, closed },
            () => new Promise<void>(end => begun.push({ name, end })),
          )
          .catch(error => error),
    };
  }

  it('holds the background back while a request is worked on, and not for an open stream', async () => {
    const { send, begun } = requestsTo(limitOf());
    let close = () => {};
    const closed = new Promise<void>(end => {
      close = end;
    });
    const stream = send('olivia', 'stream', closed);
    await settled();
    let turns = 0;
    const count = () => {
      turns += 1;
    };
    void backgroundThrottle.turn().then(count);
    await settled();
    expect(turns).toBe(0);
    begun[0].end();
    await settled();
    expect(turns).toBe(1);
    void backgroundThrottle.turn().then(count);
    await settled();
    expect(turns).toBe(2);
    close();
    await stream;
  });

  it('refuses a caller beyond the limit of a minute with the seconds that are left of it', async () => {
    const limit = limitOf({ readsPerMinute: 3 });
    const ask = (name: string, kind: 'read' | 'write' = 'read') =>
      limit
        .run({ credentials: person(name), kind }, async () => 'done')
        .catch(error => error);
    expect(await Promise.all([1, 2, 3].map(() => ask('olivia')))).toEqual(
      Array(3).fill('done'),
    );
    jest.setSystemTime(START + 20_000);
    expect(await ask('Olivia')).toMatchObject({
      statusCode: 429,
      limit: 'readsPerMinute',
      retryAfterSeconds: 40,
      message:
        'One person may have 3 reads in a minute. Try again in 40 seconds',
    });
    await ask('olivia');
    // Once in a minute, so that a burst of refusals does not become a burst of records.
    expect(refused).toEqual(['user:default/olivia readsPerMinute']);
    expect(await ask('peter')).toBe('done');
    // An emergency revoke is a write.
    expect(await ask('olivia', 'write')).toBe('done');
    jest.setSystemTime(START + 60_000);
    expect(await ask('olivia')).toBe('done');
  });

  it('works on two requests of a caller at once, in order, and on those of others meanwhile', async () => {
    const limit = limitOf();
    const { begun, names, send } = requestsTo(limit);
    const all = Array.from({ length: 6 }, () => send('olivia'));
    all.push(send('peter'), send('olivia', 'write'));
    await settled();
    expect(names().sort()).toEqual([...Array(3).fill('olivia'), 'peter']);
    for (let ended = 0; ended < all.length; ended += 1) {
      begun[ended].end();
      await settled();
    }
    await Promise.all(all);
    expect(limit.size).toBe(0);
  });

  it('goes on after a request that failed', async () => {
    const limit = limitOf();
    const fail = () =>
      limit.run({ credentials: person('olivia'), kind: 'write' }, async () => {
        throw new Error('failed');
      });
    for (let request = 0; request < 9; request += 1) {
      await expect(fail()).rejects.toThrow('failed');
    }
    expect(limit.size).toBe(0);
  });

  it('refuses a stream beyond those that may be open, until one is closed', async () => {
    const limit = limitOf();
    const { begun, names, send } = requestsTo(limit);
    const open = [send('olivia', 'stream'), send('Olivia', 'stream')];
    await settled();
    expect(await send('olivia', 'stream')).toMatchObject({
      statusCode: 429,
      limit: 'openStreams',
      retryAfterSeconds: 10,
      message: expect.stringContaining('open event streams'),
    });
    open.push(send('peter', 'stream'), send('olivia'));
    await settled();
    expect(names()).toHaveLength(4);
    begun[0].end();
    await open[0];
    open.push(send('olivia', 'stream'));
    await settled();
    expect(names()).toHaveLength(5);
    begun.forEach(({ end }) => end());
    await Promise.all(open);
    expect(limit.size).toBe(0);
  });

  it('opens two streams of a caller at once, of the many that may be open', async () => {
    const limit = limitOf({ openStreams: 4 });
    const { begun, names, send } = requestsTo(limit);
    let close = () => {};
    const closed = new Promise<void>(end => {
      close = end;
    });
    const open = Array.from({ length: 4 }, () =>
      send('olivia', 'stream', closed),
    );
    for (const opened of [2, 3, 4, 4]) {
      await settled();
      expect(names()).toHaveLength(opened);
      begun[opened - 2].end();
    }
    begun[3].end();
    await settled();
    expect(await send('olivia', 'stream')).toMatchObject({
      limit: 'openStreams',
    });
    close();
    await Promise.all(open);
    expect(limit.size).toBe(0);
  });

  it('does not count open streams of earlier minutes as reads of this one', async () => {
    const limit = limitOf({ readsPerMinute: 2, openStreams: 4 });
    const { begun, send } = requestsTo(limit);
    const open: Promise<unknown>[] = [];
    let close = () => {};
    const closed = new Promise<void>(end => {
      close = end;
    });
    for (let minute = 0; minute < 4; minute += 1) {
      jest.setSystemTime(START + minute * 60_000);
      open.push(send('olivia', 'stream', closed));
      await settled();
      begun[minute].end();
    }
    expect(begun).toHaveLength(4);
    close();
    expect(await Promise.all(open)).toEqual(Array(4).fill(undefined));
  });

  it('answers a refused request a second later, so that one who asks on takes no time from others', async () => {
    const limit = limitOf({ readsPerMinute: 1, openStreams: 0 });
    const { begun, send } = requestsTo(limit);
    const first = send('olivia');
    await settled();
    expect(waited).toEqual([]);
    for (const kind of ['read', 'stream'] as const) {
      expect(await send('olivia', kind)).toMatchObject({ statusCode: 429 });
    }
    expect(waited).toEqual([1_000, 1_000]);
    begun[0].end();
    await first;
  });

  it('keeps no more requests waiting than a minute allows', async () => {
    const limit = limitOf({ readsPerMinute: 5 });
    const { begun, send } = requestsTo(limit);
    const all = Array.from({ length: 5 }, () => send('olivia'));
    await settled();
    jest.setSystemTime(START + 60_000);
    expect(await send('olivia')).toMatchObject({ limit: 'readsPerMinute' });
    for (let ended = 0; ended < all.length; ended += 1) {
      begun[ended].end();
      await settled();
    }
    await Promise.all(all);
  });
});

describe('requestLimitHandler', () => {
  let server: Server;
  let limit: RequestLimit;
  /** Ends the answers that are under way. */
  let underWay: (() => void)[];
  let count: { asked: number; closed: number };

  beforeEach(() => {
    underWay = [];
    count = { asked: 0, closed: 0 };
    limit = new RequestLimit({
      readsPerMinute: 100,
      writesPerMinute: 100,
      previewsPerMinute: 2,
      openStreams: 3,
      now: Date.now,
      wait: async () => undefined,
      onRefused: () => undefined,
    });
    const router = PromiseRouter();
    router.use(
      requestLimitHandler(limit, {
        httpAuth: mockServices.httpAuth(),
        health: { whileItAnswers: work => work() },
        bodyLimit: '32kb',
      }),
    );
    router.get(['/read', '/v1/operations/:id/events'], async (req, res) => {
      res.write('begun');
      if (req.path !== '/read') res.emit(STREAM_OPENED);
      await new Promise<void>(end => underWay.push(end));
      res.end(' ended');
    });
    router.post(['/v1/campaigns', '/v1/campaigns/:id/start'], (_req, res) => {
      res.end('done');
    });
    server = express()
      .use((_req, res, next) => {
        count.asked += 1;
        res.on('close', () => {
          count.closed += 1;
        });
        next();
      })
      .use(router)
      .use(mockErrorHandler())
      .listen(0);
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const ask = async (
    path: string,
    {
      as = mockCredentials.user.header('user:default/olivia'),
      signal,
      method,
    }: {
      as?: string;
      signal?: AbortSignal;
      method?: 'POST';
    } = {},
  ) => {
    const { port } = server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      headers: { authorization: as },
      signal,
      method,
    });
    return `${response.status} ${await response.text()}`;
  };
  const untilUnderWay = (wanted: number) =>
    until(
      'requests are under way',
      () => underWay.length,
      seen => seen === wanted,
    );
  const untilCount = (what: 'asked' | 'closed', wanted: number) =>
    until(
      `so many were ${what}`,
      () => count[what],
      seen => seen === wanted,
    );

  it('limits previews of campaigns by themselves, and no other request of campaigns', async () => {
    const post = (path: string) => ask(path, { method: 'POST' });
    expect(await post('/v1/campaigns')).toBe('200 done');
    expect(await post('/v1/Campaigns/')).toBe('200 done');
    expect(await post('/v1/campaigns')).toMatch(
      /^429 .*2 previews of campaigns in a minute/,
    );
    expect(await post('/v1/campaigns/one/start')).toBe('200 done');
  });

  it('refuses requests without credentials', async () => {
    expect(await ask('/read', { as: mockCredentials.none.header() })).toMatch(
      /^401/,
    );
    expect(limit.size).toBe(0);
  });

  it('does not begin a request whose client has left while it waited', async () => {
    const first = [ask('/read'), ask('/read')];
    await untilUnderWay(2);
    const leaving = new AbortController();
    const left = ask('/read', { signal: leaving.signal }).catch(
      error => error.name,
    );
    await untilCount('asked', 3);
    leaving.abort();
    expect(await left).toBe('AbortError');
    await untilCount('closed', 1);
    const last = ask('/read');
    underWay[0]();
    await untilUnderWay(3);
    underWay.forEach(end => end());
    expect(await Promise.all([...first, last])).toEqual(
      Array(3).fill('200 begun ended'),
    );
    expect(limit.size).toBe(0);
  });

  it('gives the place of a stream back when its client leaves', async () => {
    const leaving = new AbortController();
    const streams = [1, 2, 3].map(() =>
      ask('/v1/operations/one/events', { signal: leaving.signal }).catch(
        error => error.name,
      ),
    );
    await untilUnderWay(3);
    for (const path of ['one/events', 'two/Events/']) {
      expect(await ask(`/v1/operations/${path}`)).toMatch(/^429/);
    }
    leaving.abort();
    expect(await Promise.all(streams)).toEqual(Array(3).fill('AbortError'));
    await until(
      'the place is free',
      () => limit.size,
      seen => seen === 0,
    );
    underWay.forEach(end => end());
  });
});
