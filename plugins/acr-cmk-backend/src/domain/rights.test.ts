import {
  WRAP_PERMISSIONS,
  KeyIdentifier,
} from 'backstage-plugin-acr-cmk-common';
import {
  denied,
  known,
  bundleWith,
} from '../__testUtils__/encryptedRegistries';
import type { StepSpec } from './steps';
import { attachIdentity } from './steps/attachIdentity';
import { deleteRoleAssignment } from './steps/deleteRoleAssignment';
import { makeKeyVersion } from './steps/makeKeyVersion';
import { resendKey } from './steps/resendKey';
import { gives, type LockFacts, type PermissionSet } from './steps/rights';
import { setVersionEnabled } from './steps/setVersionEnabled';
import {
  noLocks,
  ownRights,
  type OwnCredentialFacts,
  rightsOf,
} from './rights';

const bundle = bundleWith();
const vault = bundle.vault?.known ? bundle.vault.value : undefined;
const rbac = { ...vault!, permissionModel: 'rbac' as const };
const KEY = KeyIdentifier.of('kv1', 'shop');
const ROTATE = makeKeyVersion.build({ key: KEY });
const OWN = 'cccccccc-0000-4000-8000-000000000000';

const block = (change: Partial<PermissionSet>): PermissionSet => ({
  actions: [],
  notActions: [],
  dataActions: [],
  notDataActions: [],
  ...change,
});
const rights = rightsOf(ROTATE, (key: KeyIdentifier) =>
  key.vaultName === 'kv1' ? rbac.id : undefined,
);

describe('what a role allows', () => {
  const action = 'Microsoft.ContainerRegistry/registries/write';
  it.each([
    ['the action itself', [action], [], true],
    ['in another case', [action.toUpperCase()], [], true],
    ['a star at the end', ['Microsoft.ContainerRegistry/*'], [], true],
    ['a star in the middle', ['Microsoft.*/registries/write'], [], true],
    ['everything', ['*'], [], true],
    ['everything but this', ['*'], [action], false],
    ['everything but writes', ['*'], ['*/write'], false],
    [
      'another action',
      ['Microsoft.ContainerRegistry/registries/read'],
      [],
      false,
    ],
    ['a longer one', [`${action}/extra`], [], false],
    [
      'a dot that is none',
      ['MicrosoftxContainerRegistry/registries/write'],
      [],
      false,
    ],
  ])('%s', (_what, actions, notActions, allowed) => {
    expect(gives([block({ actions, notActions })], { action })).toBe(allowed);
  });

  it('what one block takes back another may give', () => {
    expect(
      gives(
        [
          block({ actions: ['*'], notActions: [action] }),
          block({ actions: [action] }),
        ],
        { action },
      ),
    ).toBe(true);
  });

  it('data actions are not actions', () => {
    expect(gives([block({ actions: ['*'] })], rights[0])).toBe(false);
    expect(gives([block({ dataActions: ['*'] })], rights[0])).toBe(true);
  });
});

describe('our own rights', () => {
  const judge = (standing: Partial<OwnCredentialFacts>) =>
    ownRights(rights, {
      permissions: () => known([]),
      vault: () => rbac,
      objectId: () => OWN,
      ...standing,
    });

  it('pass when every step may be done', () => {
    expect(
      judge({
        permissions: () =>
          known([block({ dataActions: ['Microsoft.KeyVault/vaults/keys/*'] })]),
      }).status,
    ).toBe('pass');
  });

  it('fail with credential, action and scope', () => {
    const check = judge({});
    expect(check.status).toBe('fail');
    expect(check.message).toContain(
      'rotate: Microsoft.KeyVault/vaults/keys/rotate/action at the key shop',
    );
    expect(check.remedy).toContain('docs/permissions.md');
  });

  it('name the smallest role for an identity that a registry is to get', () => {
    const { registry } = bundle;
    const attach = attachIdentity.build({
      registryId: registry.id,
      identity: registry.userAssignedIdentities[0].resourceId,
    });
    const { status, remedy } = ownRights(
      rightsOf(attach, () => undefined),
      {
        permissions: () =>
          known([block({ actions: ['Microsoft.ContainerRegistry/*'] })]),
        vault: () => undefined,
        objectId: () => OWN,
      },
    );
    expect(status).toBe('fail');
    expect(remedy).toContain('Managed Identity Operator');
    expect(judge({}).remedy).not.toContain('Managed Identity Operator');
  });

  it('are unknown when they could not be asked', () => {
    expect(judge({ permissions: () => denied }).status).toBe('unknown');
  });

  it.each([
    ['held', ['List', 'Rotate'], 'pass'],
    ['all', ['all'], 'pass'],
    ['not seen', ['list'], 'unknown'],
  ])('in a vault with access policies are %s', (_what, keys, status) => {
    const policies = {
      ...vault!,
      accessPolicies: [
        {
          tenantId: vault!.tenantId,
          objectId: OWN,
          keys,
          secrets: [],
          certificates: [],
          storage: [],
        },
      ],
    };
    expect(judge({ vault: () => policies }).status).toBe(status);
  });
});

describe('locks', () => {
  const { registry } = bundle;
  const resend = resendKey.build({ registryId: registry.id });
  const remove = deleteRoleAssignment.build({
    assignment: {
      id: `${rbac.id}/providers/Microsoft.Authorization/roleAssignments/1`,
      name: '1',
      scope: rbac.id,
      principalId: OWN,
      principalType: 'ServicePrincipal',
      roleDefinitionId: '/x',
      roleName: 'x',
      keyUses: [...WRAP_PERMISSIONS],
    },
  });
  const disable = setVersionEnabled.build({
    key: KEY.at('a'.repeat(32)),
    enabled: false,
  });
  const lock = (level: LockFacts['level']): LockFacts => ({
    id: `${rbac.id}/providers/Microsoft.Authorization/locks/keep`,
    name: 'keep',
    level,
    scope: rbac.id,
  });

  it.each([
    ['none', resend, [], 'pass'],
    [
      'ReadOnly, and the registry is changed',
      resend,
      [lock('ReadOnly')],
      'fail',
    ],
    [
      'CanNotDelete, and the registry is changed',
      resend,
      [lock('CanNotDelete')],
      'pass',
    ],
    [
      'CanNotDelete, and an assignment is deleted',
      remove,
      [lock('CanNotDelete')],
      'fail',
    ],
    [
      'ReadOnly, and a version is disabled: the data plane knows no locks',
      disable,
      [lock('ReadOnly')],
      'pass',
    ],
  ] as [string, StepSpec, LockFacts[], string][])(
    '%s',
    (_what, step, locks, status) => {
      expect(noLocks([step], () => known(locks)).status).toBe(status);
    },
  );

  it('are unknown when they could not be read', () => {
    expect(noLocks([resend], () => denied).status).toBe('unknown');
  });
});
