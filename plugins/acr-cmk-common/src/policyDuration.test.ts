import { daysOfPolicyDuration, parsePolicyDuration } from './policyDuration';

describe('a duration of a rotation policy', () => {
  it.each([
    ['P90D', { years: 0, months: 0, weeks: 0, days: 90 }, 90],
    ['P2Y', { years: 2, months: 0, weeks: 0, days: 0 }, 730],
    ['P1Y6M', { years: 1, months: 6, weeks: 0, days: 0 }, 545],
    ['p1m', { years: 0, months: 1, weeks: 0, days: 0 }, 30],
    ['P2W', { years: 0, months: 0, weeks: 2, days: 0 }, 14],
  ])('%s is read', (text, duration, days) => {
    expect(parsePolicyDuration(text)).toEqual(duration);
    expect(daysOfPolicyDuration(text)).toBe(days);
  });

  it.each(['', 'P', '90', 'P90', 'PT48H', 'P1DT1H', '-P1D', 'P1.5D', 'P1D '])(
    '%j is none',
    text => {
      expect(parsePolicyDuration(text)).toBeUndefined();
      expect(daysOfPolicyDuration(text)).toBeUndefined();
    },
  );
});
