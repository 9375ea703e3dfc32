import type { KeyFacts } from 'backstage-plugin-acr-cmk-common';
import { nextRotationAt } from './rotation';

const VERSION = 'a'.repeat(32);
const at = (
  rotationPolicy: KeyFacts['rotationPolicy'],
  {
    created = '2026-01-31T10:00:00.000Z',
    expires,
  }: { created?: string; expires?: string } = {},
) => {
  const moment = nextRotationAt({
    versions: [{ version: VERSION, enabled: true, created, expires }],
    rotationPolicy,
  });
  return moment === undefined ? undefined : new Date(moment).toISOString();
};

describe('the next rotation by the policy of a vault', () => {
  it.each([
    ['P90D', '2026-05-01T10:00:00.000Z'],
    ['P1M', '2026-02-28T10:00:00.000Z'],
    ['P1Y', '2027-01-31T10:00:00.000Z'],
    ['P1Y2M10D', '2027-04-10T10:00:00.000Z'],
    ['P2W', '2026-02-14T10:00:00.000Z'],
  ])(
    'comes %s after the newest version was created',
    (timeAfterCreate, moment) => {
      expect(at({ timeAfterCreate })).toBe(moment);
    },
  );

  it('comes before the newest version expires', () => {
    expect(
      at({ timeBeforeExpiry: 'P30D' }, { expires: '2026-12-31T00:00:00.000Z' }),
    ).toBe('2026-12-01T00:00:00.000Z');
    expect(
      at({ timeBeforeExpiry: 'P1M' }, { expires: '2026-03-31T00:00:00.000Z' }),
    ).toBe('2026-02-28T00:00:00.000Z');
  });

  it('is the earlier of both', () => {
    const expires = '2026-03-01T00:00:00.000Z';
    expect(
      at({ timeAfterCreate: 'P90D', timeBeforeExpiry: 'P7D' }, { expires }),
    ).toBe('2026-02-22T00:00:00.000Z');
  });

  it('is not known without a policy, an expiry to count from, or a duration that can be read', () => {
    expect(at(undefined)).toBeUndefined();
    expect(at({ timeBeforeExpiry: 'P30D' })).toBeUndefined();
    expect(at({ timeAfterCreate: 'soon' })).toBeUndefined();
    expect(
      nextRotationAt({
        versions: [],
        rotationPolicy: { timeAfterCreate: 'P1D' },
      }),
    ).toBeUndefined();
  });
});
