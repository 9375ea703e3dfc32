import { bundleWith, NEW, OLD } from '../../__testUtils__/encryptedRegistries';
import { setRotationPolicy } from '../steps/setRotationPolicy';
import type { Effect } from '../effects';
import type { Registry } from '../registry';
import { encryptionFields } from './draft';
import { outcomeOf } from './outcomes';

const follows = bundleWith({ inUse: OLD }).registry;
const pinned = bundleWith({ inUse: OLD, mode: 'manual' }).registry;
const KEY = follows.key!;

const ofKey = (
  change: Extract<Effect, { kind: 'key-changed' }>['change'],
): Effect => ({
  kind: 'key-changed',
  key: KEY.keyOfKey,
  change,
  usedBy: [follows.registryId.key],
});
const outcome = (
  registry: Registry,
  plan: Partial<Parameters<typeof outcomeOf>[1]>,
  isSelf = false,
) => {
  const fields = encryptionFields(registry);
  const { effect, outcome: words } = outcomeOf(
    registry,
    {
      before: fields,
      after: fields,
      checks: [],
      effects: [],
      steps: [],
      ...plan,
    },
    isSelf,
  );
  return `${effect}: ${words}`;
};
const policy = (timeAfterCreate?: string) => [
  setRotationPolicy.build({ key: KEY, policy: { timeAfterCreate } }),
];

describe('the effect of a plan on a registry', () => {
  it.each<[string, string, Parameters<typeof outcome>]>([
    [
      'moves: follows by itself within about an hour',
      'another one that follows a key with a new version',
      [follows, { effects: [ofKey('version-made')] }],
    ],
    [
      'stays: stays on aaaaaaaa…',
      'another one that is pinned',
      [pinned, { effects: [ofKey('version-made')] }],
    ],
    [
      'loses-key: loses its key; every pull and push is refused until it is restored',
      'one that loses its key',
      [
        pinned,
        {
          effects: [
            ofKey('deleted'),
            {
              kind: 'registry-loses-key',
              registryId: pinned.registryId.key,
              key: KEY.keyOfKey,
            },
          ],
        },
      ],
    ],
    [
      'gets-key-back: gets its key back',
      'one that gets its key back',
      [
        pinned,
        {
          effects: [
            {
              kind: 'registry-regains-key',
              registryId: pinned.registryId.key,
              key: KEY.keyOfKey,
            },
          ],
        },
        true,
      ],
    ],
    [
      'not-known: gets back what this revoke took, and may still lack its key',
      'one from which something else was taken as well',
      [
        pinned,
        {
          checks: [
            { id: 'stays-revoked', status: 'warn', message: '', remedy: '' },
          ],
          effects: [
            {
              kind: 'registry-regains-key',
              registryId: pinned.registryId.key,
              key: KEY.keyOfKey,
            },
          ],
        },
        true,
      ],
    ],
    [
      'moves: follows each new version that the policy makes, within about an hour',
      'another one that follows a key with a policy',
      [
        follows,
        { effects: [ofKey('rotation-policy-set')], steps: policy('P90D') },
      ],
    ],
    [
      'stays: stays on aaaaaaaa… while the key rotates by its policy',
      'another one that is pinned while a policy begins',
      [
        pinned,
        { effects: [ofKey('rotation-policy-set')], steps: policy('P90D') },
      ],
    ],
    [
      'stays: gets no new versions by a policy any more',
      'another one, when the policy is turned off',
      [follows, { effects: [ofKey('rotation-policy-set')], steps: policy() }],
    ],
    [
      'stays: nothing changes',
      'a key that somebody else begins to use',
      [follows, {}],
    ],
    [
      'moves: moves to version bbbbbbbb… and stays on it',
      'the registry of the plan',
      [
        pinned,
        {
          after: {
            ...encryptionFields(pinned),
            keyIdentifier: KEY.at(NEW).toString(),
            versionedKeyIdentifier: KEY.at(NEW).toString(),
          },
        },
        true,
      ],
    ],
    [
      'moves: moves to the new version and follows new versions',
      'the registry of the plan, with a version that is yet to be made',
      [
        follows,
        {
          after: {
            ...encryptionFields(follows),
            versionedKeyIdentifier: `${KEY}/<new version>`,
          },
        },
        true,
      ],
    ],
    [
      'moves: follows new versions from now on',
      'the registry of the plan, in another mode',
      [
        pinned,
        { after: { ...encryptionFields(pinned), keyRotationEnabled: true } },
        true,
      ],
    ],
    [
      'moves: reaches its key with another identity',
      'the registry of the plan, with another identity',
      [
        follows,
        { after: { ...encryptionFields(follows), identity: 'system' } },
        true,
      ],
    ],
  ])('%s: %s', (expected, _who, args) => {
    expect(outcome(...args)).toBe(expected);
  });
});
