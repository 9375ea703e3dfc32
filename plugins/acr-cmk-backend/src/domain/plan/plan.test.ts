import {
  type AccessPolicyEntry,
  type CreateRegistryIntent,
  type Fact,
  type KeyFacts,
  openApiDocument,
  RegistryId,
  type RevokeMethodId,
  type RegistryFacts,
  type RoleAssignmentFacts,
  type VaultFacts,
} from 'backstage-plugin-acr-cmk-common';
import {
  ago,
  ahead,
  assignment,
  type Change,
  denied,
  known,
  NEW,
  OLD,
  registryOf,
  saysVault,
  bundleWith,
  encryptedRegistryWith,
  version,
} from '../../__testUtils__/encryptedRegistries';
import { givesBack, readStep } from '../steps';
import { registriesLosingKey } from '../effects';
import { findingsOf } from '../findings';
import type { NewRegistryFacts } from './draft';
import type { NewRegistryIntent } from './intent';
import { presentIdentityUsable } from './checks';
import { keyCanWrap } from './keyChecks';
import type { ChangeIntent, ExistingRegistryIntent } from './intent';
import { definitionOf } from './intents';
import { grantMethods } from './revoke/byGrant';
import { keyMethods } from './revoke/byKey';
import { guidsFrom, type PlanContext, type PlanDraft } from './draft';
import { setVersionEnabled } from '../steps/setVersionEnabled';

const { registry } = bundleWith();
const METHODS = openApiDocument.components.schemas.RevokeMethodId
  .enum as RevokeMethodId[];
const CONTEXT: PlanContext = {
  registries: [registry],
  elsewhere: [],
  registriesComplete: true,
  lacksKey: false,
  disabledVersions: new Set(),
  revokes: [],
  credentials: { rotate: true, revoke: true },
  allows: { retire: true, deleteKey: true },
  guid: guidsFrom('a test'),
};
/** Revoke methods that the registry's kind of vault supports. */
const methodsFor = (change: Change) =>
  METHODS.filter(
    method =>
      !{ ...grantMethods, ...keyMethods }[method](
        encryptedRegistryWith(change),
        CONTEXT,
      ).unsuitable,
  );
const MISSING = {
  known: false,
  problem: { kind: 'not-found', code: 'KeyNotFound', message: 'no such key' },
} as const;

const plan = (
  intent: ChangeIntent,
  change: Change = {},
  context: Partial<PlanContext> = {},
): PlanDraft => {
  const encrypted = encryptedRegistryWith(change);
  const target =
    intent.kind === 'rotate'
      ? {
          key: encrypted.key,
          vault: encrypted.vault,
          keyFacts: encrypted.keyFacts,
          assignments: encrypted.assignments,
        }
      : undefined;
  const definition = definitionOf(
    intent,
  ) as ExistingRegistryIntent<ChangeIntent>;
  return definition.plan(encrypted, intent, {
    ...CONTEXT,
    target,
    ...context,
  });
};
const statusOf = (draft: PlanDraft, id: string) =>
  draft.checks.find(check => check.id === id)?.status;
const checkOf = (draft: PlanDraft, id: string) =>
  draft.checks.find(check => check.id === id);

describe('a plan', () => {
  it.each([
    [{ kind: 'rotate' }],
    [{ kind: 'revoke' }],
    [{ kind: 'revoke', method: 'access-policy' }, { vault: denied }],
    [{ kind: 'restore' }],
    [{ kind: 'retire', version: OLD }],
  ] as [ChangeIntent][])('of %j is the same for the same facts', intent => {
    expect(plan(intent)).toEqual(plan(intent));
  });

  it('gives one remedy to each check that does not pass, and none to others', () => {
    const drafts = [
      plan({ kind: 'rotate' }, { vault: denied, key: denied }),
      plan({ kind: 'revoke' }, { vault: denied }),
      plan({ kind: 'restore' }),
      plan({ kind: 'retire', version: OLD }, { key: denied }),
    ];
    for (const { checks } of drafts) {
      for (const { id, status, remedy } of checks) {
        expect([id, remedy === undefined]).toEqual([id, status === 'pass']);
      }
    }
  });
});

describe('preflight', () => {
  it.each([
    ['registry-ready', { registry: { provisioningState: 'Updating' } }, 'warn'],
    ['registry-ready', { registry: { provisioningState: 'Failed' } }, 'warn'],
    ['registry-ready', { registry: { provisioningState: 'Deleting' } }, 'fail'],
    ['identity-attached', { registry: { userAssignedIdentities: [] } }, 'fail'],
    ['access-path', { vault: { accessPolicies: [] } }, 'fail'],
    ['access-path', { vault: denied }, 'unknown'],
    ['vault-firewall', { vault: { defaultAction: 'deny' } }, 'warn'],
    [
      'vault-firewall',
      { vault: { defaultAction: 'deny', trustedServicesBypass: false } },
      'fail',
    ],
    ['key-usable', { key: { type: 'EC' } }, 'fail'],
    ['key-usable', { key: { operations: ['sign'] } }, 'fail'],
    ['key-usable', { versions: [version(OLD, { enabled: false })] }, 'fail'],
    [
      'key-usable',
      { versions: [version(OLD, { notBefore: '2026-12-24T00:00:00Z' })] },
      'fail',
    ],
    [
      'key-usable',
      { versions: [version(OLD, { expires: '2026-11-24T00:00:00Z' })] },
      'warn',
    ],
    ['key-usable', { key: denied }, 'unknown'],
    ['converged', { versions: [version(NEW), version(OLD)] }, 'warn'],
    ['purge-protection', { vault: { purgeProtection: false } }, 'warn'],
    [
      'purge-protection',
      { home: 'hsm', vault: { purgeProtection: undefined } },
      'unknown',
    ],
    ['infrastructure-code', { mode: 'manual' }, 'warn'],
  ] as [string, Change, string][])(
    'of a rotation: %s of %j is %s',
    (id, change, status) => {
      expect(statusOf(plan({ kind: 'rotate' }, change), id)).toBe(status);
    },
  );

  it.each([
    ['credential-rotate', { credentials: { rotate: false, revoke: true } }],
  ] as [string, Partial<PlanContext>][])('%s', (id, context) => {
    expect(statusOf(plan({ kind: 'rotate' }, {}, context), id)).toBe('fail');
  });

  it('consumers that could not all be listed are unknown', () => {
    const draft = plan({ kind: 'rotate' }, {}, { registriesComplete: false });
    expect(statusOf(draft, 'others-affected')).toBe('unknown');
    expect(
      draft.checks.find(({ id }) => id === 'others-affected')?.message,
    ).toBe(
      'Other registries may be affected: not all registries could be listed.',
    );
  });

  it('touches no key of others where no version is made, whatever could be listed', () => {
    const draft = plan(
      { kind: 'rotate', key: { kind: 'current', mode: 'manual' } },
      {},
      { registriesComplete: false },
    );
    expect(statusOf(draft, 'others-affected')).toBe('pass');
  });

  it.each<[boolean, Change]>([
    [true, { mode: 'manual' }],
    [true, { mode: 'automatic' }],
    [false, { mode: 'automatic', versions: [version(NEW), version(OLD)] }],
  ])(
    'to the current key sends again what the registry has: %s, with %j',
    (isSame, change) => {
      const draft = plan({ kind: 'rotate', key: { kind: 'current' } }, change);
      const [step, ...others] = draft.steps;
      expect(others).toEqual([]);
      expect('resend' in step).toBe(isSame);
      expect(statusOf(draft, 'something-to-do')).toBe(isSame ? 'warn' : 'pass');
    },
  );

  it('is undone by a rotation, as long as the version in use stays enabled', () => {
    const { inverse } = plan({ kind: 'rotate' });
    expect(inverse.by).toBe('rotate');
    expect(inverse.message).toMatch(
      new RegExp(`keys/shop/${OLD} undoes it, as long as that version stays`),
    );
  });

  it.each<[ChangeIntent['kind'], ChangeIntent]>([
    ['restore', { kind: 'revoke' }],
    ['revoke', { kind: 'restore' }],
    ['rotate', { kind: 'rotate', key: { kind: 'current', mode: 'manual' } }],
    [
      'automatic-rotation',
      { kind: 'automatic-rotation', rotation: { kind: 'off' } },
    ],
  ])('is undone by %s: %j', (by, intent) => {
    expect(plan(intent).inverse.by).toBe(by);
  });

  it.each([
    ['an hour', { minutes: 59 }, /wait until the registry uses it/],
    ['days', { days: 3 }, /has not followed that version since .*Version mode/],
  ])(
    'says after %s what to do about a version that the registry has not taken',
    (_since, age, remedy) => {
      const versions = [version(NEW, { created: ago(age) }), version(OLD)];
      expect(
        checkOf(plan({ kind: 'rotate' }, { versions }), 'converged')?.remedy,
      ).toMatch(remedy);
    },
  );
});

describe('a rotation that turns the rotation policy off', () => {
  const FOLLOWS: Change = {
    versions: [version(NEW), version(OLD)],
    key: {
      rotatesByPolicy: true,
      rotationPolicy: { timeAfterCreate: 'P90D', expiryTime: 'P2Y' },
    },
  };
  const PIN = { kind: 'current', mode: 'manual' } as const;
  const stopping = (change: Change = FOLLOWS) =>
    plan({ kind: 'rotate', key: PIN, stopRotation: true }, change);

  it('has the vault stop before the registry is pinned, keeps the expiry, and says what returns', () => {
    const draft = stopping();
    expect(draft.steps).toMatchObject([
      { kind: 'set-rotation-policy', policy: { expiryTime: 'P2Y' } },
      { kind: 'point-registry-at-key', mode: 'manual' },
    ]);
    expect(draft.inverse.steps).toMatchObject([
      { kind: 'point-registry-at-key', mode: 'automatic' },
      { kind: 'set-rotation-policy', policy: { timeAfterCreate: 'P90D' } },
    ]);
    expect(draft.inverse.message).toContain('a new version every 90 days');
    expect(draft.changes).toContainEqual({
      what: 'Rotation policy of the key shop',
      before: 'a new version every 90 days; new versions expire after 2 years',
      after: expect.stringMatching(/^no new versions; new versions expire/),
    });
    expect(draft.effects).toContainEqual(
      expect.objectContaining({
        kind: 'key-changed',
        change: 'rotation-policy-set',
      }),
    );
  });

  it('sets none where none rotates, and refuses where the policy is not known', () => {
    expect(stopping({ mode: 'manual' }).steps.map(({ kind }) => kind)).toEqual([
      'point-registry-at-key',
    ]);
    expect(statusOf(stopping({ key: denied }), 'rotation-policy')).toBe('fail');
  });

  it('is refused for a registry that follows new versions', () => {
    expect(() => plan({ kind: 'rotate', stopRotation: true }, FOLLOWS)).toThrow(
      'intent.stopRotation',
    );
  });
});

// managed-hsm/key-rotation.md: "You must set a key rotation policy first." "Managed HSM has a limit of 100 versions
// per key."
describe('a new version of a key in a Managed HSM', () => {
  const POLICY: Partial<KeyFacts> = {
    rotatesByPolicy: true,
    rotationPolicy: { timeAfterCreate: 'P90D' },
  };
  const NO_POLICY: Partial<KeyFacts> = { rotatesByPolicy: false };
  const inHsm = (key: Change['key'], more: Change = {}): Change => ({
    home: 'hsm',
    key,
    assignments: known([assignment({ wrapsKeys: true })]),
    ...more,
  });
  const versions = (count: number) =>
    Array.from({ length: count }, (_none, index) =>
      version(index === 0 ? OLD : String(index).padStart(32, '0')),
    );
  const kinds = ({ steps }: PlanDraft) => steps.map(({ kind }) => kind);

  it('is refused without a rotation policy', () => {
    const check = checkOf(
      plan({ kind: 'rotate' }, inHsm(NO_POLICY)),
      'policy-before-rotation',
    );
    expect(check).toMatchObject({
      status: 'fail',
      message:
        'The key shop has no rotation policy, and a Managed HSM rotates no key without one.',
      remedy: expect.stringContaining('rotateEveryDays'),
    });
  });

  it('comes after a policy that the same plan sets', () => {
    const draft = plan(
      { kind: 'rotate', rotateEveryDays: 90 },
      inHsm(NO_POLICY),
    );
    expect(statusOf(draft, 'policy-before-rotation')).toBe('pass');
    expect(kinds(draft)).toEqual([
      'set-rotation-policy',
      'make-key-version',
      'point-registry-at-key',
    ]);
    expect(draft.steps[0]).toMatchObject({
      policy: { timeAfterCreate: 'P90D' },
    });
    expect(draft.inverse.message).toContain('turn off automatic rotation');
    expect(statusOf(draft, 'follows-policy')).toBe('pass');
    expect(
      statusOf(
        plan(
          { kind: 'rotate', rotateEveryDays: 90 },
          inHsm(NO_POLICY, { mode: 'manual' }),
        ),
        'follows-policy',
      ),
    ).toBe('warn');
  });

  it('sets no policy where there is one', () => {
    const draft = plan({ kind: 'rotate', rotateEveryDays: 90 }, inHsm(POLICY));
    expect(kinds(draft)).not.toContain('set-rotation-policy');
  });

  it.each<[status: string, id: string, why: string, change: Change]>([
    ['pass', 'policy-before-rotation', 'has a policy', inHsm(POLICY)],
    [
      'unknown',
      'policy-before-rotation',
      'has a policy that only sets an expiry',
      inHsm({ ...NO_POLICY, rotationPolicy: { expiryTime: 'P1Y' } }),
    ],
    ['unknown', 'policy-before-rotation', 'cannot be read', inHsm(denied)],
    [
      'pass',
      'room-for-version',
      'has 89 versions',
      inHsm(POLICY, { versions: versions(89) }),
    ],
    [
      'warn',
      'room-for-version',
      'has 99 versions',
      inHsm(POLICY, { versions: versions(99) }),
    ],
    [
      'fail',
      'room-for-version',
      'has 100 versions',
      inHsm(POLICY, { versions: versions(100) }),
    ],
    ['unknown', 'room-for-version', 'cannot be read', inHsm(denied)],
  ])('%s: %s, when the key %s', (status, id, _why, change) => {
    expect(statusOf(plan({ kind: 'rotate' }, change), id)).toBe(status);
  });

  it('has no such checks in a vault, where a policy is set up by itself', () => {
    const draft = plan({ kind: 'rotate' }, { versions: versions(150) });
    expect(checkOf(draft, 'room-for-version')).toBeUndefined();
    expect(checkOf(draft, 'policy-before-rotation')).toBeUndefined();
    expect(() => plan({ kind: 'rotate', rotateEveryDays: 90 })).toThrow(
      'is only for a new version of a key in a Managed HSM',
    );
  });
});

describe('a new key', () => {
  const intent: ChangeIntent = {
    kind: 'rotate',
    key: { kind: 'new-key', vaultName: 'kv1', keyName: 'next' },
  };
  const context = (
    change: Partial<PlanContext>,
    keyFacts: NonNullable<PlanContext['target']>['keyFacts'] = MISSING,
  ): Partial<PlanContext> => {
    const encrypted = encryptedRegistryWith();
    return {
      target: {
        key: encrypted.key,
        vault: encrypted.vault,
        keyFacts,
      },
      ...change,
    };
  };

  it('takes type and size from the present one', () => {
    const { steps } = plan(
      intent,
      { key: { type: 'RSA-HSM', size: 4096 } },
      context({}),
    );
    expect(steps[0]).toMatchObject({
      kind: 'create-key',
      type: 'RSA-HSM',
      size: 4096,
    });
  });

  it.each([
    ['free', MISSING, MISSING, 'pass'],
    ['taken', encryptedRegistryWith().keyFacts, undefined, 'fail'],
    [
      'taken by a soft-deleted key (F20)',
      MISSING,
      known({ scheduledPurgeAt: '2027-01-31T00:00:00Z' }),
      'fail',
    ],
    ['unknown', denied, undefined, 'unknown'],
    ['unknown among the deleted keys', MISSING, denied, 'unknown'],
  ] as [string, any, any, string][])(
    'whose name is %s',
    (_what, keyFacts, deletedKey, status) => {
      const check = checkOf(
        plan(intent, {}, context({ deletedKey }, keyFacts)),
        'key-name-free',
      );
      expect(check?.status).toBe(status);
    },
  );

  it.each([
    ['none', { vault: { accessPolicies: [] } }, 'fail', 'Restore it first.'],
    ['its own', {}, 'pass', undefined],
    ['what is not known', { vault: denied }, 'pass', undefined],
  ] as [string, Change, string, string | undefined][])(
    'with a plan that grants it: the data keys need the old one, to which the identity has access: %s',
    (_what, change, status, remedy) => {
      const draft = plan({ ...intent, grantAccess: true }, change, context({}));
      const check = checkOf(draft, 'old-version-usable');
      expect([check?.status, check?.remedy]).toEqual([status, remedy]);
    },
  );

  it('says that access which its plan grants stays when the plan is undone', () => {
    const { key, vault } = encryptedRegistryWith({
      vault: { accessPolicies: [] },
    });
    const target = { key, vault, keyFacts: MISSING };
    const draft = plan({ ...intent, grantAccess: true }, {}, { target });
    expect(draft.inverse.message).toContain('The access that is granted stays');
  });

  it('says until when a soft-deleted key has the name', () => {
    const draft = plan(
      intent,
      {},
      context({
        deletedKey: known({ scheduledPurgeAt: '2027-01-31T00:00:00Z' }),
      }),
    );
    expect(checkOf(draft, 'key-name-free')?.message).toContain('31 Jan 2027');
  });

  it('of a hardware type needs a premium vault', () => {
    const encrypted = encryptedRegistryWith({ vault: { sku: 'standard' } });
    const draft = plan(
      {
        kind: 'rotate',
        key: { ...intent.key, type: 'RSA-HSM' } as never,
      },
      {},
      {
        target: {
          key: encrypted.key,
          vault: encrypted.vault,
          keyFacts: MISSING,
        },
      },
    );
    expect(statusOf(draft, 'key-type')).toBe('fail');
  });
});

describe('the present identity of a registry that is to use another one', () => {
  it.each([
    ['has no access and another is attached', { accessPolicies: [] }, true, 1],
    ['has no access and the other is there', { accessPolicies: [] }, false, 0],
    ['has access', {}, true, 0],
  ])(
    'is warned about only where Azure may refuse: it %s',
    (_, vault, attaches, count) => {
      const encrypted = encryptedRegistryWith({ vault });
      const checks = presentIdentityUsable(
        encrypted,
        { ...encrypted.identity, reference: 'system' },
        attaches,
      );
      expect(checks.map(({ status }) => status)).toEqual(
        Array.from({ length: count }, () => 'warn'),
      );
    },
  );
});

describe('a revoke', () => {
  const rbac: Change = {
    vault: { permissionModel: 'rbac' },
    assignments: known([assignment()]),
  };
  const available = ({ methods = [] }: PlanDraft) =>
    methods.filter(one => one.available).map(({ method }) => method);
  const recommended = ({ methods = [] }: PlanDraft) =>
    methods.find(one => one.recommended)?.method;

  it.each([
    ['access policies', {}, 'access-policy', 'role-assignment'],
    ['role assignments', rbac, 'role-assignment', 'access-policy'],
  ] as [string, Change, RevokeMethodId, RevokeMethodId][])(
    'recommends the narrowest method in a vault with %s',
    (_what, change, method, unsuitable) => {
      const draft = plan({ kind: 'revoke' }, change);
      expect(recommended(draft)).toBe(method);
      expect(available(draft)).toEqual(methodsFor(change));
      expect(available(draft)).not.toContain(unsuitable);
      expect(draft.typedName).toBe('shopimages');
    },
  );

  it('offers the methods in the order of the API document', () => {
    const { methods = [] } = plan({ kind: 'revoke' });
    expect(methods.map(({ method }) => method)).toEqual(METHODS);
  });

  it.each(METHODS)(
    'by %s takes the key, which needs a permission, and has an inverse by which it counts as undone',
    method => {
      const fitting = [{}, rbac].find(change =>
        available(plan({ kind: 'revoke' }, change)).includes(method),
      );
      const { effects, inverse } = plan({ kind: 'revoke', method }, fitting);
      expect([...registriesLosingKey(effects)]).toEqual([
        registryOf(registry).registryId.key,
      ]);
      expect(inverse.steps.length).toBeGreaterThan(0);
      expect(
        inverse.steps.filter(spec => givesBack(spec) === undefined),
      ).toEqual([]);
    },
  );

  it.each([
    [
      'an inherited assignment',
      assignment({ scope: '/subscriptions/s/resourceGroups/rg' }),
    ],
    [
      'an assignment by a group',
      assignment({ principalId: 'a-group', principalType: 'Group' }),
    ],
  ])('says "this will not revoke" when %s survives', (_what, survivor) => {
    const change: Change = {
      ...rbac,
      assignments: known([assignment(), survivor]),
    };
    const draft = plan({ kind: 'revoke', method: 'role-assignment' }, change);
    expect(checkOf(draft, 'access-path')).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('This will not revoke'),
    });
    expect(recommended(plan({ kind: 'revoke' }, change))).toBe(
      'disable-version',
    );
  });

  it('warns of access policies that may be those of a group of the identity', () => {
    const [own] = (
      bundleWith().vault as Extract<Fact<VaultFacts>, { known: true }>
    ).value.accessPolicies;
    const withPolicies = (...others: Partial<AccessPolicyEntry>[]) =>
      checkOf(
        plan(
          { kind: 'revoke', method: 'access-policy' },
          {
            vault: {
              accessPolicies: [
                own,
                ...others.map(other => ({ ...own, ...other })),
              ],
            },
          },
        ),
        'policy-groups',
      );
    expect(withPolicies()).toBeUndefined();
    expect(withPolicies({ objectId: 'reader', keys: ['Get'] })).toBeUndefined();
    expect(withPolicies({ objectId: 'a-group' })).toMatchObject({
      status: 'warn',
      message: expect.stringContaining('let 1 other object id use'),
    });
  });

  it('never deletes a key that could be purged', () => {
    for (const change of [
      { vault: { purgeProtection: false } },
      {
        vault: { purgeProtection: false },
        key: { recoveryLevel: 'Recoverable' },
      },
      // Azure does not show it, in either way.
      { vault: { purgeProtection: undefined } },
      { key: { recoveryLevel: 'CustomizedRecoverable+Purgeable' } },
    ] as Change[]) {
      const draft = plan({ kind: 'revoke', method: 'delete-key' }, change);
      expect(statusOf(draft, 'recoverable')).toBe('fail');
      expect(draft.steps).toEqual([]);
    }
  });

  it('says until when a deletion can be undone', () => {
    const draft = plan({ kind: 'revoke', method: 'delete-key' });
    expect(draft.inverse.message).toContain('90 days');
  });

  it.each([
    // All users of the key are affected by a change of it, also with another version of it in use.
    ['disable-version', ['other', 'behind'], 1],
    ['disable-all-versions', ['other', 'behind'], 2],
    ['access-policy', ['other', 'behind'], 2],
  ] as const)(
    'by %s names the registries that it affects, and counts those that lose their key',
    (method, names, losers) => {
      const other = registryOf({
        ...registry,
        id: `${registry.id}2`,
        name: 'other',
      });
      const behind = registryOf({
        ...registry,
        id: `${registry.id}3`,
        name: 'behind',
        encryption: {
          ...registry.encryption,
          versionedKeyIdentifier: `https://kv1.vault.azure.net/keys/shop/${NEW}`,
        },
      });
      const draft = plan(
        { kind: 'revoke', method },
        { versions: [version(NEW), version(OLD)] },
        {
          registries: [registry, other, behind],
        },
      );
      expect(
        draft.affected
          .map(({ name }) => name)
          .filter(name => name !== registry.name),
      ).toEqual(names);
      expect(
        draft.methods?.find(one => one.method === method)?.alsoAffects,
      ).toBe(losers);
    },
  );

  it('stores the exact inverse', () => {
    const draft = plan(
      { kind: 'revoke', method: 'disable-all-versions' },
      {
        versions: [
          version(NEW),
          version(OLD),
          version('c'.repeat(32), { enabled: false }),
        ],
      },
    );
    expect(draft.inverse.steps).toEqual(
      draft.steps
        .filter(({ kind }) => kind === 'set-version-enabled')
        .map(step => ({ ...step, enabled: true })),
    );
    expect(draft.inverse.steps).toHaveLength(2);
  });
});

describe('a key whose vault is in no subscription in scope', () => {
  const elsewhere = {
    known: false,
    problem: {
      kind: 'not-found',
      code: 'VaultNotFound',
      message: 'no such vault in scope',
    },
  } as const;
  const facts: Change = { key: elsewhere, vault: elsewhere };
  const { key, vault, keyFacts } = encryptedRegistryWith();

  it.each<[id: string, intent: ChangeIntent, context: Partial<PlanContext>]>([
    ['key-usable', { kind: 'rotate' }, {}],
    [
      'old-version-usable',
      {
        kind: 'rotate',
        key: { kind: 'existing', keyIdentifier: key.toString() },
      },
      { target: { key, vault, keyFacts } },
    ],
    ['key-usable', { kind: 'restore' }, {}],
  ])('is not known, and not missing: %s, %j', (id, intent, context) => {
    expect(statusOf(plan(intent, facts, context), id)).toBe('unknown');
    expect(
      statusOf(plan(intent, { ...facts, key: MISSING }, context), id),
    ).toBe('fail');
  });

  it('does not keep a revoke from being undone alone, as a deleted key does', () => {
    const undone = (change: Change) =>
      plan(
        { kind: 'restore', operationId: 'one', onlyOperation: true },
        change,
        { revokes: [{ operationId: 'one', pending: true, inverse: [] }] },
      ).checks.filter(({ status }) => status === 'fail');
    expect(undone(facts)).toEqual([]);
    expect(undone({ ...facts, key: MISSING })).toMatchObject([
      { id: 'key-usable' },
    ]);
  });
});

describe('a registry that does not show its version', () => {
  const hidden: Change = {
    registry: {
      encryption: { ...registry.encryption, versionedKeyIdentifier: undefined },
    },
  };
  const message = expect.stringMatching(/does not show which version it uses/);

  it('is restored all the same', () => {
    const draft = plan(
      { kind: 'restore' },
      { ...hidden, vault: { accessPolicies: [] } },
    );
    expect(checkOf(draft, 'key-usable')).toMatchObject({
      status: 'unknown',
      message,
    });
    expect(draft.checks.filter(({ status }) => status === 'fail')).toEqual([]);
    expect(draft.steps).toContainEqual(
      expect.objectContaining({ kind: 'add-access-policy' }),
    );
  });

  it('is restored whole by the timer of a revoke that took all that is missing', () => {
    const change = { ...hidden, vault: { accessPolicies: [] } };
    const inverse = plan({ kind: 'restore' }, change).steps.filter(
      ({ kind }) => kind === 'add-access-policy',
    );
    expect(inverse).toHaveLength(1);
    const one = { operationId: 'one', inverse };
    const draft = plan(
      { kind: 'restore', operationId: 'one', onlyOperation: true },
      change,
      { revokes: [{ ...one, pending: true }] },
    );
    expect(checkOf(draft, 'stays-revoked')).toBeUndefined();
    expect(draft.steps).toContainEqual(
      expect.objectContaining({ kind: 'resend-key' }),
    );
    // And nothing is given back twice because the version is not shown.
    const again = plan({ kind: 'restore', operationId: 'one' }, hidden, {
      revokes: [{ ...one, pending: false }],
    });
    expect(again.steps).toEqual([]);
  });

  it('is said to use an enabled version only where it shows which', () => {
    const usable = (change: Change) =>
      checkOf(plan({ kind: 'rotate' }, change), 'key-usable')?.message;
    expect(usable({})).toMatch(/its version in use is enabled/);
    expect(usable(hidden)).not.toMatch(/in use/);
  });

  it('is pointed at a key all the same', () => {
    const draft = plan({ kind: 'rotate', key: { kind: 'current' } }, hidden);
    expect(checkOf(draft, 'old-version-usable')).toMatchObject({
      status: 'unknown',
      message,
    });
    expect(draft.checks.filter(({ status }) => status === 'fail')).toEqual([]);
  });
});

describe('a retirement', () => {
  const intent: ChangeIntent = { kind: 'retire', version: OLD };
  const moved: Change = {
    inUse: NEW,
    versions: [version(NEW), version(OLD)],
  };
  const movedRegistry = bundleWith(moved).registry;

  it('is for a version that every known registry has left', () => {
    const draft = plan(intent, moved, { registries: [movedRegistry] });
    expect(
      draft.checks.filter(({ status }) => status !== 'pass'),
    ).toMatchObject([{ id: 'other-services', status: 'warn' }]);
  });

  it.each([
    [
      'refused while a revoke is not undone whose restore would enable it',
      true,
    ],
    ['made once that revoke is undone', false],
  ])('is %s', (_is, pending) => {
    const enable = setVersionEnabled.build({
      key: movedRegistry.key!.at(OLD),
      enabled: true,
    });
    const draft = plan(intent, moved, {
      registries: [movedRegistry],
      revokes: [{ operationId: 'one', pending, inverse: [enable] }],
    });
    const failed = draft.checks.filter(({ status }) => status === 'fail');
    expect(failed.map(({ message }) => message)).toEqual(
      pending
        ? [
            'Revoke one is not undone yet, and its restore would enable the version again.',
          ]
        : [],
    );
  });

  it('says what other services and backups lose by it, since nobody looked at them', () => {
    const draft = plan(intent, moved, { registries: [movedRegistry] });
    expect(
      draft.checks.find(({ id }) => id === 'other-services')?.message,
    ).toMatch(/not checked.*SQL server.*backups/);
  });

  it('names the registries that have not switched yet', () => {
    const left = registryOf({
      ...registry,
      id: `${registry.id}2`,
      name: 'laggard',
    });
    const draft = plan(intent, moved, { registries: [movedRegistry, left] });
    expect(checkOf(draft, 'everybody-moved-on')).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('laggard'),
    });
  });

  it.each<[string, Partial<RegistryFacts>]>([
    ['is being changed', { provisioningState: 'Updating' }],
    [
      'does not show its version',
      {
        encryption: {
          ...movedRegistry.encryption,
          versionedKeyIdentifier: undefined,
        },
      },
    ],
  ])('waits for a registry that %s', (_why, facts) => {
    const unsure = registryOf({
      ...movedRegistry,
      id: `${registry.id}2`,
      name: 'laggard',
      ...facts,
    });
    const registries = [movedRegistry, unsure];
    expect(
      checkOf(plan(intent, moved, { registries }), 'everybody-moved-on'),
    ).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('Not known to have moved on: laggard'),
    });
  });

  it('counts registries out of scope that have not switched, and names none of them', () => {
    const left = registryOf({
      ...registry,
      id: `${registry.id}2`,
      name: 'hidden',
    });
    const draft = plan(intent, moved, {
      registries: [movedRegistry],
      elsewhere: [left],
    });
    const check = checkOf(draft, 'everybody-moved-on');
    expect(check?.status).toBe('fail');
    expect(check?.message).toContain('1 registry outside');
    expect(JSON.stringify(draft)).not.toContain('hidden');
  });

  it.each([
    [
      'not all registries are known',
      moved,
      { registriesComplete: false },
      'everybody-moved-on',
    ],
    [
      'it is the newest version',
      { inUse: NEW, versions: [version(OLD)] },
      {},
      'version-retirable',
    ],
    [
      'it is disabled already',
      {
        inUse: NEW,
        versions: [version(NEW), version(OLD, { enabled: false })],
      },
      {},
      'version-retirable',
    ],
    ['the key cannot be read', { key: denied }, {}, 'version-retirable'],
    [
      'it is not configured',
      moved,
      { allows: { retire: false, deleteKey: false } },
      'retire-allowed',
    ],
  ] as [string, Change, Partial<PlanContext>, string][])(
    'is refused when %s',
    (_why, change, context, id) => {
      const draft = plan(intent, change, {
        registries: [movedRegistry],
        ...context,
      });
      expect(statusOf(draft, id)).toBe('fail');
    },
  );
});

describe('a key that a registry is to begin to use', () => {
  it.each<[why: string, change: Change, status: string]>([
    ['is healthy', {}, 'pass'],
    ['is elliptic', { key: { type: 'EC' } }, 'fail'],
    ['does not show its type', { key: { type: '' } }, 'unknown'],
    ['does not allow wrapKey', { key: { operations: ['sign'] } }, 'fail'],
    ['is disabled', { versions: [version(OLD, { enabled: false })] }, 'fail'],
    [
      'is not valid yet',
      { versions: [version(OLD, { notBefore: ahead({ days: 1 }) })] },
      'fail',
    ],
    [
      'has expired',
      { versions: [version(OLD, { expires: ago({ days: 1 }) })] },
      'fail',
    ],
    [
      'expires soon',
      { versions: [version(OLD, { expires: ahead({ days: 29 }) })] },
      'warn',
    ],
    [
      'expires later',
      { versions: [version(OLD, { expires: ahead({ days: 31 }) })] },
      'pass',
    ],
  ])('that %s is judged before anything is written', (_why, change, status) => {
    expect(keyCanWrap(encryptedRegistryWith(change)).status).toBe(status);
  });
});

it('a key whose versions are all disabled is refused for that, not for a type that is not shown', () => {
  const draft = plan(
    { kind: 'rotate' },
    { key: { type: '' }, versions: [version(OLD, { enabled: false })] },
  );
  expect(checkOf(draft, 'key-usable')?.message).toContain('is disabled');
});

describe('a key in a Managed HSM', () => {
  const HSM_ID =
    '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg/providers/Microsoft.KeyVault/managedHSMs/hsm1';
  const KEY = 'https://hsm1.managedhsm.azure.net/keys/shop';
  const inHsm = (assignments: RoleAssignmentFacts[]): Change => ({
    registry: {
      encryption: {
        ...registry.encryption,
        keyIdentifier: KEY,
        versionedKeyIdentifier: `${KEY}/${OLD}`,
      },
    },
    vault: { id: HSM_ID, name: 'hsm1.managedhsm', permissionModel: 'rbac' },
    key: { vaultName: 'hsm1.managedhsm', type: 'RSA-HSM' },
    assignments: known(assignments),
  });
  const own = assignment({
    id: `${HSM_ID}/keys/shop/providers/Microsoft.Authorization/roleAssignments/1`,
    scope: `${HSM_ID}/keys/shop`,
    roleDefinitionId: '/roleDefinitions/33413926-3206-4cdd-b39a-83574fe37a17',
  });

  it('may be left open to a group by a revoke, which the plan says', () => {
    const check = checkOf(
      plan({ kind: 'revoke' }, inHsm([own])),
      'access-path',
    );
    expect(check?.message).toBe(
      'No role assignment of the identity itself is left after this assignment is deleted; a Managed HSM does not report group membership.',
    );
  });

  it('may be open to a group when no assignment is shown', () => {
    const message = checkOf(
      plan({ kind: 'rotate' }, inHsm([])),
      'access-path',
    )?.message;
    expect(message).toContain(
      'no access to the key of its own; a group may give it',
    );
  });

  it('without an assignment may be open to a group, as the finding says', () => {
    const [finding] = findingsOf(encryptedRegistryWith(inHsm([]))).filter(
      ({ id }) => id === 'no-access-path',
    );
    expect(finding.message).toContain(
      'no access of its own; a group may give it',
    );
  });

  const MADE: ChangeIntent = {
    kind: 'rotate',
    key: { kind: 'new-key', vaultName: 'hsm1.managedhsm', keyName: 'shop' },
  };
  const ROTATED: ChangeIntent = {
    kind: 'automatic-rotation',
    rotation: {
      kind: 'on',
      policy: { timeBeforeExpiry: 'P30D', expiryTime: 'P1Y' },
    },
  };
  it.each<[intent: ChangeIntent, change?: Change]>([
    [{ kind: 'rotate' }],
    [{ kind: 'rotate' }, { vault: denied }],
    [{ kind: 'rotate' }, { vault: { defaultAction: 'deny' } }],
    [
      { kind: 'rotate' },
      { vault: { defaultAction: 'deny', trustedServicesBypass: false } },
    ],
    [{ kind: 'rotate' }, { vault: { purgeProtection: false } }],
    [{ kind: 'rotate' }, { vault: { purgeProtection: undefined } }],
    [{ kind: 'rotate', rotateEveryDays: 90 }, { mode: 'manual' }],
    [{ kind: 'rotate' }, { assignments: denied }],
    [
      { kind: 'rotate' },
      { versions: [version(OLD, { expires: ago({ days: 1 }) })] },
    ],
    [
      {
        kind: 'rotate',
        key: { kind: 'existing', keyIdentifier: `${KEY}/${NEW}` },
      },
    ],
    [{ kind: 'rotate', key: { kind: 'current' } }],
    [MADE, { key: MISSING }],
    [MADE, { key: MISSING, vault: denied }],
    [MADE],
    ...methodsFor(inHsm([own])).flatMap((method): [ChangeIntent, Change][] => [
      [{ kind: 'revoke', method }, {}],
      [{ kind: 'revoke', method }, { vault: denied }],
      [{ kind: 'revoke', method }, { vault: { purgeProtection: false } }],
    ]),
    [{ kind: 'restore' }],
    [{ kind: 'restore' }, { assignments: known([]) }],
    [{ kind: 'restore' }, { assignments: known([]), vault: denied }],
    [{ kind: 'restore' }, { key: MISSING }],
    [{ kind: 'retire', version: OLD }, { inUse: NEW }],
    [ROTATED],
    [ROTATED, { versions: [version(OLD, { expires: ago({ days: 1 }) })] }],
  ])('is said to be in one: %j %j', (intent, change = {}) => {
    const facts: Change = {
      home: 'hsm',
      assignments: known([own]),
      ...change,
    };
    const draft = plan(intent, facts, { deletedKey: MISSING });
    const titles = draft.steps.map(spec => readStep(spec)!.planned.title);
    expect(saysVault([draft, titles])).toEqual([]);
  });

  it('is of the type RSA-HSM when it is made for a new registry', () => {
    const { key, vault, identity } = encryptedRegistryWith(inHsm([own]));
    const id = RegistryId.parse(`${registry.id}new`);
    const intent: CreateRegistryIntent = {
      kind: 'create-registry',
      location: 'westeurope',
      identity: { name: 'id-shop', create: false },
      key: {
        kind: 'new-key',
        vaultName: 'hsm1.managedhsm',
        keyName: 'shop',
      },
    };
    const draft = (
      definitionOf(intent) as NewRegistryIntent<CreateRegistryIntent>
    ).plan({ registryId: id, entityRef: 'resource:default/new', intent }, {
      ...CONTEXT,
      credentials: { ...CONTEXT.credentials, provision: true },
      registry: MISSING,
      group: known({ id: `${registry.id}`.split('/providers/')[0] }),
      name: known({ free: true }),
      locations: known(['westeurope']),
      identity,
      key,
      vault,
      keyFacts: MISSING,
      madeBefore: {},
      now: 0,
    } as unknown as NewRegistryFacts);
    expect(draft.steps).toContainEqual(
      expect.objectContaining({ kind: 'create-key', type: 'RSA-HSM' }),
    );
    expect(statusOf(draft, 'key-type')).toBe('pass');
  });

  it('is of the type RSA-HSM when it is new and nobody says otherwise', () => {
    const encrypted = encryptedRegistryWith(inHsm([own]));
    const draft = plan(
      {
        kind: 'rotate',
        key: {
          kind: 'new-key',
          vaultName: 'hsm1.managedhsm',
          keyName: 'shop',
        },
      },
      { key: { type: 'RSA' } },
      {
        target: {
          key: encrypted.key,
          vault: encrypted.vault,
          keyFacts: MISSING,
        },
      },
    );
    expect(draft.steps[0]).toMatchObject({
      kind: 'create-key',
      type: 'RSA-HSM',
    });
    expect(statusOf(draft, 'key-type')).toBe('pass');
  });
});
