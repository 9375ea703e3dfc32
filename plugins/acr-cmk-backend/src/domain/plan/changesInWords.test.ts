import { bundleWith } from '../../__testUtils__/encryptedRegistries';
import type { Effect } from '../effects';
import { changesInWords } from './changesInWords';

const { registry } = bundleWith();
const id = registry.registryId.key;
const KEY = 'kv1/shop';
const SCOPE =
  '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv1';

it.each<[what: string, effects: Effect[], changes: string[]]>([
  [
    'a revoke by grant',
    [
      { kind: 'access-removed', scope: `${SCOPE}/keys/shop`, to: 'p' },
      { kind: 'registry-loses-key', registryId: id, key: KEY },
    ],
    [
      'Access of shopimages to the key: granted → none',
      'Grant at the key shop in the vault kv1: present → removed',
    ],
  ],
  [
    'a revoke that takes the key from others',
    [
      {
        kind: 'key-changed',
        key: KEY,
        change: 'deleted',
        usedBy: [id, '/a', '/b'],
      },
      { kind: 'registry-loses-key', registryId: id, key: KEY },
      { kind: 'registry-loses-key', registryId: '/a', key: KEY },
      { kind: 'registry-loses-key', registryId: '/b', key: KEY },
    ],
    [
      'Access of shopimages to the key: granted → none',
      'Access of 2 other registries to the key: granted → none',
      'Key shop: present → deleted',
    ],
  ],
  [
    'a restore',
    [
      {
        kind: 'key-changed',
        key: KEY,
        change: 'recovered',
        usedBy: [id, '/a'],
      },
      { kind: 'registry-regains-key', registryId: id, key: KEY },
      { kind: 'registry-regains-key', registryId: '/a', key: KEY },
    ],
    [
      'Access of shopimages to the key: none → granted',
      'Access of 1 other registry to the key: none → granted',
      'Key shop: deleted → present',
    ],
  ],
  [
    'a version that is disabled',
    [
      {
        kind: 'key-changed',
        key: KEY,
        change: 'version-disabled',
        version: 'a'.repeat(32),
        usedBy: [],
      },
    ],
    ['Key shop, version aaaaaaaa…: enabled → disabled'],
  ],
  [
    'a grant by access policy',
    [{ kind: 'access-granted', scope: SCOPE, to: 'p', usedBy: [] }],
    ['Grant at the vault kv1, for all of its keys: none → added'],
  ],
  [
    'a change of the settings alone',
    [{ kind: 'registry-changed', registryId: id }],
    [],
  ],
])('names what %s changes', (_what, effects, changes) => {
  expect(
    changesInWords(effects, registry).map(
      ({ what, before, after }) => `${what}: ${before} → ${after}`,
    ),
  ).toEqual(changes);
});
