/** Each effect on a registry that could not be listed, by the words of the table in docs/permissions.md. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KeyFacts } from 'backstage-plugin-acr-cmk-common';
import {
  encryptedRegistryWith,
  version,
} from '../../__testUtils__/encryptedRegistries';
import type { Effect } from '../../domain/effects';
import { harmToUnlisted } from './unlisted';

const VAULT =
  '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-open';
const REGISTRY = 'mine';
const KEY = 'kv-open/shop';

const { keyFacts } = encryptedRegistryWith();
if (!keyFacts.known) throw new Error('The healthy key is known');
/** Facts of the key, whose newest version is enabled or not. */
const keyWith = (newestEnabled: boolean): KeyFacts => ({
  ...keyFacts.value,
  vaultName: 'KV-Open',
  name: 'shop',
  versions: [version('newest', { enabled: newestEnabled }), version('oldest')],
});

type ChangeOfKey = Extract<Effect, { kind: 'key-changed' }>['change'];
const changed = (change: ChangeOfKey, usedBy: string[] = []): Effect => ({
  kind: 'key-changed',
  key: KEY,
  change,
  usedBy,
});
const used: Effect = {
  kind: 'registry-begins-to-use-key',
  registryId: REGISTRY,
  key: KEY,
  usedBy: [],
};
const granted = (to: string, scope = `${VAULT}/keys/shop`): Effect => ({
  kind: 'access-granted',
  scope,
  to,
  usedBy: [],
});
const removed: Effect = { kind: 'access-removed', scope: VAULT, to: 'one' };
const lost: Effect = {
  kind: 'registry-loses-key',
  registryId: REGISTRY,
  key: KEY,
};

/** Rows of the table: effects of one or more plans, and the harms that they may do. */
const ROWS: [what: string, plans: Effect[][], harm: string[]][] = [
  ['a key gets a version', [[changed('version-made', [REGISTRY])]], []],
  [
    'a key or an identity is created',
    [
      [changed('created')],
      [{ kind: 'identity-created', identity: '/identities/one' }],
    ],
    [],
  ],
  [
    'a key that the plan creates gets a rotation policy',
    [[changed('created'), changed('rotation-policy-set')]],
    [],
  ],
  [
    'a key that exists gets a rotation policy',
    [[changed('rotation-policy-set')]],
    ['use the key'],
  ],
  [
    'a registry begins to use a key that the plan creates',
    [[changed('created'), used]],
    [],
  ],
  ['a registry begins to use a key that exists', [[used]], ['use the key']],
  [
    'an identity that the plan creates gains access',
    [[granted('created-identity')], [granted('system-identity', VAULT)]],
    [],
  ],
  [
    'an identity gains access to a key that the plan creates, at that key',
    [[changed('created'), granted('one')]],
    [],
  ],
  [
    'an identity that exists gains access to a key that exists, or to a vault',
    [[granted('one')], [granted('one', VAULT), changed('created')]],
    ['get their key back'],
  ],
  [
    'access is removed, a version is disabled, a key is deleted',
    [
      [removed, lost],
      [changed('version-disabled'), lost],
      [changed('version-disabled')],
      [changed('deleted'), lost],
    ],
    ['lose their key', 'use the key'],
  ],
  [
    'a version is enabled, a key is recovered',
    [[changed('version-enabled')], [changed('recovered')]],
    ['use the key'],
  ],
];

const harmsOf = (effects: Effect[], keys: KeyFacts[]) =>
  effects.flatMap(effect => harmToUnlisted(effect, effects, { keys }) ?? []);

describe('a registry that could not be listed', () => {
  it.each(ROWS)('%s', (_what, plans, harm) => {
    const harms = plans.map(effects => harmsOf(effects, [keyWith(true)]));
    // Each of the plans alone, so that none hides behind another.
    expect(harms.every(some => some.length > 0)).toBe(harm.length > 0);
    expect([...new Set(harms.flat())]).toEqual(harm);
  });

  it.each([
    ['is disabled', [keyWith(false)]],
    ['is not known', []],
  ])('may get its key back by a version, if the newest %s', (_, keys) => {
    expect(harmsOf([changed('version-made')], keys)).toEqual(['use the key']);
  });

  it('is in the document as the gate goes by it', () => {
    const document = readFileSync(
      join(__dirname, '../../../../../docs/permissions.md'),
      'utf8',
    );
    const written = [
      ...document.matchAll(/^\| ([^|]+?) +\| [^|]+ \| (–|needed) +\|$/gm),
    ].map(([, what, needed]) => [what, needed]);
    const rows = ROWS.map(([what, , harm]) => [
      what,
      harm.length > 0 ? 'needed' : '–',
    ]);
    rows.splice(1, 0, [
      'a key gets a version while its newest one is disabled',
      'needed',
    ]);
    expect(written).toEqual(rows);
  });
});
