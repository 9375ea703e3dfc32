import { fullDays } from './relativeTime';

const HOUR = 3_600_000;

it.each([
  [0, '0 hours'],
  [HOUR, '1 hour'],
  [24 * HOUR - 1, '23 hours'],
  [24 * HOUR, '1 day'],
  [30 * 24 * HOUR + 23 * HOUR, '30 days'],
])('counts full days, and hours of less than a day: %d', (ms, words) => {
  expect(fullDays(ms, 'en')).toBe(words);
});
