import type { Intent } from 'backstage-plugin-acr-cmk-common';
import { planWith } from '../../fixtures/plans';
import { version } from '../../fixtures/ids';
import { KEY_URI } from '../../fixtures/keys';
import { operationKindOf, type OperationKind } from './operationKind';

const { before } = planWith();
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
    'rotate',
    { kind: 'rotate', key: { kind: 'current', mode: 'automatic' } },
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
