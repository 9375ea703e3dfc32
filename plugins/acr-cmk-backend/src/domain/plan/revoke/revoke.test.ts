import { registriesLosingKey } from '../../effects';
import {
  type AccessPolicyEntry,
  type Fact,
  type RevokeMethodId,
  type VaultFacts,
} from 'backstage-plugin-acr-cmk-common';
import {
  assignment,
  type Change,
  known,
  NEW,
  OLD,
  registryOf,
  bundleWith,
  version,
} from '../../../__testUtils__/encryptedRegistries';
import { givesBack } from '../../steps';
import type { PlanDraft } from '../draft';
import {
  METHODS,
  methodsFor,
  plan,
  statusOf,
  checkOf,
} from '../__testUtils__/planOf';

const { registry } = bundleWith();

const ownPolicies = () =>
  (bundleWith().vault as Extract<Fact<VaultFacts>, { known: true }>).value
    .accessPolicies;

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

  it('deletes every assignment of the identity that unwraps, whatever else its role lacks', () => {
    const left = assignment({
      id: '/left',
      roleName: 'Unwrap only',
      keyUses: ['get', 'unwrapKey'],
    });
    const reader = assignment({
      id: '/reader',
      roleName: 'Reader of keys',
      keyUses: ['get'],
    });
    const draft = plan(
      { kind: 'revoke', method: 'role-assignment' },
      { ...rbac, assignments: known([assignment(), left, reader]) },
    );
    const deleted = draft.steps.flatMap(step =>
      step.kind === 'delete-role-assignment' ? [step.assignment.id] : [],
    );
    expect(deleted).toEqual([assignment().id, '/left']);
    expect(
      draft.inverse.steps.map(step =>
        step.kind === 'create-role-assignment' ? step.assignment.keyUses : step,
      ),
    ).toEqual([assignment().keyUses, ['get', 'unwrapKey']]);
  });

  it.each([
    [['UnwrapKey'], ['UnwrapKey']],
    [
      ['Get', 'List', 'Decrypt'],
      ['Get', 'Decrypt'],
    ],
  ])(
    'takes from an access policy with %j what uses the key, and stores exactly that',
    (keys, taken) => {
      const [own] = ownPolicies();
      const draft = plan(
        { kind: 'revoke', method: 'access-policy' },
        { vault: { accessPolicies: [{ ...own, keys }] } },
      );
      expect(draft.checks.filter(({ status }) => status === 'fail')).toEqual(
        [],
      );
      expect(
        draft.steps.flatMap(step =>
          step.kind === 'remove-access-policy' ? [step.keyPermissions] : [],
        ),
      ).toEqual([taken]);
      expect(draft.inverse.steps).toMatchObject([
        { kind: 'add-access-policy', entry: { keys: taken } },
      ]);
    },
  );

  it('warns of access policies that may be those of a group of the identity', () => {
    const [own] = ownPolicies();
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
