import {
  WRAP_PERMISSIONS,
  KeyIdentifier,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import { registryOf, bundleWith } from '../__testUtils__/encryptedRegistries';
import { stepKinds, type StepSpec } from './steps';
import { deleteRoleAssignment } from './steps/deleteRoleAssignment';
import {
  type Effect,
  effectsOf,
  givesBackTaken,
  locksOf,
  registriesIn,
  registriesLosingKey,
  registriesRegainingKey,
} from './effects';

const { registry: base } = bundleWith({});
const PRINCIPAL = base.userAssignedIdentities[0].principalId!;
const CLIENT = base.encryption.identity!;
const KEY = base.key!.versionless.toString();
const OF_KEY = base.key!.keyOfKey;
const VERSION = base.keyInUse!.version!;
const VAULT = `/subscriptions/1/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/${
  base.key!.vaultName
}`;
const OTHER_KEY = `https://${base.key!.vaultName}.vault.azure.net/keys/other`;

/** Like the registry of the plan, under another name. */
const another = (name: string, differs: Partial<typeof base> = {}) =>
  registryOf({
    ...base,
    id: base.id.replace(/[^/]+$/, name),
    name,
    ...differs,
  });
const sharing = another('sharing');
const elsewhere = another('elsewhere', {
  encryption: {
    ...base.encryption,
    keyIdentifier: OTHER_KEY,
    versionedKeyIdentifier: `${OTHER_KEY}/${VERSION}`,
  },
});
const behind = another('behind', {
  encryption: {
    ...base.encryption,
    versionedKeyIdentifier: `${KEY}/${'0'.repeat(32)}`,
  },
});
const registries = [registryOf(base), sharing, elsewhere, behind];
const [self, shares, usesOther, isBehind] = registries.map(
  ({ registryId }) => registryId.key,
);
const users = [self, shares, isBehind].sort();
const loses = (registryId: string, key = OF_KEY): Effect => ({
  kind: 'registry-loses-key',
  registryId,
  key,
});
const regains = (registryId: string, key = OF_KEY): Effect => ({
  kind: 'registry-regains-key',
  registryId,
  key,
});
const OF_OTHER_KEY = KeyIdentifier.parse(OTHER_KEY).keyOfKey;
const NEW = RegistryId.parse(base.id.replace(/[^/]+$/, 'brandnew'));
const IDENTITY = `/subscriptions/1/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-new`;
const access = {
  version: 1 as const,
  registryId: base.id,
  vaultId: VAULT,
  keyName: base.key!.keyName,
  principalId: PRINCIPAL,
  loginServer: base.loginServer,
};
const assignment = {
  id: `${VAULT}/providers/Microsoft.Authorization/roleAssignments/1`,
  name: '1',
  scope: `${VAULT}/keys/${base.key!.keyName}`,
  principalId: PRINCIPAL,
  principalType: 'ServicePrincipal',
  roleDefinitionId: '/roles/1',
  roleName: 'Crypto User',
};
const entry = {
  tenantId: '1',
  objectId: PRINCIPAL,
  keys: ['get'],
  secrets: [],
  certificates: [],
  storage: [],
};
const changed: Effect = {
  kind: 'registry-changed',
  registryId: self,
  key: OF_KEY,
};

/** One row at least for each kind of step. Order: as the effects are listed. */
const TABLE: [spec: StepSpec, effects: Effect[]][] = [
  [
    { kind: 'make-key-version', version: 1, key: KEY },
    [
      {
        kind: 'key-changed',
        key: OF_KEY,
        change: 'version-made',
        usedBy: users,
      },
    ],
  ],
  [
    {
      kind: 'create-key',
      version: 1,
      key: `${OTHER_KEY}2`,
      type: 'RSA',
      size: 3072,
    },
    [
      {
        kind: 'key-changed',
        key: KeyIdentifier.parse(`${OTHER_KEY}2`).keyOfKey,
        change: 'created',
        usedBy: [],
      },
    ],
  ],
  [
    {
      kind: 'set-rotation-policy',
      version: 1,
      key: KEY,
      policy: { timeAfterCreate: 'P90D' },
    },
    [
      {
        kind: 'key-changed',
        key: OF_KEY,
        change: 'rotation-policy-set',
        usedBy: users,
      },
    ],
  ],
  [
    {
      kind: 'set-version-enabled',
      version: 1,
      key: `${KEY}/${VERSION}`,
      enabled: false,
    },
    [
      {
        kind: 'key-changed',
        key: OF_KEY,
        change: 'version-disabled',
        version: VERSION,
        usedBy: users,
      },
      loses(self),
      loses(shares),
    ],
  ],
  [
    {
      kind: 'set-version-enabled',
      version: 1,
      key: `${KEY}/${VERSION}`,
      enabled: true,
    },
    [
      {
        kind: 'key-changed',
        key: OF_KEY,
        change: 'version-enabled',
        version: VERSION,
        usedBy: users,
      },
      regains(self),
      regains(shares),
    ],
  ],
  [
    { kind: 'delete-key', version: 1, key: KEY },
    [
      { kind: 'key-changed', key: OF_KEY, change: 'deleted', usedBy: users },
      loses(self),
      loses(shares),
      loses(isBehind),
    ],
  ],
  [
    { kind: 'recover-key', version: 1, key: KEY },
    [
      { kind: 'key-changed', key: OF_KEY, change: 'recovered', usedBy: users },
      regains(self),
      regains(shares),
      regains(isBehind),
    ],
  ],
  [{ kind: 'resend-key', version: 1, registryId: base.id }, [regains(self)]],
  [
    {
      kind: 'point-registry-at-key',
      version: 1,
      registryId: base.id,
      key: KEY,
      mode: 'manual',
      use: 'new-version',
      identity: CLIENT,
    },
    [changed],
  ],
  [
    {
      kind: 'point-registry-at-key',
      version: 1,
      registryId: base.id,
      key: OTHER_KEY,
      mode: 'automatic',
      use: 'new-version',
      identity: 'system',
    },
    [
      changed,
      {
        kind: 'registry-begins-to-use-key',
        registryId: self,
        key: OF_OTHER_KEY,
        usedBy: [usesOther],
      },
      {
        kind: 'registry-reached-by-identity',
        registryId: self,
        identity: 'system',
      },
    ],
  ],
  [
    {
      kind: 'attach-identity',
      version: 1,
      registryId: base.id,
      identity: IDENTITY,
    },
    [
      changed,
      {
        kind: 'registry-reached-by-identity',
        registryId: self,
        identity: IDENTITY,
      },
    ],
  ],
  [
    {
      kind: 'create-identity',
      version: 1,
      identity: IDENTITY,
      location: 'westeurope',
    },
    [{ kind: 'identity-created', identity: IDENTITY }],
  ],
  [
    {
      kind: 'create-registry',
      version: 1,
      registryId: NEW.toString(),
      location: 'westeurope',
      tags: {},
      identity: IDENTITY,
      key: KEY,
      mode: 'automatic',
      use: VERSION,
    },
    [
      { kind: 'registry-created', registryId: NEW.key },
      {
        kind: 'registry-begins-to-use-key',
        registryId: NEW.key,
        key: OF_KEY,
        usedBy: users,
      },
      {
        kind: 'registry-reached-by-identity',
        registryId: NEW.key,
        identity: IDENTITY,
      },
    ],
  ],
  [
    { kind: 'create-role-assignment', version: 1, assignment },
    [
      {
        kind: 'access-granted',
        scope: assignment.scope,
        to: PRINCIPAL,
        usedBy: users,
      },
      regains(self),
      regains(shares),
      regains(isBehind),
    ],
  ],
  [
    { kind: 'add-access-policy', version: 1, vaultId: VAULT, entry },
    [
      {
        kind: 'access-granted',
        scope: VAULT,
        to: PRINCIPAL,
        usedBy: [...users, usesOther].sort(),
      },
      regains(self),
      regains(shares),
      regains(usesOther, OF_OTHER_KEY),
      regains(isBehind),
    ],
  ],
  [
    {
      kind: 'delete-role-assignment',
      version: 1,
      assignment: { ...assignment, inherited: false } as never,
    },
    [
      { kind: 'access-removed', scope: assignment.scope, to: PRINCIPAL },
      loses(self),
      loses(shares),
      loses(isBehind),
    ],
  ],
  [
    {
      kind: 'remove-access-policy',
      version: 1,
      vaultId: VAULT,
      tenantId: '1',
      objectId: PRINCIPAL.toUpperCase(),
      keyPermissions: ['get'],
    },
    [
      { kind: 'access-removed', scope: VAULT, to: PRINCIPAL.toUpperCase() },
      loses(self),
      loses(shares),
      loses(usesOther, OF_OTHER_KEY),
      loses(isBehind),
    ],
  ],
  [
    {
      kind: 'keep-permissions',
      version: 1,
      vaultId: VAULT,
      tenantId: '1',
      objectId: PRINCIPAL.toUpperCase(),
      keyPermissions: ['list'],
    },
    [
      { kind: 'access-removed', scope: VAULT, to: PRINCIPAL.toUpperCase() },
      loses(self),
      loses(shares),
      loses(usesOther, OF_OTHER_KEY),
      loses(isBehind),
    ],
  ],
  [
    {
      kind: 'await-access',
      version: 1,
      vaultId: VAULT,
      keyName: 'shop',
      principalId: PRINCIPAL,
    },
    [],
  ],
  [
    {
      kind: 'record-pull',
      version: 1,
      registryId: base.id,
      loginServer: base.loginServer,
    },
    [],
  ],
  [{ kind: 'await-following', version: 1, registryId: base.id }, []],
  [{ kind: 'confirm-restored', ...access }, []],
  [
    {
      kind: 'confirm-rotation',
      version: 1,
      registryId: base.id,
      vaultId: VAULT,
      stored: KEY,
      policy: { timeAfterCreate: 'P90D' },
    },
    [],
  ],
  [{ kind: 'confirm-revoked', ...access }, []],
  [
    {
      kind: 'confirm-key-state',
      version: 1,
      vaultId: VAULT,
      keyName: 'shop',
      versions: [VERSION],
      usable: false,
      registryId: base.id,
      loginServer: base.loginServer,
    },
    [],
  ],
];

/** The first of its kind. */
const specOf = (kind: StepSpec['kind']) =>
  TABLE.find(([spec]) => spec.kind === kind)![0];

describe('effects of steps', () => {
  it('has a row for every kind of step', () => {
    expect([...new Set(TABLE.map(([{ kind }]) => kind))].sort()).toEqual(
      stepKinds.map(({ kind }) => kind).sort(),
    );
  });

  it.each(TABLE.map(([spec, effects]) => [spec.kind, spec, effects] as const))(
    'of %s are named with every registry that they reach',
    (_kind, spec, effects) => {
      expect(effectsOf([spec], { registries })).toEqual(effects);
    },
  );

  it('names a step of another release as one whose effects nobody knows', () => {
    const spec = { kind: 'make-key-version', version: 99 } as never;
    expect(effectsOf([spec], { registries })).toEqual([
      { kind: 'unknown', step: 'make-key-version' },
    ]);
  });

  it('counts a registry that does not show its version among those that lose a disabled one', () => {
    const unclear = another('unclear', {
      encryption: {
        ...base.encryption,
        keyIdentifier: KEY,
        versionedKeyIdentifier: undefined,
      },
    });
    expect(
      effectsOf([specOf('set-version-enabled')], { registries: [unclear] }),
    ).toContainEqual(loses(unclear.registryId.key));
  });

  it('counts whatever changes a registry without its key as what may give it a key again', () => {
    expect(
      effectsOf([specOf('point-registry-at-key')], {
        registries,
        lacking: self,
      }),
    ).toEqual([changed, regains(self)]);
    expect(
      effectsOf([specOf('point-registry-at-key')], {
        registries,
        lacking: shares,
      }),
    ).toEqual([changed]);
  });

  it.each<[string, StepSpec, boolean]>([
    ['a new version', specOf('make-key-version'), true],
    ['a policy that makes versions', specOf('set-rotation-policy'), true],
    [
      'a policy that makes none',
      {
        kind: 'set-rotation-policy',
        version: 1,
        key: KEY,
        policy: {},
      } as StepSpec,
      false,
    ],
    [
      'another version that is enabled',
      {
        kind: 'set-version-enabled',
        version: 1,
        key: `${KEY}/${'9'.repeat(32)}`,
        enabled: true,
      },
      true,
    ],
  ])(
    'counts %s as what may give its key back to a registry that follows versions and whose own is disabled',
    (_what, spec, gives) => {
      const pinned = another('pinned', {
        encryption: {
          ...base.encryption,
          keyIdentifier: `${KEY}/${VERSION}`,
        },
      });
      const effects = effectsOf([spec], {
        registries: [...registries, pinned],
        disabledVersions: new Set([`${OF_KEY}/${VERSION}`]),
      });
      expect([...registriesRegainingKey(effects)].sort()).toEqual(
        gives ? [self, shares].sort() : [],
      );
    },
  );

  it.each([
    ['its own', assignment.scope, [self, shares, isBehind]],
    ['another', `${VAULT}/keys/other`, [usesOther]],
    ['each', VAULT, [self, shares, usesOther, isBehind]],
    // Any vault may be below it.
    [
      'each',
      VAULT.replace(/\/providers.*/, ''),
      [self, shares, usesOther, isBehind],
    ],
    ['no', VAULT.replace(/[^/]+$/, 'kv-other'), []],
  ])(
    'counts the registries with %s key of the vault among those that lose it, by access that is removed at %s',
    (_key, scope, losers) => {
      const spec = deleteRoleAssignment.build({
        assignment: { ...assignment, scope, keyUses: [...WRAP_PERMISSIONS] },
      });
      const lost = [...registriesLosingKey(effectsOf([spec], { registries }))];
      expect(lost.sort()).toEqual([...losers].sort());
    },
  );

  it('names each effect once, however many steps have it', () => {
    const spec = specOf('make-key-version');
    expect(effectsOf([spec, spec], { registries })).toHaveLength(1);
  });

  it('locks the registries that change and the keys, and counts the users of a key as affected', () => {
    const effects = effectsOf(
      [specOf('make-key-version'), specOf('resend-key')],
      { registries },
    );
    expect(locksOf(effects)).toEqual([self, `key:${OF_KEY}`].sort());
    expect([...registriesIn(effects)].sort()).toEqual(users);
  });
});

describe('giving back what a revoke has taken', () => {
  const accessOf = (
    kind: 'access-granted' | 'access-removed',
    scope: string,
    to = PRINCIPAL,
  ): Effect =>
    kind === 'access-granted'
      ? { kind, scope, to, usedBy: [] }
      : { kind, scope, to };
  const changeOf = (
    change: 'version-enabled' | 'version-disabled' | 'deleted' | 'recovered',
    version?: string,
    key = OF_KEY,
  ): Effect => ({ kind: 'key-changed', key, change, version, usedBy: [] });
  const ofVault = accessOf('access-granted', VAULT);

  it.each<[what: string, boolean, given: Effect, taken: Effect]>([
    ['access at the vault', true, ofVault, accessOf('access-removed', VAULT)],
    [
      'access at the vault, after its loss at the key',
      true,
      ofVault,
      accessOf('access-removed', `${VAULT}/keys/${base.key!.keyName}`),
    ],
    [
      'access at another key',
      false,
      accessOf('access-granted', `${VAULT}/keys/one`),
      accessOf('access-removed', `${VAULT}/keys/two`),
    ],
    [
      'access of another identity',
      false,
      ofVault,
      accessOf('access-removed', VAULT, 'somebody-else'),
    ],
    [
      'the same version',
      true,
      changeOf('version-enabled', 'v1'),
      changeOf('version-disabled', 'v1'),
    ],
    [
      'another version',
      false,
      changeOf('version-enabled', 'v1'),
      changeOf('version-disabled', 'v2'),
    ],
    [
      'a version of a key that was deleted',
      true,
      changeOf('version-enabled', 'v1'),
      changeOf('deleted'),
    ],
    [
      'a version of another key',
      false,
      changeOf('version-enabled', 'v1', 'vault/other'),
      changeOf('deleted'),
    ],
    [
      'access, where a version was disabled',
      false,
      ofVault,
      changeOf('version-disabled', 'v1'),
    ],
  ])('%s: %s', (_what, expected, given, taken) => {
    expect(
      givesBackTaken([given], { effects: [taken], everyVersion: false }),
    ).toBe(expected);
  });

  it('takes every version for one of a revoke of all, also those that were disabled before', () => {
    expect(
      givesBackTaken([changeOf('version-enabled', 'v1')], {
        effects: [changeOf('version-disabled', 'v2')],
        everyVersion: true,
      }),
    ).toBe(true);
  });
});
