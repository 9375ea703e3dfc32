import { createHttpHeaders } from '@azure/core-rest-pipeline';
import {
  LONGEST_RETRY_AFTER_SECONDS,
  parseRetryAfter,
  retryAfterOf,
} from './retryAfter';

const ANSWERED_AT = Date.parse('2026-11-25T10:00:00Z');

describe('the wait that a Retry-After asks for', () => {
  it.each<[why: string, text: string | undefined, seconds: number | undefined]>(
    [
      ['F7: five seconds', '5', 5],
      ['F7: at once', '0', 0],
      ['F7: an hour', '3600', 3600],
      ['F7: space around it', ' 7 ', 7],
      ['F7: a date half a minute ahead', 'Wed, 25 Nov 2026 10:00:30 GMT', 30],
      ['F7: a date that has passed', 'Wed, 25 Nov 2026 09:00:00 GMT', 0],
      [
        'F7: a date years ahead is a day',
        'Wed, 25 Nov 2099 10:00:00 GMT',
        LONGEST_RETRY_AFTER_SECONDS,
      ],
      [
        'F7: more seconds than a day has',
        '999999999',
        LONGEST_RETRY_AFTER_SECONDS,
      ],
      ['F7: missing', undefined, undefined],
      ['F7: empty', '', undefined],
      ['F7: a word', 'soon', undefined],
      ['F7: a negative number', '-5', undefined],
      ['F7: a number with a unit', '5s', undefined],
      ['F7: a number without end', '9'.repeat(400), undefined],
      ['F7: a date of another format', '2026-11-25T10:00:30Z', undefined],
      [
        'F7: a date that no calendar has',
        'Wed, 99 Nov 2026 10:00:30 GMT',
        undefined,
      ],
    ],
  )('%s', (_why, text, seconds) => {
    expect(parseRetryAfter(text, ANSWERED_AT)).toBe(seconds);
  });

  it('is counted from the Date of the answer, not from our clock', () => {
    const headers = createHttpHeaders({
      date: 'Wed, 25 Nov 2026 10:00:00 GMT',
      'retry-after': 'Wed, 25 Nov 2026 10:00:10 GMT',
    });
    const tenMinutesBehind = ANSWERED_AT - 600_000;
    expect(retryAfterOf(headers, tenMinutesBehind)).toBe(10);
  });

  it('is counted from our clock when the answer has no Date', () => {
    const headers = createHttpHeaders({
      'retry-after': 'Wed, 25 Nov 2026 10:00:10 GMT',
    });
    expect(retryAfterOf(headers, ANSWERED_AT)).toBe(10);
  });

  it('may come in milliseconds, and is then rounded up', () => {
    const headers = createHttpHeaders({ 'x-ms-retry-after-ms': '1500' });
    expect(retryAfterOf(headers, ANSWERED_AT)).toBe(2);
  });
});
