import {
  type FleetRetirement,
  KeyIdentifier,
} from 'backstage-plugin-acr-cmk-common';
import type { LookedAt } from '../../domain/consumers/consumer';
import { type KeyUser, type OtherUsers, retirementOf } from './retirement';

const OLD = 'a'.repeat(32);
const NEW = 'b'.repeat(32);
const SUCCESSOR = { created: '2026-10-01T00:00:00.000Z' };

const user = (name: string, change: Partial<KeyUser> = {}): KeyUser => ({
  id: `/${name}`,
  registryId: `/${name}`,
  name,
  versionMode: 'automatic',
  versionInUse: NEW,
  stale: false,
  visible: true,
  ...change,
});
const othersSeen = (
  state: LookedAt['state'],
  services: OtherUsers['services'] = [],
): OtherUsers => ({
  services,
  lookedAt: {
    state,
    at: Date.parse('2026-10-10T08:05:00Z'),
    types: ['SQL server', 'storage account'],
    notReadable:
      state === 'partly' ? [{ subscription: '1', problem: 'Denied' }] : [],
  },
});
const retire = (
  users: KeyUser[],
  options: { complete?: boolean; others?: OtherUsers } = {},
) =>
  retirementOf(OLD, {
    users,
    others: othersSeen('no'),
    successor: SUCCESSOR,
    complete: true,
    ...options,
  });

describe('an old version of a key', () => {
  it('is used by no registry since the last registry has moved on', () => {
    expect(
      retire(
        [
          user('shop', { rotatedAt: Date.parse('2026-10-03T00:00:00Z') }),
          user('orders', { rotatedAt: Date.parse('2026-10-09T00:00:00Z') }),
        ],
        { others: othersSeen('all') },
      ),
    ).toEqual({
      answer: 'unused',
      since: '2026-10-09T00:00:00.000Z',
      message:
        'No known registry uses it since 9 Oct 2026. None of the 2 other Azure services that are looked at uses it (10 Oct 2026, 08:05 UTC).',
    });
  });

  it('is used by no registry since there has been a newer one, for registries that never changed', () => {
    expect(retire([user('shop')], { others: othersSeen('all') })).toMatchObject(
      {
        answer: 'unused',
        since: SUCCESSOR.created,
      },
    );
  });

  it.each<
    [
      answer: FleetRetirement['answer'],
      why: string,
      users: KeyUser[],
      complete: boolean,
      message: string,
    ]
  >([
    [
      'in-use',
      'a registry uses it',
      [user('shop', { versionInUse: OLD }), user('orders')],
      true,
      'Still used by shop.',
    ],
    [
      'in-use',
      'a registry is pinned to it',
      [user('shop', { versionInUse: NEW, pinned: OLD })],
      true,
      'Still used by shop.',
    ],
    [
      'in-use',
      'a registry uses it that the person may not see',
      [
        user('shop', { versionInUse: OLD }),
        user('secret', { versionInUse: OLD, visible: false }),
      ],
      true,
      'Still used by shop, 1 that you may not see.',
    ],
    [
      'unknown',
      'a registry does not show what it uses',
      [user('shop', { versionInUse: undefined })],
      true,
      'The version in use could not be read of shop.',
    ],
    [
      'unknown',
      'a registry could not be read again',
      [user('shop', { stale: true })],
      true,
      'The version in use could not be read of shop.',
    ],
    [
      'unknown',
      'not all registries are known',
      [user('shop')],
      false,
      'Not all registries could be listed, so others may use it.',
    ],
  ])('is %s while %s', (answer, _why, users, complete, message) => {
    expect(retire(users, { complete })).toEqual({
      answer,
      message: `${message} Other Azure services: not looked at.`,
    });
  });

  it('names at most five, and counts the others', () => {
    const users = Array.from({ length: 8 }, (_, n) =>
      user(`r${n}`, { versionInUse: OLD }),
    );
    expect(retire(users).message).toBe(
      'Still used by r0, r1, r2, r3, r4, 3 more. Other Azure services: not looked at.',
    );
  });

  const KEY = KeyIdentifier.parse('https://kv-shop.vault.azure.net/keys/shop');
  const server = (version: string | undefined, isInUse: boolean) => ({
    type: 'microsoft.sql/servers',
    uses: [
      {
        key: version ? KEY.at(version) : KEY,
        isInUse,
        use: 'current' as const,
        identities: [],
      },
    ],
  });
  it('has no known user where other services were looked at and none uses it', () => {
    const others = othersSeen('all', [server(NEW, true)]);
    expect(retire([user('shop')], { others })).toMatchObject({
      answer: 'unused',
    });
  });

  it.each([
    ['no', 'Other Azure services: not looked at.'],
    [
      'partly',
      'Not all of the other Azure services could be looked at (in one place).',
    ],
  ] as const)(
    'is not known to have no user where other services were looked at: %s',
    (state, doubt) => {
      expect(retire([user('shop')], { others: othersSeen(state) })).toEqual({
        answer: 'unknown',
        since: SUCCESSOR.created,
        message: `No known registry uses it since 1 Oct 2026. ${doubt}`,
      });
    },
  );

  it('is in use by another Azure service, or may be where that does not show its version', () => {
    const answer = (services: OtherUsers['services']) =>
      retire([user('shop')], { others: othersSeen('all', services) });
    expect(answer([server(OLD, true), server(OLD, true)])).toEqual({
      answer: 'in-use',
      message: 'Still used by 2 × SQL server.',
    });
    expect(answer([server(undefined, false)])).toEqual({
      answer: 'unknown',
      message: 'The version in use could not be read of 1 × SQL server.',
    });
  });
});
