import { WRAP_PERMISSIONS } from 'backstage-plugin-acr-cmk-common';
import type { KeyFacts, RotateIntent } from 'backstage-plugin-acr-cmk-common';
import {
  ago,
  ahead,
  assignment,
  type Change,
  denied,
  known,
  NEW,
  OLD,
  encryptedRegistryWith,
  version,
} from '../../__testUtils__/encryptedRegistries';
import { presentIdentityUsable } from './checks';
import { keyCanWrap } from './keyChecks';
import type { ChangeIntent } from './intent';
import type { PlanContext, PlanDraft } from './draft';
import { MISSING, plan, statusOf, checkOf } from './__testUtils__/planOf';

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

  const unlisted = (intent: Partial<RotateIntent>, change: Change = {}) =>
    plan({ kind: 'rotate', ...intent }, change, {
      registriesComplete: false,
    }).checks.find(({ id }) => id === 'others-affected');

  it('to a new version says that registries which could not be listed keep their access', () => {
    expect(unlisted({})).toEqual({
      id: 'others-affected',
      status: 'pass',
      message:
        'No other known registry is affected. Not all registries could be listed: one that uses the key keeps its access, and switches to the new version only in automatic mode.',
    });
  });

  it.each<[string, Partial<RotateIntent>, Change]>([
    [
      'a version after a disabled one may give a key back',
      {},
      { versions: [version(NEW, { enabled: false }), version(OLD)] },
    ],
    [
      'the end of automatic rotation is for all who use the key',
      { key: { kind: 'current', mode: 'manual' }, stopRotation: true },
      {
        key: {
          rotatesByPolicy: true,
          rotationPolicy: { timeAfterCreate: 'P90D' },
        },
      },
    ],
    [
      'so is a policy that a Managed HSM needs first',
      { rotateEveryDays: 90 },
      { home: 'hsm', key: { rotatesByPolicy: false } },
    ],
  ])(
    'does not know the effect on registries that could not be listed: %s',
    (_, intent, change) => {
      expect(unlisted(intent, change)).toMatchObject({
        status: 'unknown',
        message:
          'Other registries may be affected: not all registries could be listed.',
      });
    },
  );

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
    assignments: known([assignment({ keyUses: [...WRAP_PERMISSIONS] })]),
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
