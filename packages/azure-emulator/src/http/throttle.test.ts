import { ARM, useEmulator } from '../__testUtils__/emulated';
import { seconds } from '../state/durations';
import { Throttle } from './throttle';
import {
  ARM_BUCKETS,
  RESOURCE_GRAPH_WINDOW,
  VAULT_WINDOW,
} from '../assumptions';
import type { Request } from '../types';

const request = (method: string, url: string): Request => {
  const { host, pathname } = new URL(url);
  return {
    id: '1',
    service: host.includes('vault') ? 'vault' : 'arm',
    host,
    method,
    path: pathname,
    query: new Map(),
    rawQuery: '',
    headers: {},
    body: {},
    remoteAddress: '127.0.0.1',
  };
};
const SUBSCRIPTION = `${ARM}/subscriptions/s1/resourceGroups`;
const VAULT = 'https://kv1.vault.azure.net/keys/k1';

describe('throttling', () => {
  let now = 0;
  let throttle: Throttle;
  beforeEach(() => {
    now = 0;
    throttle = new Throttle(true, () => now);
  });

  /** Counts the requests that pass until one is refused, and returns that refusal. */
  function untilRefused(method: string, url: string, who = 'a') {
    for (let passed = 0; ; passed++) {
      const { refusal } = throttle.check(request(method, url), who);
      if (refusal) return { passed, refusal };
    }
  }

  it.each([
    ['GET', 'reads'],
    ['PUT', 'writes'],
    ['DELETE', 'deletes'],
  ] as const)(
    '%s empties the bucket of %s, and waits for a refill',
    (method, kind) => {
      const { size, refillPerSecond } = ARM_BUCKETS[kind];
      const { passed, refusal } = untilRefused(method, SUBSCRIPTION);
      expect(passed).toBe(size);
      expect(refusal).toMatchObject({
        status: 429,
        code: 'SubscriptionRequestsThrottled',
        headers: { 'retry-after': '1' },
      });
      now += seconds(1);
      expect(untilRefused(method, SUBSCRIPTION).passed).toBe(refillPerSecond);
    },
  );

  it('counts each principal, subscription and kind of request separately', () => {
    untilRefused('GET', SUBSCRIPTION);
    for (const [method, url, who] of [
      ['GET', SUBSCRIPTION, 'b'],
      ['GET', SUBSCRIPTION.replace('s1', 's2'), 'a'],
      ['PUT', SUBSCRIPTION, 'a'],
    ]) {
      expect(throttle.check(request(method, url), who).refusal).toBeUndefined();
    }
  });

  it('a vault creates twenty keys in ten seconds over all principals', () => {
    const half = VAULT_WINDOW.creations / 2;
    for (let count = 0; count < half; count++) {
      throttle.check(request('POST', `${VAULT}/rotate`), 'b');
    }
    const { passed, refusal } = untilRefused('POST', `${VAULT}/create`);
    expect([passed, refusal.code]).toEqual([half, 'Throttled']);
    expect(throttle.check(request('GET', VAULT), 'a').refusal).toBeUndefined();
    now += seconds(VAULT_WINDOW.seconds);
    expect(untilRefused('POST', `${VAULT}/create`).passed).toBe(
      VAULT_WINDOW.creations,
    );
  });

  it('without throttling nothing is refused and the headers still count down', () => {
    const lenient = new Throttle(false, () => now);
    const header = 'x-ms-ratelimit-remaining-subscription-reads';
    const ask = () => lenient.check(request('GET', SUBSCRIPTION), 'a');
    const { size } = ARM_BUCKETS.reads;
    expect(ask().headers[header]).toBe(String(size - 1));
    for (let count = 0; count < size; count++) {
      expect(ask().refusal).toBeUndefined();
    }
    expect(ask().headers[header]).toBe('0');
  });
});

describe('throttling on the wire', () => {
  const world = useEmulator({ throttle: true });
  const { call } = world;

  it('Resource Graph answers fifteen queries in a window of five seconds, and shows what is left of both', async () => {
    const { queries, seconds: length } = RESOURCE_GRAPH_WINDOW;
    const { clock } = world.emulator;
    clock.freeze();
    const ask = async () => {
      const { status, headers, json } = await call(
        'reader',
        'POST',
        `${ARM}/providers/Microsoft.ResourceGraph/resources`,
        { query: 'resources | summarize n = count()' },
      );
      const remaining = headers['x-ms-user-quota-remaining'];
      const resets = headers['x-ms-user-quota-resets-after'];
      return { status, remaining, resets, headers, error: json.error };
    };
    expect(await ask()).toMatchObject({
      status: 200,
      remaining: String(queries - 1),
      resets: '00:00:05',
    });
    clock.advance(seconds(2));
    for (let left = queries - 2; left >= 0; left--) {
      expect(await ask()).toMatchObject({
        status: 200,
        remaining: String(left),
        resets: '00:00:03',
      });
    }
    expect(await ask()).toMatchObject({
      status: 429,
      remaining: '0',
      headers: { 'retry-after': '3' },
      error: { code: 'RateLimiting', details: [{ code: 'RateLimiting' }] },
    });
    clock.advance(seconds(length - 2));
    expect(await ask()).toMatchObject({
      status: 200,
      remaining: String(queries - 1),
      resets: '00:00:05',
    });
  });
});
