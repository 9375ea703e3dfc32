import { AzureError } from '../../azure/AzureError';
import type { AzurePorts } from '../../azure/ports';
import { ThrottledRetry } from './ThrottledRetry';

const throttled = (code: string) =>
  new AzureError({ kind: 'throttled', code, message: 'later' });

describe('calls of the sync that Azure refuses with a 429', () => {
  let throttledRetry: ThrottledRetry;
  let errors: AzureError[];
  let asked: number;
  const ask = () => {
    const azure = {
      vaults: {
        get: async (id: string) => {
          asked += 1;
          const error = errors.shift();
          if (error) throw error;
          return id;
        },
      },
      callLimitMs: 5,
    } as unknown as AzurePorts;
    return throttledRetry.around(azure).vaults.get('kv1') as Promise<unknown>;
  };
  beforeEach(() => {
    throttledRetry = new ThrottledRetry();
    errors = [];
    asked = 0;
  });

  it('are sent again until Azure answers', async () => {
    errors = Array.from({ length: 20 }, () => throttled('RateLimiting'));
    expect(await ask()).toBe('kv1');
    expect(asked).toBe(21);
  });

  it('are not sent again when the wait is longer than the budget waits', async () => {
    errors = [throttled('BudgetSpent')];
    await expect(ask()).rejects.toMatchObject({ code: 'BudgetSpent' });
    expect(asked).toBe(1);
  });

  it('are not sent again when the turn is over', async () => {
    errors = [throttled('RateLimiting')];
    throttledRetry.isStopped = () => true;
    await expect(ask()).rejects.toMatchObject({ code: 'RateLimiting' });
  });

  it('are the only ones that are repeated', async () => {
    errors = [
      new AzureError({ kind: 'denied', code: 'x', message: 'No right' }),
    ];
    await expect(ask()).rejects.toMatchObject({ kind: 'denied' });
    expect(asked).toBe(1);
  });
});
