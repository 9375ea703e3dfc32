import {
  type Change,
  denied,
  OLD,
  bundleWith,
  encryptedRegistryWith,
} from '../../__testUtils__/encryptedRegistries';
import type { ChangeIntent } from './intent';
import type { PlanContext } from './draft';
import { MISSING, plan, statusOf, checkOf } from './__testUtils__/planOf';

const { registry } = bundleWith();

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
