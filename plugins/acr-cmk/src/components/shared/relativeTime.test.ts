import { distance, fullDays } from './relativeTime';

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

it.each([
  ['what was just chosen', 24 * HOUR - 1_000, 'in 24 hours'],
  ['what was chosen some seconds ago', 15 * 60_000 - 3_000, 'in 15 minutes'],
  ['what is nearer', 23 * HOUR, 'in 23 hours'],
  ['what has passed, never as older', -(24 * HOUR - 1_000), '23 hours ago'],
])('says the distance of %s', (_what, ms, words) => {
  expect(distance(ms, 'en')).toBe(words);
});
