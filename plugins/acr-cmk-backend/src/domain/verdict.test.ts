import type { KeyVersionFacts } from 'backstage-plugin-acr-cmk-common';
import fc from 'fast-check';
import {
  ago,
  ahead,
  bundleWith,
  type Change,
  denied,
  NEW,
  NOW,
  OLD,
  version,
} from '../__testUtils__/encryptedRegistries';
import { nextChangeAt, severityOf, verdictOf } from './verdict';

const iso = (moment: number | undefined) =>
  moment === undefined ? undefined : new Date(moment).toISOString();
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const BY_POLICY = {
  rotatesByPolicy: true,
  rotationPolicy: { timeAfterCreate: 'P90D' },
};

describe('the next moment at which time alone changes the verdict', () => {
  const rotated = (age: { minutes?: number; days?: number }) => [
    version(NEW, { created: ago(age) }),
    version(OLD),
  ];
  it.each<[why: string, change: Change, at: string | undefined]>([
    ['healthy, without an expiry: never', {}, undefined],
    [
      'the end of the hour in which an automatic registry follows',
      { versions: rotated({ minutes: 20 }) },
      iso(NOW + 40 * MINUTE + 1),
    ],
    [
      'the last millisecond of that hour has one left',
      { versions: rotated({ minutes: 60 }) },
      iso(NOW + 1),
    ],
    [
      'it is behind already: never',
      { versions: rotated({ minutes: 61 }) },
      undefined,
    ],
    [
      'thirty days before the key expires',
      { versions: [version(OLD, { expires: ahead({ days: 100 }) })] },
      iso(NOW + 70 * DAY),
    ],
    [
      'the expiry, once it is that near',
      { versions: [version(OLD, { expires: ahead({ days: 10 }) })] },
      iso(NOW + 10 * DAY),
    ],
    [
      'expired already: never',
      { versions: [version(OLD, { expires: ago({ days: 1 }) })] },
      undefined,
    ],
    [
      'whichever comes first',
      {
        versions: [
          version(NEW, { created: ago({ minutes: 1 }) }),
          version(OLD, { expires: ahead({ minutes: 5 }) }),
        ],
      },
      iso(NOW + 5 * MINUTE),
    ],
    ['the key could not be read: never', { key: denied }, undefined],
    [
      'no customer-managed key: never',
      { registry: { encryption: { status: 'disabled' } } },
      undefined,
    ],
  ])('%s', (_why, change, at) => {
    expect(iso(nextChangeAt(bundleWith(change), NOW))).toBe(at);
  });

  it('is early enough: until then, nothing of the verdict changes', () => {
    const minutes = fc.integer({ min: -60 * 24 * 60, max: 60 * 24 * 60 });
    const near = fc.oneof(fc.integer({ min: -70, max: 70 }), minutes);
    const versionFacts = (id: string) =>
      fc
        .record({
          enabled: fc.boolean(),
          created: near,
          expires: fc.option(near, { nil: undefined }),
        })
        .map(({ enabled, created, expires }): KeyVersionFacts =>
          version(id, {
            enabled,
            created: ahead({ minutes: Math.min(created, 0) }),
            ...(expires === undefined
              ? {}
              : { expires: ahead({ minutes: expires }) }),
          }),
        );
    const changes = fc.record({
      mode: fc.constantFrom('automatic' as const, 'manual' as const),
      inUse: fc.constantFrom(OLD, NEW),
      versions: fc
        .tuple(versionFacts(NEW), versionFacts(OLD))
        .map(([a, b]) =>
          [a, b].sort((x, y) => (x.created < y.created ? 1 : -1)),
        ),
      key: fc.oneof(
        fc.record({ rotatesByPolicy: fc.boolean() }),
        fc.record({
          rotatesByPolicy: fc.constant(true),
          rotationPolicy: fc.constantFrom(
            { timeAfterCreate: 'P30D' },
            { timeBeforeExpiry: 'P7D', expiryTime: 'P60D' },
          ),
        }),
      ),
    });
    fc.assert(
      fc.property(
        changes,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (change, share) => {
          const bundle = bundleWith(change);
          const next = nextChangeAt(bundle, NOW) ?? NOW + 3_650 * DAY;
          const before = NOW + Math.floor((next - 1 - NOW) * share);
          expect(verdictOf(bundle, before)).toEqual(verdictOf(bundle, NOW));
          expect(verdictOf(bundle, next - 1)).toEqual(verdictOf(bundle, NOW));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('is late enough: at that moment, the verdict changes', () => {
    for (const change of [
      { versions: rotated({ minutes: 20 }) },
      { versions: [version(OLD, { expires: ahead({ days: 100 }) })] },
      { versions: [version(OLD, { expires: ahead({ days: 10 }) })] },
    ]) {
      const bundle = bundleWith(change);
      const next = nextChangeAt(bundle, NOW) as number;
      expect(verdictOf(bundle, next).state.id).not.toBe(
        verdictOf(bundle, next - 1).state.id,
      );
    }
  });
});

describe('the verdict', () => {
  it('says since when the registry is behind: since the first version that it did not take', () => {
    const NEWER = 'c'.repeat(32);
    const { behindSince } = verdictOf(
      bundleWith({
        mode: 'manual',
        versions: [
          version(NEWER, { created: ago({ days: 1 }) }),
          version(NEW, { created: ago({ days: 5 }) }),
          version(OLD),
        ],
      }),
      NOW,
    );
    expect(iso(behindSince)).toBe(ago({ days: 5 }));
  });

  it('does not call the newest version behind', () => {
    expect(verdictOf(bundleWith(), NOW).behindSince).toBeUndefined();
  });

  it('says when the version in use expires, not the newest', () => {
    const { expiresAt } = verdictOf(
      bundleWith({
        mode: 'manual',
        versions: [
          version(NEW, {
            created: ago({ days: 1 }),
            expires: ahead({ days: 300 }),
          }),
          version(OLD, { expires: ahead({ days: 7 }) }),
        ],
      }),
      NOW,
    );
    expect(iso(expiresAt)).toBe(ahead({ days: 7 }));
  });

  it.each([
    ['no finding', {}, 0],
    ['a note', { key: { rotatesByPolicy: false } }, 1],
    [
      'an error outweighs a warning',
      { vault: { purgeProtection: false }, versions: [] },
      3,
    ],
    ['a warning', { vault: { purgeProtection: false } }, 2],
    ['undecided is not held against it', { vault: denied, key: BY_POLICY }, 0],
  ] as [string, Change, number][])(
    'has a severity: %s',
    (_why, change, severity) => {
      expect(severityOf(verdictOf(bundleWith(change), NOW).findings)).toBe(
        severity,
      );
    },
  );
});
