import { ARM, registryUrl, useEmulator } from './__testUtils__/emulated';
import { seconds } from './durations';
import { ARM_BUCKETS, RESOURCE_GRAPH_WINDOW, VAULT_WINDOW } from './unknowns';

describe('throttling', () => {
  const azure = useEmulator({ throttle: true });
  const { call } = azure;
  beforeEach(() => azure.emulator.clock.freeze());

  const read = () => call('reader', 'GET', registryUrl('shopimages'));

  async function untilRefused(ask: () => ReturnType<typeof call>) {
    for (let count = 0; ; count++) {
      const answer = await ask();
      if (answer.status === 429) return { count, answer };
    }
  }

  it('lets a full bucket of reads through, then says when to come back', async () => {
    const { count, answer } = await untilRefused(read);
    expect(count).toBe(ARM_BUCKETS.reads.size);
    expect(answer.json.error.code).toBe('SubscriptionRequestsThrottled');
    expect(answer.headers['retry-after']).toBe('1');
    azure.emulator.clock.advance(seconds(1));
    expect((await untilRefused(read)).count).toBe(
      ARM_BUCKETS.reads.refillPerSecond,
    );
  });

  it('counts writes apart from reads, and each principal for itself', async () => {
    await untilRefused(read);
    expect((await call('admin', 'GET', registryUrl('shopimages'))).status).toBe(
      200,
    );
    const written = await call(
      'reader',
      'PATCH',
      registryUrl('shopimages'),
      {},
    );
    expect(written.status).toBe(403);
    expect(
      written.headers['x-ms-ratelimit-remaining-subscription-writes'],
    ).toBe(String(ARM_BUCKETS.writes.size - 1));
  });

  it('Key Vault makes twenty keys in ten seconds, whoever asks', async () => {
    const create = () =>
      call(
        'admin',
        'POST',
        'https://kv-contoso-policy.vault.azure.net/keys/ordersimages/rotate',
      );
    const { count, answer } = await untilRefused(create);
    expect(count).toBe(VAULT_WINDOW.creations);
    expect(answer.json.error.code).toBe('Throttled');
    expect(
      azure.emulator.state.key('kv-contoso-policy', 'ordersimages').versions,
    ).toHaveLength(2 + VAULT_WINDOW.creations);
  });

  it('Resource Graph answers fifteen queries in five seconds', async () => {
    const query = () =>
      call(
        'reader',
        'POST',
        `${ARM}/providers/Microsoft.ResourceGraph/resources`,
        {
          query: 'resources | count',
        },
      );
    const { count, answer } = await untilRefused(query);
    expect(count).toBe(RESOURCE_GRAPH_WINDOW.queries);
    expect(answer.headers['x-ms-user-quota-remaining']).toBe('0');
    expect(answer.headers['x-ms-user-quota-resets-after']).toBe('00:00:05');
  });
});

describe('without throttling', () => {
  const { call } = useEmulator();

  it('nothing is refused, and the headers still count down', async () => {
    let last = '';
    for (let count = 0; count <= ARM_BUCKETS.reads.size; count++) {
      const answer = await call('reader', 'GET', registryUrl('shopimages'));
      expect(answer.status).toBe(200);
      last = answer.headers[
        'x-ms-ratelimit-remaining-subscription-reads'
      ] as string;
    }
    expect(Number(last)).toBeLessThan(ARM_BUCKETS.reads.size);
  });
});
