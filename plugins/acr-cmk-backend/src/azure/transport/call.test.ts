import { createHttpHeaders } from '@azure/core-rest-pipeline';
import { Call } from './call';

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
