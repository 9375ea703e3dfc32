import type { Intent } from 'backstage-plugin-acr-cmk-common';
import {
  ago,
  assignment,
  bundleWith,
  type Change,
  encryptedRegistryWith,
  known,
  NEW,
  OLD,
  version,
} from '../../__testUtils__/encryptedRegistries';
import { findingsOf } from '../findings';
import { stateOf } from '../state';
import { afterwardsOf, factsAfter } from './afterwards';
import { guidsFrom, type PlanContext } from './draft';
import type { ChangeIntent, ExistingRegistryIntent } from './intent';
import { definitionOf } from './intents';
import { NO_SERVICES } from './__testUtils__/planOf';

const { registry } = bundleWith();
const VERSIONLESS = 'https://kv1.vault.azure.net/keys/shop';
const at = (id: string) => `${VERSIONLESS}/${id}`;
const TWO: Change = {
  inUse: NEW,
  versions: [version(NEW, { created: ago({ days: 3 }) }), version(OLD)],
};

function planned(
  intent: ChangeIntent,
  change: Change = {},
  more: Partial<PlanContext> = {},
) {
  const encrypted = encryptedRegistryWith(change);
  const { key, vault, keyFacts, assignments } = encrypted;
  const context: PlanContext = {
    registries: [registry],
    elsewhere: [],
    registriesComplete: true,
    ...NO_SERVICES,
    lacksKey: false,
    disabledVersions: new Set(),
    revokes: [],
    credentials: { rotate: true, revoke: true },
    allows: { retire: true, deleteKey: true },
    guid: guidsFrom('a test'),
    ...(intent.kind === 'rotate' && {
      target: { key, vault, keyFacts, assignments },
    }),
    ...more,
  };
  const definition = definitionOf(
    intent,
  ) as ExistingRegistryIntent<ChangeIntent>;
  const { steps } = definition.plan(encrypted, intent, context);
  return { encrypted, steps, context };
}

function afterwards(
  intent: ChangeIntent,
  change?: Change,
  more?: Partial<PlanContext>,
) {
  const { encrypted, steps, context } = planned(intent, change, more);
  return afterwardsOf(encrypted, { steps, intent }, context);
}

const back: Intent = {
  kind: 'rotate',
  key: { kind: 'existing', keyIdentifier: at(OLD) },
};
const backTo = (change: Change, more: Partial<ChangeIntent> = {}) => {
  const { key, vault, keyFacts } = encryptedRegistryWith(change);
  return [
    { ...back, ...more } as ChangeIntent,
    change,
    { target: { key: key.at(OLD), vault, keyFacts } },
  ] as const;
};

describe('what a plan leads to', () => {
  it('says of access that is revoked on purpose nothing about giving it back by hand', () => {
    const { begins } = afterwards({ kind: 'revoke', method: 'access-policy' });
    expect(begins.map(({ id, remedy }) => [id, remedy])).toEqual([
      ['no-access-path', undefined],
    ]);
  });

  it('is the pinned-key trap, for an older version of a key that rotates by policy', () => {
    expect(afterwards(...backTo(TWO))).toMatchObject({
      state: {
        id: 'pinned-key-trap',
        message: expect.stringContaining('Pinned to version aaaaaaaa…'),
      },
      begins: [{ id: 'pinned-key-trap' }],
      ends: [],
      stopRotation: true,
    });
  });

  it('does not end what manual mode only hides', () => {
    const noPolicy = { ...TWO, key: { rotatesByPolicy: false } };
    expect(afterwards(...backTo(noPolicy))).toMatchObject({
      state: { id: 'behind-by-choice' },
      ends: [],
    });
  });

  it('is a registry that was left behind by choice, where the same plan turns the policy off', () => {
    const { state, begins, stopRotation } = afterwards(
      ...backTo(TWO, { stopRotation: true }),
    );
    expect(state.id).toBe('behind-by-choice');
    expect(begins.map(({ id }) => id)).toEqual(['older-version-pinned']);
    expect(stopRotation).toBeUndefined();
  });

  it('is the latest version, and the end of what a rotation mends', () => {
    expect(
      afterwards(
        { kind: 'rotate' },
        {
          mode: 'manual',
          versions: [version(NEW), version(OLD)],
          registry: { provisioningState: 'Failed' },
        },
      ),
    ).toMatchObject({
      state: { id: 'current' },
      begins: [],
      ends: [{ id: 'last-change-failed' }, { id: 'older-version-pinned' }],
    });
  });

  it('names the new version in words, since the vault has not named it', () => {
    const { state } = afterwards(
      { kind: 'rotate' },
      {
        mode: 'manual',
        key: {
          rotatesByPolicy: true,
          rotationPolicy: { timeAfterCreate: 'P90D' },
        },
      },
    );
    expect(state).toEqual({
      id: 'pinned-key-trap',
      message:
        'Pinned to the new version, while the vault kv1 rotates the key by policy',
    });
  });

  it.each<[state: string, intent: ChangeIntent, change: Change]>([
    ['revoked', { kind: 'revoke', method: 'access-policy' }, {}],
    ['revoked', { kind: 'revoke', method: 'disable-version' }, {}],
    ['revoked', { kind: 'revoke', method: 'delete-key' }, {}],
    [
      'revoked',
      { kind: 'revoke', method: 'role-assignment' },
      {
        vault: { permissionModel: 'rbac' },
        assignments: known([assignment()]),
      },
    ],
    ['current', { kind: 'restore' }, { vault: { accessPolicies: [] } }],
    [
      'current',
      { kind: 'restore' },
      { vault: { permissionModel: 'rbac' }, assignments: known([]) },
    ],
    [
      'current',
      {
        kind: 'automatic-rotation',
        rotation: { kind: 'on', policy: { timeAfterCreate: 'P90D' } },
      },
      { mode: 'manual' },
    ],
    ['current', { kind: 'retire', version: OLD }, TWO],
  ])('is %s, for %j', (state, intent, change) => {
    expect(afterwards(intent, change, { lacksKey: true }).state.id).toBe(state);
  });

  it('is not known, where the plan recovers a key whose versions nobody sees', () => {
    expect(
      afterwards(
        { kind: 'restore' },
        {
          key: {
            known: false,
            problem: {
              kind: 'not-found',
              code: 'KeyNotFound',
              message: 'no such key',
            },
          },
        },
        { lacksKey: true, deletedKey: known({}) },
      ).state.id,
    ).toBe('unknown');
  });

  it('leaves a registry as it is, without steps', () => {
    const { encrypted, context } = planned({ kind: 'rotate' }, TWO);
    expect(factsAfter(encrypted, [], context)).toEqual(encrypted);
    expect(
      afterwardsOf(
        encrypted,
        { steps: [], intent: { kind: 'rotate' } },
        context,
      ),
    ).toEqual({
      state: stateOf(encrypted, findingsOf(encrypted)),
      begins: [],
      ends: [],
    });
  });
});
