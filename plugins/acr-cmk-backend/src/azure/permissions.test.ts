import { WRAP_PERMISSIONS } from 'backstage-plugin-acr-cmk-common';
import { allows, covers, keyUsesOf } from './permissions';
import type { PermissionSet } from './ports';

const set = (some: Partial<PermissionSet>): PermissionSet => ({
  actions: [],
  notActions: [],
  dataActions: [],
  notDataActions: [],
  ...some,
});

const READ_WRAP_UNWRAP = [
  'Microsoft.KeyVault/vaults/keys/read',
  'Microsoft.KeyVault/vaults/keys/wrap/action',
  'Microsoft.KeyVault/vaults/keys/unwrap/action',
];

describe('a role lets a registry use its key', () => {
  it.each<[why: string, sets: PermissionSet[], verdict: boolean]>([
    ['the three by name', [set({ dataActions: READ_WRAP_UNWRAP })], true],
    [
      'in another case',
      [set({ dataActions: READ_WRAP_UNWRAP.map(a => a.toLowerCase()) })],
      true,
    ],
    [
      'by a wildcard at the end',
      [set({ dataActions: ['Microsoft.KeyVault/vaults/keys/*'] })],
      true,
    ],
    ['by a wildcard for all', [set({ dataActions: ['*'] })], true],
    [
      'by a wildcard in the middle',
      [set({ dataActions: ['Microsoft.KeyVault/*/keys/*'] })],
      true,
    ],
    [
      'unwrap taken back',
      [
        set({
          dataActions: ['Microsoft.KeyVault/vaults/keys/*'],
          notDataActions: ['Microsoft.KeyVault/vaults/keys/unwrap/action'],
        }),
      ],
      false,
    ],
    [
      'taken back by a wildcard',
      [set({ dataActions: ['*'], notDataActions: ['*/unwrap/*'] })],
      false,
    ],
    [
      'taken back in one block, given by another',
      [
        set({ dataActions: ['*'], notDataActions: READ_WRAP_UNWRAP }),
        set({ dataActions: READ_WRAP_UNWRAP }),
      ],
      true,
    ],
    [
      'spread over two blocks',
      [
        set({ dataActions: READ_WRAP_UNWRAP.slice(0, 1) }),
        set({ dataActions: READ_WRAP_UNWRAP.slice(1) }),
      ],
      true,
    ],
    [
      'wrap is missing',
      [set({ dataActions: [READ_WRAP_UNWRAP[0], READ_WRAP_UNWRAP[2]] })],
      false,
    ],
    ['Owner has no data actions', [set({ actions: ['*'] })], false],
    ['no block at all', [], false],
  ])('%s', (_why, sets, verdict) => {
    expect(
      WRAP_PERMISSIONS.every(use => keyUsesOf(sets, false).includes(use)),
    ).toBe(verdict);
  });
});

describe('a pattern of a role', () => {
  it('reads a dot literally', () => {
    expect(covers('Microsoft.KeyVault/*', 'MicrosoftXKeyVault/vaults')).toBe(
      false,
    );
  });

  it('covers whole actions only', () => {
    expect(
      covers(
        'Microsoft.KeyVault/vaults/keys/read',
        'Microsoft.KeyVault/vaults/keys/read/more',
      ),
    ).toBe(false);
  });

  it('of the control plane says nothing of the data plane', () => {
    const sets = [set({ actions: ['*'] })];
    expect(allows(sets, 'Microsoft.KeyVault/vaults/read', 'control')).toBe(
      true,
    );
    expect(allows(sets, 'Microsoft.KeyVault/vaults/keys/read', 'data')).toBe(
      false,
    );
  });
});
