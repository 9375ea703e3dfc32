import type { Key } from '@azure/arm-keyvault';
import { toDeletedKeyFacts, toKeyFacts, toListedVersion } from './keyFacts';

const OLD = '0'.repeat(31).concat('1');
const NEW = '0'.repeat(31).concat('2');
const uri = (version: string) =>
  `https://kv-shop.vault.azure.net/keys/orders/${version}`;

const key = (some: Partial<Key>): Key => ({
  name: 'orders',
  kty: 'RSA',
  keySize: 3072,
  keyOps: ['wrapKey', 'unwrapKey'],
  ...some,
});

const version = (name: string, created: number, more: object = {}): Key =>
  key({
    keyUriWithVersion: uri(name),
    attributes: { enabled: true, created, ...more } as Key['attributes'],
  });

describe('a key as facts', () => {
  it('has its versions newest first, with times in ISO', () => {
    const facts = toKeyFacts('kv-shop', key({}), [
      version(OLD, 1_700_000_000, { notBefore: 1, expires: 1_800_000_000 }),
      version(NEW, 1_750_000_000, { enabled: false }),
    ]);
    expect(facts.versions).toEqual([
      { version: NEW, enabled: false, created: '2025-06-15T15:06:40.000Z' },
      {
        version: OLD,
        enabled: true,
        created: '2023-11-14T22:13:20.000Z',
        notBefore: '1970-01-01T00:00:01.000Z',
        expires: '2027-01-15T08:00:00.000Z',
      },
    ]);
  });

  it('F28: has a version once that came twice', () => {
    const facts = toKeyFacts('kv-shop', key({}), [
      version(OLD, 1),
      version(NEW, 2),
      version(OLD, 1),
    ]);
    expect(facts.versions.map(each => each.version)).toEqual([NEW, OLD]);
  });

  it('has versions of the same second always in the same order', () => {
    const one = toKeyFacts('v', key({}), [version(OLD, 5), version(NEW, 5)]);
    const other = toKeyFacts('v', key({}), [version(NEW, 5), version(OLD, 5)]);
    expect(one.versions).toEqual(other.versions);
  });

  it('has a version in lower case', () => {
    const facts = toKeyFacts('v', key({}), [version('ABCD'.repeat(8), 1)]);
    expect(facts.versions[0].version).toBe('abcd'.repeat(8));
  });

  it.each<[why: string, actions: any, verdict: boolean]>([
    ['no policy', undefined, false],
    [
      'a rotate action with a time',
      [{ action: { type: 'rotate' }, trigger: { timeAfterCreate: 'P90D' } }],
      true,
    ],
    [
      'written with a capital',
      [{ action: { type: 'Rotate' }, trigger: { timeBeforeExpiry: 'P30D' } }],
      true,
    ],
    [
      'a rotate action without a time never comes',
      [{ action: { type: 'rotate' }, trigger: {} }],
      false,
    ],
    [
      'a notice only',
      [{ action: { type: 'notify' }, trigger: { timeBeforeExpiry: 'P30D' } }],
      false,
    ],
  ])('rotates by policy: %s', (_why, lifetimeActions, verdict) => {
    const facts = toKeyFacts(
      'v',
      key({ rotationPolicy: { lifetimeActions } }),
      [],
    );
    expect(facts.rotatesByPolicy).toBe(verdict);
  });

  it('is not made up when Azure leaves out when a version was created', () => {
    expect(() =>
      toKeyFacts('v', key({}), [key({ keyUriWithVersion: uri(OLD) })]),
    ).toThrow('created');
  });
});

it('a version that the vault lists has the same shape as one of ARM', () => {
  expect(
    toListedVersion({
      id: uri(NEW.toUpperCase()),
      vaultUrl: 'https://kv-shop.vault.azure.net',
      name: 'orders',
      enabled: true,
      createdOn: new Date('2026-01-01T00:00:00Z'),
      expiresOn: new Date('2027-01-01T00:00:00Z'),
    }),
  ).toEqual({
    version: NEW,
    enabled: true,
    created: '2026-01-01T00:00:00.000Z',
    expires: '2027-01-01T00:00:00.000Z',
  });
});

it('a deleted key has its dates, as far as Azure sends them', () => {
  expect(
    toDeletedKeyFacts('orders', {
      deletedDate: 1_700_000_000,
      scheduledPurgeDate: 1_707_776_000,
      attributes: { recoveryLevel: 'CustomizedRecoverable' },
    }),
  ).toEqual({
    name: 'orders',
    deletedAt: '2023-11-14T22:13:20.000Z',
    scheduledPurgeAt: '2024-02-12T22:13:20.000Z',
    recoveryLevel: 'CustomizedRecoverable',
  });
  expect(toDeletedKeyFacts('orders', {})).toEqual({ name: 'orders' });
});
