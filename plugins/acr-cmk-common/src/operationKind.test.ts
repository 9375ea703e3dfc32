import type { EncryptionFields, Intent } from './model';
import { operationKindOf, type OperationKind } from './operationKind';

const KEY_URI = 'https://kv-contoso.vault.azure.net/keys/shop';
const version = (n: number) => String(n).repeat(32);
const before: EncryptionFields = {
  status: 'enabled',
  keyIdentifier: KEY_URI,
  versionedKeyIdentifier: `${KEY_URI}/${version(2)}`,
  identity: 'system',
  keyRotationEnabled: true,
};
const newer = {
  ...before,
  versionedKeyIdentifier: `${KEY_URI}/${version(3)}`,
};
const manual = { ...before, keyRotationEnabled: false };

it.each<
  [what: string, kind: OperationKind, intent: Intent, after?: typeof before]
>([
  ['a new version', 'rotate', { kind: 'rotate' }],
  [
    'another key',
    'change-key',
    {
      kind: 'rotate',
      key: {
        kind: 'existing',
        keyIdentifier: `https://kv-platform.vault.azure.net/keys/a/${version(
          1,
        )}`,
      },
    },
  ],
  [
    'another version of the same key',
    'change-version',
    {
      kind: 'rotate',
      key: { kind: 'existing', keyIdentifier: `${KEY_URI}/${version(1)}` },
    },
  ],
  [
    'a new key',
    'change-key',
    { kind: 'rotate', key: { kind: 'new-key', vaultName: 'a', keyName: 'b' } },
  ],
  [
    'another mode',
    'change-mode',
    { kind: 'rotate', key: { kind: 'current', mode: 'manual' } },
    manual,
  ],
  [
    'the current key again, so that the registry reads it',
    'resend-key',
    { kind: 'rotate', key: { kind: 'current', mode: 'automatic' } },
  ],
  [
    'the current key again, so that the registry moves on to its latest version',
    'change-version',
    { kind: 'rotate', key: { kind: 'current', mode: 'automatic' } },
    newer,
  ],
  [
    'another identity',
    'change-identity',
    { kind: 'rotate', key: { kind: 'current' }, identity: 'id-platform' },
  ],
  ['a revoke', 'revoke', { kind: 'revoke' }],
  ['a restore', 'restore', { kind: 'restore' }],
])('calls %s: %s', (_what, kind, intent, after = before) => {
  expect(operationKindOf({ intent, plan: { before, after } })).toBe(kind);
});
