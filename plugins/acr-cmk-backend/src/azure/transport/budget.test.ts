import fc from 'fast-check';
import { VirtualTime } from '../__testUtils__/virtualTime';
import {
  atPriority,
  CallBudget,
  type CallPriority,
  currentPriority,
  type BucketKey,
  bucketKeyOf,
  type Permit,
  QUOTAS,
  type QuotaName,
} from './budget';

const READS: BucketKey = { quota: 'reads', principal: 'read', of: 'sub-1' };
const GRAPH: BucketKey = { quota: 'resource-graph', principal: 'read', of: '' };

const headers = (values: Record<string, string> = {}) => ({
  get: (name: string) => values[name],
});
const OK = headers();

let time: VirtualTime;
let budget: CallBudget;
beforeEach(() => {
  time = new VirtualTime();
  budget = new CallBudget({ ...time, now: () => 0 });
});

/** Asks for a number of permits and says how many have come so far. */
function ask(count: number, priority: CallPriority, key = READS) {
  const permits: Permit[] = [];
  const errors: unknown[] = [];
  for (let each = 0; each < count; each++) {
    budget.enter(key, priority).then(
      permit => permits.push(permit),
      error => errors.push(error),
    );
  }
  return { permits, errors };
}

const leftOf = (key: BucketKey) =>
  budget.left().find(each => each.quota === key.quota && each.of === key.of);

describe('the bucket that a request is counted in', () => {
  const names = { armHost: 'management.azure.com', principal: 'read' };
  it.each<[what: string, method: string, url: string, key: BucketKey]>([
    [
      'a read of a subscription',
      'GET',
      'https://management.azure.com/subscriptions/ABC/resourceGroups?api-version=1',
      { quota: 'reads', principal: 'read', of: 'abc' },
    ],
    [
      'a write',
      'PATCH',
      'https://MANAGEMENT.azure.com/subscriptions/abc/x',
      { quota: 'writes', principal: 'read', of: 'abc' },
    ],
    [
      'a deletion',
      'DELETE',
      'https://management.azure.com/subscriptions/abc/x',
      { quota: 'deletes', principal: 'read', of: 'abc' },
    ],
    [
      'a read of the tenant',
      'GET',
      'https://management.azure.com/providers/Microsoft.Management/managementGroups/a',
      { quota: 'reads', principal: 'read', of: '' },
    ],
    [
      'a query of Resource Graph',
      'POST',
      'https://management.azure.com/providers/Microsoft.ResourceGraph/resources',
      { quota: 'resource-graph', principal: 'read', of: '' },
    ],
    [
      'a vault',
      'GET',
      'https://KV1.vault.azure.net/keys/a',
      { quota: 'vault', principal: 'read', of: 'kv1.vault.azure.net' },
    ],
  ])('%s', (_what, method, url, key) => {
    expect(bucketKeyOf({ method, url }, names)).toEqual(key);
  });
});

describe('who goes first', () => {
  it.each<[priority: CallPriority, atOnce: number]>([
    ['engine', 500],
    ['request', 200],
    ['sync', 175],
  ])('%s has %d of 250 reads at once', async (priority, atOnce) => {
    const { permits } = ask(500, priority);
    await time.settle();
    expect(permits).toHaveLength(atOnce);
  });

  it('the engine proceeds while the sync, which asked first, still waits', async () => {
    const sync = ask(200, 'sync');
    const engine = ask(50, 'engine');
    await time.settle();
    expect([sync.permits.length, engine.permits.length]).toEqual([175, 50]);
  });

  it('the request of a person overtakes the sync, which asked first', async () => {
    ask(175, 'sync');
    await time.settle();
    const sync = ask(10, 'sync');
    const person = ask(10, 'request');
    await time.settle();
    expect([sync.permits.length, person.permits.length]).toEqual([0, 10]);
  });

  it('the sync goes on as fast as the bucket is filled', async () => {
    const { permits } = ask(500, 'sync');
    await time.advance(4_000);
    expect(permits).toHaveLength(175 + 4 * QUOTAS.reads.refillPerSecond);
  });

  it('each subscription and principal has a bucket of its own', async () => {
    ask(300, 'sync');
    const others = [
      ask(1, 'sync', { ...READS, of: 'sub-2' }),
      ask(1, 'sync', { ...READS, principal: 'rotate' }),
    ];
    await time.settle();
    expect(others.map(({ permits }) => permits.length)).toEqual([1, 1]);
  });

  it('defaults to the priority of a request, and nested work inherits a priority that is set', async () => {
    expect(currentPriority()).toBe('request');
    await atPriority('sync', async () => {
      await time.settle();
      expect(currentPriority()).toBe('sync');
      expect(atPriority('engine', currentPriority)).toBe('engine');
    });
  });

  it('a person is refused after eight seconds, with the time when to try again', async () => {
    ask(300, 'engine');
    const { permits, errors } = ask(300, 'request');
    await time.advance(8_000);
    // 51 tokens have to come before the first one.
    expect(permits).toHaveLength(8 * 25 - 50);
    await time.advance(1);
    expect(errors[0]).toMatchObject({
      kind: 'throttled',
      code: 'BudgetSpent',
      effect: 'refused',
      retry: { kind: 'later', afterSeconds: 1 },
    });
  });
});

describe('what Azure says in its answers', () => {
  it.each([
    'x-ms-ratelimit-remaining-subscription-reads',
    'x-ms-ratelimit-remaining-tenant-reads',
  ])('is believed when it is less than our own count: %s', async name => {
    const { permits } = ask(1, 'sync');
    await time.settle();
    permits[0].answered(200, headers({ [name]: '10' }));
    expect(leftOf(READS)).toMatchObject({ left: 10, size: 250 });
    const more = ask(1, 'sync');
    await time.advance(2_600);
    expect(more.permits).toHaveLength(0);
    await time.advance(100);
    expect(more.permits).toHaveLength(1);
  });

  it('is not believed when it is more', async () => {
    const { permits } = ask(100, 'sync');
    await time.settle();
    permits[0].answered(
      200,
      headers({ 'x-ms-ratelimit-remaining-subscription-reads': '11999' }),
    );
    expect(leftOf(READS)).toMatchObject({ left: 150 });
  });

  it('leaves out those that were on their way at that moment', async () => {
    const { permits } = ask(11, 'sync');
    await time.settle();
    permits[0].answered(
      200,
      headers({ 'x-ms-ratelimit-remaining-subscription-reads': '100' }),
    );
    expect(leftOf(READS)).toMatchObject({ left: 90 });
  });

  it.each([
    ['minus one', '-1'],
    ['a word', 'many'],
    ['too long', '9'.repeat(20)],
  ])('is ignored when it makes no sense: %s', async (_what, text) => {
    const { permits } = ask(1, 'sync');
    await time.settle();
    permits[0].answered(
      200,
      headers({ 'x-ms-ratelimit-remaining-subscription-reads': text }),
    );
    expect(leftOf(READS)).toMatchObject({ left: 249 });
  });

  it('stops queries until the quota of Resource Graph is there again', async () => {
    const { permits } = ask(1, 'sync', GRAPH);
    await time.settle();
    permits[0].answered(
      200,
      headers({
        'x-ms-user-quota-remaining': '0',
        'x-ms-user-quota-resets-after': '00:00:05',
      }),
    );
    const next = ask(1, 'sync', GRAPH);
    await time.advance(4_900);
    expect(next.permits).toHaveLength(0);
    await time.advance(200);
    expect(next.permits).toHaveLength(1);
  });
});

describe('a 429', () => {
  const refuse = async (seconds?: string, priority: CallPriority = 'sync') => {
    const { permits } = ask(1, priority);
    await time.settle();
    permits[0].answered(
      429,
      headers(seconds === undefined ? {} : { 'retry-after': seconds }),
    );
  };

  it('stops everybody below the engine for the time that Azure asks for', async () => {
    await refuse('7');
    const [person, sync, engine] = [
      ask(1, 'request'),
      ask(1, 'sync'),
      ask(1, 'engine'),
    ];
    await time.advance(6_999);
    expect([person, sync, engine].map(({ permits }) => permits.length)).toEqual(
      [0, 0, 1],
    );
    await time.advance(1);
    expect(person.permits).toHaveLength(1);
  });

  it('to the engine stops the others too', async () => {
    await refuse('5', 'engine');
    const person = ask(1, 'request');
    await time.advance(4_999);
    expect(person.permits).toHaveLength(0);
    expect(leftOf(READS)).toMatchObject({ pausedSeconds: 1 });
  });

  it('is followed by one call; the others go when that one was answered', async () => {
    await refuse('2');
    const { permits } = ask(10, 'sync');
    await time.advance(2_000);
    expect(permits).toHaveLength(1);
    await time.advance(5_000);
    expect(permits).toHaveLength(1);
    permits[0].answered(200, OK);
    await time.settle();
    expect(permits).toHaveLength(10);
  });

  it('is followed by another one when the first was lost on the way', async () => {
    await refuse('2');
    const { permits } = ask(10, 'sync');
    await time.advance(2_000);
    permits[0].failed();
    await time.settle();
    expect(permits).toHaveLength(2);
  });

  it.each<[refusals: number, waitMs: number]>([
    [1, 1_000],
    [2, 2_000],
    [4, 8_000],
    [9, 60_000],
  ])(
    'number %d in a row that says no time is waited for %d ms',
    async (refusals, waitMs) => {
      for (let each = 0; each < refusals; each++)
        await refuse(undefined, 'engine');
      const { permits } = ask(1, 'sync');
      await time.advance(waitMs - 1);
      expect(permits).toHaveLength(0);
      await time.advance(1);
      expect(permits).toHaveLength(1);
    },
  );

  it('of a long time is reported at once instead of being waited for', async () => {
    await refuse('3600');
    const { errors } = ask(1, 'sync');
    await time.settle();
    expect(errors).toEqual([
      expect.objectContaining({
        kind: 'throttled',
        message: expect.stringContaining('in 3600 seconds'),
      }),
    ]);
  });

  it.each([
    [3, 40],
    [10, 40],
    [30, 40],
    [3, 1],
    [10, 1],
  ])(
    'that comes again and again ends within 1.3 of the waits that it demanded (%d s each, %d calls at once)',
    async (seconds, atOnce) => {
      let refusals = 12;
      let demanded = 0;
      let done = 0;
      const started = time.monotonic();
      let ended = Infinity;
      const callUntilAnswered = async () => {
        for (;;) {
          const permit = await budget.enter(READS, 'sync');
          await time.sleep(100, new AbortController().signal);
          if (refusals > 0) {
            refusals -= 1;
            const from = Math.max(demanded, time.monotonic());
            demanded = from + seconds * 1000;
            permit.answered(429, headers({ 'retry-after': `${seconds}` }));
          } else {
            permit.answered(200, OK);
            done += 1;
            if (done === 40) ended = time.monotonic();
            return;
          }
        }
      };
      const calls = Array.from({ length: atOnce }, async () => {
        for (let each = 0; each < 40 / atOnce; each++)
          await callUntilAnswered();
      });
      await time.advance(12 * seconds * 1000 + 60_000);
      await Promise.all(calls);
      expect(demanded - started).toBeGreaterThanOrEqual(seconds * 1000);
      expect(ended - started).toBeLessThanOrEqual(1.3 * (demanded - started));
    },
  );
});

describe('against a bucket of Azure', () => {
  /** Azure's side, as documented. It refuses when it is empty. */
  class AzureBucket {
    #tokens: number;
    #at = 0;
    refused = 0;
    constructor(
      readonly quota: { size: number; refillPerSecond: number },
      readonly remainingHeader: string,
    ) {
      this.#tokens = quota.size;
    }
    answer(now: number): [status: number, headers: Record<string, string>] {
      const { size, refillPerSecond } = this.quota;
      this.#tokens = Math.min(
        size,
        this.#tokens + ((now - this.#at) / 1000) * refillPerSecond,
      );
      this.#at = now;
      if (this.#tokens < 1) {
        this.refused += 1;
        const wait = Math.ceil((1 - this.#tokens) / refillPerSecond);
        return [429, { 'retry-after': `${Math.max(1, wait)}` }];
      }
      this.#tokens -= 1;
      return [200, { [this.remainingHeader]: `${Math.floor(this.#tokens)}` }];
    }
  }

  const documented: [
    QuotaName,
    { size: number; refillPerSecond: number },
    string,
  ][] = [
    ['reads', QUOTAS.reads, 'x-ms-ratelimit-remaining-subscription-reads'],
    [
      'resource-graph',
      { size: 15, refillPerSecond: 3 },
      'x-ms-user-quota-remaining',
    ],
  ];

  it.each(documented)(
    'people and the sync never get a 429 of our own making (%s)',
    async (quota, azures, header) => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(
            fc.record({
              afterMs: fc.integer({ min: 0, max: 3_000 }),
              count: fc.integer({ min: 1, max: 120 }),
              latencyMs: fc.integer({ min: 1, max: 2_000 }),
              priority: fc.constantFrom<CallPriority>('request', 'sync'),
            }),
            { minLength: 1, maxLength: 12 },
          ),
          async bursts => {
            const clock = new VirtualTime();
            const ours = new CallBudget({ ...clock, now: () => 0 });
            const azure = new AzureBucket(azures, header);
            const key = { quota, principal: 'read', of: 'x' };
            let ended = 0;
            const errors: unknown[] = [];
            const call = async (priority: CallPriority, latencyMs: number) => {
              const permit = await ours.enter(key, priority);
              // Azure counts it when it arrives, and we learn of it later.
              const [status, values] = azure.answer(clock.monotonic());
              await clock.sleep(latencyMs, new AbortController().signal);
              permit.answered(status, headers(values));
            };
            const callAndCount = (priority: CallPriority, latencyMs: number) =>
              call(priority, latencyMs)
                .catch(error => errors.push(error.code))
                .finally(() => {
                  ended += 1;
                });
            let asked = 0;
            for (const { afterMs, count, priority, latencyMs } of bursts) {
              await clock.advance(afterMs);
              for (let each = 0; each < count; each++) {
                callAndCount(priority, latencyMs);
              }
              asked += count;
            }
            await clock.advance(20 * 60_000);
            expect({ refused: azure.refused, ended }).toEqual({
              refused: 0,
              ended: asked,
            });
            expect(errors.filter(code => code !== 'BudgetSpent')).toEqual([]);
          },
        ),
        { numRuns: 40 },
      );
    },
  );
});
