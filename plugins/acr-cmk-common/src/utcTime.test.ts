import { utcDay, utcTime, utcTimeAfter } from './utcTime';

it.each([
  [utcDay, '2026-01-05T23:59:59.999Z', '5 Jan 2026'],
  [utcDay, '2026-11-25T01:00:00+02:00', '24 Nov 2026'],
  [utcDay, Date.parse('2026-11-25T00:00:00Z'), '25 Nov 2026'],
  [utcTime, '2026-11-29T18:05:59.519Z', '29 Nov 2026, 18:05 UTC'],
  [utcTimeAfter, '2026-12-31T23:59:00.001Z', '1 Jan 2027, 00:00 UTC'],
  [utcTimeAfter, '2026-11-29T18:05:00.000Z', '29 Nov 2026, 18:05 UTC'],
])('says times in words, in UTC: %p of %s', (inWords, time, words) => {
  expect(inWords(time)).toBe(words);
});
