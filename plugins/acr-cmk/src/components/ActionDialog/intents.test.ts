import type { Intent, RotationPolicy } from 'backstage-plugin-acr-cmk-common';
import { IDENTITIES } from '../../fixtures/formOptions';
import { uuid, version } from '../../fixtures/ids';
import { KEY_URI, keyWith } from '../../fixtures/keys';
import {
  answersFor,
  intentOf,
  isTyped,
  questionsOf,
  type Answers,
} from './intents';
import { rotationProblem } from './rotationAnswers';

const AUTOMATIC = { versionMode: 'automatic' } as const;
const MANUAL = { versionMode: 'manual' } as const;

const INTENTS: [
  why: string,
  intent: Exclude<Intent, { kind: 'create-registry' }>,
][] = [
  ['a new version, taken now', { kind: 'rotate', follow: 'now' }],
  ['a new version, left to Azure', { kind: 'rotate', follow: 'wait' }],
  [
    'a new version and another identity',
    {
      kind: 'rotate',
      follow: 'now',
      identity: 'id-platform',
      grantAccess: true,
    },
  ],
  [
    'an existing key',
    { kind: 'rotate', key: { kind: 'existing', keyIdentifier: KEY_URI } },
  ],
  [
    'a version of an existing key, with access',
    {
      kind: 'rotate',
      key: { kind: 'existing', keyIdentifier: `${KEY_URI}/${version(1)}` },
      grantAccess: true,
    },
  ],
  [
    'a new key like the current one',
    {
      kind: 'rotate',
      key: {
        kind: 'new-key',
        vaultName: 'kv-shop',
        keyName: 'orders-2',
        mode: 'automatic',
      },
    },
  ],
  [
    'a new key of another type',
    {
      kind: 'rotate',
      key: {
        kind: 'new-key',
        vaultName: 'kv-shop',
        keyName: 'orders-2',
        mode: 'manual',
        type: 'RSA-HSM',
        size: 4096,
      },
    },
  ],
  [
    'to stay on a version',
    { kind: 'rotate', key: { kind: 'current', mode: 'manual' } },
  ],
  [
    'to follow new versions',
    { kind: 'rotate', key: { kind: 'current', mode: 'automatic' } },
  ],
  [
    'another identity for the same key',
    {
      kind: 'rotate',
      key: { kind: 'current' },
      identity: IDENTITIES[1].resourceId,
    },
  ],
  [
    'to set up automatic rotation',
    {
      kind: 'automatic-rotation',
      rotation: {
        kind: 'on',
        policy: {
          timeAfterCreate: 'P180D',
          expiryTime: 'P2Y',
          notifyBeforeExpiry: 'P30D',
        },
      },
    },
  ],
  [
    'to rotate before the expiry',
    {
      kind: 'automatic-rotation',
      rotation: {
        kind: 'on',
        policy: { timeBeforeExpiry: 'P30D', expiryTime: 'P1Y' },
      },
    },
  ],
  [
    'to turn off automatic rotation',
    { kind: 'automatic-rotation', rotation: { kind: 'off' } },
  ],
  [
    'to change automatic rotation back',
    {
      kind: 'automatic-rotation',
      rotation: { kind: 'as-before', operationId: uuid(1) },
    },
  ],
  ['the narrowest revoke', { kind: 'revoke' }],
  [
    'a revoke with a timer',
    { kind: 'revoke', method: 'disable-version', restoreAfterMinutes: 60 },
  ],
  ['to restore the latest revoke', { kind: 'restore' }],
  ['to restore one revoke', { kind: 'restore', operationId: uuid(1) }],
  ['to retire a version', { kind: 'retire', version: version(1) }],
];

describe('the form of an action', () => {
  it.each(INTENTS)(
    'opened with an intent, requests exactly that: %s',
    (_why, intent) => {
      const answers = answersFor(AUTOMATIC, intent);
      expect(intentOf(intent.kind, AUTOMATIC, answers)).toEqual(intent);
    },
  );

  it('does not ask when to switch for a registry with manual rotation', () => {
    const answers = answersFor(MANUAL);
    expect(questionsOf('rotate', MANUAL, answers)).toEqual([
      'rotate-method',
      'also-identity',
    ]);
    expect(intentOf('rotate', MANUAL, answers)).toEqual({ kind: 'rotate' });
  });

  it('opened to send the current key again, keeps its mode', () => {
    const again: Intent = { kind: 'rotate', key: { kind: 'current' } };
    expect(intentOf('rotate', AUTOMATIC, answersFor(AUTOMATIC, again))).toEqual(
      { kind: 'rotate', key: { kind: 'current', mode: 'automatic' } },
    );
  });

  it('offers the mode that is not the current one', () => {
    expect(answersFor(AUTOMATIC).mode).toBe('manual');
    expect(answersFor(MANUAL).mode).toBe('automatic');
  });

  it.each<[why: string, answers: Partial<Answers>]>([
    ['no key is chosen', { rotateMethod: 'existing' }],
    [
      'the URI is half typed',
      { rotateMethod: 'existing', keyUri: 'https://kv-shop.va' },
    ],
    [
      'the URI is of another cloud’s vault',
      {
        rotateMethod: 'existing',
        keyUri: 'https://kv-shop.vault.example.com/keys/a',
      },
    ],
    [
      'the new key has no name',
      { rotateMethod: 'new-key', vaultName: 'kv-shop' },
    ],
    [
      'the new key has a name that no key can have',
      { rotateMethod: 'new-key', vaultName: 'kv-shop', keyName: 'a/b' },
    ],
    ['no identity is chosen', { rotateMethod: 'identity' }],
    ['the other identity is blank', { alsoIdentity: true, identity: '  ' }],
  ])('requests no plan while %s', (_why, answers) => {
    expect(
      intentOf('rotate', AUTOMATIC, { ...answersFor(AUTOMATIC), ...answers }),
    ).toBeUndefined();
  });

  it.each([
    ['kv-shop', 'RSA'],
    ['hsm-shop.managedhsm', 'RSA-HSM'],
  ])('asks of a key in %s the type %s', (vaultName, type) => {
    const answers: Answers = {
      ...answersFor(AUTOMATIC),
      rotateMethod: 'new-key',
      vaultName,
      keyName: 'orders-2',
      keyType: 'RSA',
    };
    expect(intentOf('rotate', AUTOMATIC, answers)).toMatchObject({
      key: { type },
    });
  });

  // managed-hsm/key-rotation.md: "You must set a key rotation policy first."
  describe('of a key in a Managed HSM', () => {
    const keyInHsm = (rotationPolicy?: RotationPolicy) => ({
      versionMode: 'automatic' as const,
      key: keyWith({ vaultName: 'hsm-shop.managedhsm', rotationPolicy }),
    });

    it('sets a policy before a new version, if it has none', () => {
      const registry = keyInHsm();
      const answers = answersFor(registry);
      expect(intentOf('rotate', registry, answers)).toEqual({
        kind: 'rotate',
        follow: 'now',
        rotateEveryDays: 90,
      });
      const wrong = { ...answers, firstPolicyDays: '27' };
      expect(intentOf('rotate', registry, wrong)).toBeUndefined();
      const intent: Intent = {
        kind: 'rotate',
        follow: 'wait',
        rotateEveryDays: 60,
      };
      const given = answersFor(registry, intent);
      expect(intentOf('rotate', registry, given)).toEqual(intent);
    });

    it('sets none where there is one', () => {
      const registry = keyInHsm({ timeAfterCreate: 'P90D' });
      expect(
        questionsOf('rotate', registry, answersFor(registry)),
      ).not.toContain('first-policy');
    });

    it.each<[problem: string, policy: RotationPolicy]>([
      ['daysInHsm', { timeAfterCreate: 'P27D' }],
      ['tooOftenInHsm', { timeBeforeExpiry: 'P340D', expiryTime: 'P1Y' }],
    ])('asks for no policy that it does not take: %s', (problem, policy) => {
      const registry = keyInHsm();
      const answers = answersFor(registry, {
        kind: 'automatic-rotation',
        rotation: { kind: 'on', policy },
      });
      expect(rotationProblem(answers, registry)).toBe(problem);
      expect(intentOf('automatic-rotation', registry, answers)).toBeUndefined();
    });

    it('asks for no notice: it has no events', () => {
      const registry = keyInHsm();
      const answers: Answers = {
        ...answersFor(registry),
        expiryTime: 'P2Y',
        notifyBeforeExpiry: 'P30D',
      };
      expect(intentOf('automatic-rotation', registry, answers)).toEqual({
        kind: 'automatic-rotation',
        rotation: {
          kind: 'on',
          policy: { timeAfterCreate: 'P90D', expiryTime: 'P2Y' },
        },
      });
    });
  });

  it('requests no plan to retire before a version is selected', () => {
    expect(
      intentOf('retire', AUTOMATIC, answersFor(AUTOMATIC)),
    ).toBeUndefined();
  });

  it('does not send answers to questions that are not asked', () => {
    const answers: Answers = {
      ...answersFor(AUTOMATIC),
      keyUri: KEY_URI,
      identity: 'id-platform',
      grantAccess: true,
    };
    expect(intentOf('rotate', AUTOMATIC, answers)).toEqual({
      kind: 'rotate',
      follow: 'now',
    });
  });

  it('waits for a pause only where text is typed', () => {
    expect(isTyped({ kind: 'rotate', follow: 'wait' })).toBe(false);
    expect(
      isTyped({ kind: 'rotate', key: { kind: 'current' }, identity: 'x' }),
    ).toBe(true);
  });
});
