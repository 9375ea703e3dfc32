import { createHttpHeaders } from '@azure/core-rest-pipeline';
import { AzureError } from '../AzureError';
import { Call, read, repeatThrottled } from './call';

const LIMITS = { timeoutSeconds: 60, now: () => 0, monotonic: () => 0 };
const SUBJECT = {
  doing: 'rotate the key orders',
  scope: 'x',
  action: 'x',
  role: 'x',
  writes: true,
};

it('no request leaves a call that has ended, and its signal has fired', () => {
  const call = new Call(SUBJECT, LIMITS);
  call.close();
  expect(() => call.leave(true)).toThrow('over');
  expect(call.sent).toBe(false);
  expect(call.signal.aborted).toBe(true);
});

it('no request leaves a call that has its value, and there is nothing to stop', () => {
  const call = new Call(SUBJECT, LIMITS);
  call.done();
  expect(() => call.leave(true)).toThrow('over');
  expect(call.signal.aborted).toBe(false);
});

it('a request that leaves makes the answer before it void', () => {
  const call = new Call(SUBJECT, LIMITS);
  call.lastAnswer = { status: 503, headers: createHttpHeaders() };
  call.leave(false);
  expect(call.lastAnswer).toBeUndefined();
  call.close();
});

it('a write that has left stays sent, whatever is read after it', () => {
  const call = new Call(SUBJECT, LIMITS);
  call.leave(true);
  call.leave(false);
  expect(call.sent).toBe(true);
  call.close();
});

it('F30: no write leaves a process that was stopped for longer than the call may take', () => {
  let at = 0;
  const call = new Call(SUBJECT, { ...LIMITS, monotonic: () => at });
  at = 60_000;
  expect(() => call.leave(true)).toThrow('over');
  expect(call).toMatchObject({ sent: false, timedOut: true });
  call.close();
});

describe('reads that Azure refuses with a 429', () => {
  const throttled = (code: string) =>
    new AzureError({ kind: 'throttled', code, message: 'later' });
  let errors: AzureError[];
  let asked: number;
  const ask = () =>
    read(SUBJECT, LIMITS, async () => {
      asked += 1;
      const error = errors.shift();
      if (error) throw error;
      return 'kv1';
    });
  const goesOn = () => false;
  beforeEach(() => {
    errors = [];
    asked = 0;
  });

  it('are sent again until Azure answers', async () => {
    errors = Array.from({ length: 20 }, () => throttled('RateLimiting'));
    expect(await repeatThrottled(goesOn, ask)).toMatchObject({ value: 'kv1' });
    expect(asked).toBe(21);
  });

  it.each(['BudgetSpent', 'TokenThrottled'])(
    'are not sent again when the budget does not wait for them (%s)',
    async code => {
      errors = [throttled(code)];
      await expect(repeatThrottled(goesOn, ask)).rejects.toMatchObject({
        code,
      });
      expect(asked).toBe(1);
    },
  );

  it('are not sent again when the work is over', async () => {
    errors = [throttled('RateLimiting')];
    await expect(repeatThrottled(() => true, ask)).rejects.toMatchObject({
      code: 'RateLimiting',
    });
  });

  it('are the only ones that are repeated', async () => {
    errors = [
      new AzureError({ kind: 'denied', code: 'x', message: 'No right' }),
    ];
    await expect(repeatThrottled(goesOn, ask)).rejects.toMatchObject({
      kind: 'denied',
    });
    expect(asked).toBe(1);
  });

  it('are not repeated for work that does not ask for it', async () => {
    errors = [throttled('RateLimiting')];
    await expect(ask()).rejects.toMatchObject({ code: 'RateLimiting' });
    expect(asked).toBe(1);
  });
});
