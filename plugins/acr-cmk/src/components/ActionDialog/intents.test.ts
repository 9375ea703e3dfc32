import type { Intent } from 'backstage-plugin-acr-cmk-common';
import { IDENTITIES } from '../../fixtures/choices';
import { uuid, version } from '../../fixtures/ids';
import { KEY_URI } from '../../fixtures/registries';
import {
  answersFor,
  intentOf,
  isTyped,
  questionsOf,
  type Answers,
} from './intents';

const AUTOMATIC = { versionMode: 'automatic' } as const;
const MANUAL = { versionMode: 'manual' } as const;

const INTENTS: [
  why: string,
  intent: Exclude<Intent, { kind: 'create-registry' }>,
][] = [
  ['a new version, nudged', { kind: 'rotate', follow: 'now' }],
  ['a new version, waited for', { kind: 'rotate', follow: 'wait' }],
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
    'a new key of another kind',
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
    'opened with an intent asks for just that: %s',
    (_why, intent) => {
      const answers = answersFor(AUTOMATIC, intent);
      expect(intentOf(intent.kind, AUTOMATIC, answers)).toEqual(intent);
    },
  );

  it('asks a registry that stays on its version nothing about following', () => {
    const answers = answersFor(MANUAL);
    expect(questionsOf('rotate', MANUAL, answers)).toEqual([
      'way',
      'also-identity',
    ]);
    expect(intentOf('rotate', MANUAL, answers)).toEqual({ kind: 'rotate' });
  });

  it('opened to send the present key again keeps its mode', () => {
    const again: Intent = { kind: 'rotate', key: { kind: 'current' } };
    expect(intentOf('rotate', AUTOMATIC, answersFor(AUTOMATIC, again))).toEqual(
      { kind: 'rotate', key: { kind: 'current', mode: 'automatic' } },
    );
  });

  it('offers the other mode than the present one', () => {
    expect(answersFor(AUTOMATIC).mode).toBe('manual');
    expect(answersFor(MANUAL).mode).toBe('automatic');
  });

  it.each<[why: string, answers: Partial<Answers>]>([
    ['no key is chosen', { way: 'existing' }],
    [
      'the URI is half typed',
      { way: 'existing', keyUri: 'https://kv-shop.va' },
    ],
    [
      'the URI is of another cloud’s vault',
      { way: 'existing', keyUri: 'https://kv-shop.vault.example.com/keys/a' },
    ],
    ['the new key has no name', { way: 'new-key', vaultName: 'kv-shop' }],
    [
      'the new key has a name that no key can have',
      { way: 'new-key', vaultName: 'kv-shop', keyName: 'a/b' },
    ],
    ['no identity is chosen', { way: 'identity' }],
    ['the other identity is blank', { alsoIdentity: true, identity: '  ' }],
  ])('asks for no plan while %s', (_why, answers) => {
    expect(
      intentOf('rotate', AUTOMATIC, { ...answersFor(AUTOMATIC), ...answers }),
    ).toBeUndefined();
  });

  it('asks for no plan to retire before a version is chosen', () => {
    expect(
      intentOf('retire', AUTOMATIC, answersFor(AUTOMATIC)),
    ).toBeUndefined();
  });

  it('keeps answers that are not asked to itself', () => {
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

  it('waits for a pause only where something is typed', () => {
    expect(isTyped({ kind: 'rotate', follow: 'wait' })).toBe(false);
    expect(
      isTyped({ kind: 'rotate', key: { kind: 'current' }, identity: 'x' }),
    ).toBe(true);
  });
});
