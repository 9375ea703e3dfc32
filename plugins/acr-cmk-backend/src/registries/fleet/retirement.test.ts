import type { FleetRetirement } from 'backstage-plugin-acr-cmk-common';
import { type KeyUser, retirementOf } from './retirement';

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
const retire = (users: KeyUser[], options: { complete?: boolean } = {}) =>
  retirementOf(OLD, {
    users,
    successor: SUCCESSOR,
    complete: true,
    ...options,
  });

describe('an old version of a key', () => {
  it('is used by no registry since the last registry has moved on', () => {
    expect(
      retire([
        user('shop', { rotatedAt: Date.parse('2026-10-03T00:00:00Z') }),
        user('orders', { rotatedAt: Date.parse('2026-10-09T00:00:00Z') }),
      ]),
    ).toEqual({
      answer: 'unused',
      since: '2026-10-09T00:00:00.000Z',
      message:
        'No known registry uses it since 9 Oct 2026. Other Azure services were not checked.',
    });
  });

  it('is used by no registry since there has been a newer one, for registries that never changed', () => {
    expect(retire([user('shop')])).toMatchObject({
      answer: 'unused',
      since: SUCCESSOR.created,
    });
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
      message: `${message} Other Azure services were not checked.`,
    });
  });

  it('names at most five, and counts the others', () => {
    const users = Array.from({ length: 8 }, (_, n) =>
      user(`r${n}`, { versionInUse: OLD }),
    );
    expect(retire(users).message).toBe(
      'Still used by r0, r1, r2, r3, r4, 3 more. Other Azure services were not checked.',
    );
  });
});
