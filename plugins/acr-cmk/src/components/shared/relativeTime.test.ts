import { distance, duration } from './relativeTime';

const MINUTE = 60;
const HOUR = 3600;
const DAY = 24 * HOUR;

it.each([
  [0, '<1 minute'],
  [MINUTE - 1, '<1 minute'],
  [MINUTE, '1 minute'],
  [HOUR - 1, '59 minutes'],
  [HOUR, '1 hour'],
  [DAY - 1, '23 hours'],
  [DAY, '1 day'],
  [30 * DAY + 23 * HOUR, '30 days'],
  [400 * DAY, '400 days'],
])('counts the full units of what goes on, and never zero: %d', (s, words) => {
  expect(duration(s, 'en', { full: true })).toBe(words);
});

it.each([
  [0, '<1 second'],
  [90 * MINUTE, '1.5 hours'],
  [DAY, '1 day'],
])('says no duration as zero of a unit: %d', (seconds, words) => {
  expect(duration(seconds, 'en')).toBe(words);
});

it.each([
  ['what was just chosen', DAY - 1, 'in 24 hours'],
  ['what was chosen some seconds ago', 15 * MINUTE - 3, 'in 15 minutes'],
  ['what is nearer', 23 * HOUR, 'in 23 hours'],
  ['what has passed, never as older', -(DAY - 1), '23 hours ago'],
])('says the distance of %s', (_what, seconds, words) => {
  expect(distance(seconds * 1000, 'en')).toBe(words);
});
