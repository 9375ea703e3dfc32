/* eslint-disable jest/no-standalone-expect -- what is expected belongs to its case */
import type { RevokeMethodId } from 'backstage-plugin-acr-cmk-common';
/**
 * Every kind of operation once, on the demo world: what it is asked, where it begins, what it writes
 * to Azure in which order, and what must be true at its end. `docs/operations.md` describes
 * each; the crash tests run each of them with a death at every moment.
 */
import {
  ADD_POLICY,
  ALL_BUT_USES,
  allPermissions,
  CREATE_IDENTITY,
  CREATE_KEY,
  CREATE_REGISTRY,
  CREATE_ROLE,
  DELETE_KEY,
  DELETE_ROLE,
  doneBefore,
  enabledVersions,
  encryptedWith,
  KEYS_API,
  keyUri,
  NINETY,
  outside,
  PATCH_REGISTRY,
  permissionsOf,
  pointsAt,
  POLICY,
  RBAC,
  reaches,
  RECOVER_KEY,
  REMOVE_POLICY,
  revokedBefore,
  ROTATE_KEY,
  rotatedOnce,
  rotation,
  SET_POLICY,
  UPDATE_VERSION,
  versionsOf,
  type IntentCase,
} from './intentCase';

const rotates: IntentCase[] = [
  {
    name: 'rotate a manual registry to a new version',
    registry: 'ordersimages',
    vault: POLICY,
    intent: { kind: 'rotate' },
    writes: [ROTATE_KEY('ordersimages'), PATCH_REGISTRY('ordersimages')],
    expectDone: rotatedOnce('ordersimages', POLICY),
  },
  {
    name: 'rotate an automatic registry to a new version, and send it the key at once',
    fast: true,
    registry: 'shopimages',
    vault: RBAC,
    intent: { kind: 'rotate', follow: 'now' },
    writes: [ROTATE_KEY('shopimages'), PATCH_REGISTRY('shopimages')],
    expectDone: rotatedOnce('shopimages', RBAC),
  },
  {
    name: 'rotate an automatic registry to a new version, and wait for it to follow',
    fast: true,
    registry: 'shopimages',
    vault: RBAC,
    intent: { kind: 'rotate', follow: 'wait' },
    turnSeconds: 1000,
    writes: [ROTATE_KEY('shopimages')],
    expectDone: rotatedOnce('shopimages', RBAC),
  },
  {
    name: 'rotate to an older version of the key, which stays',
    registry: 'shopimages',
    vault: RBAC,
    intent: azure => ({
      kind: 'rotate',
      key: {
        kind: 'existing',
        keyIdentifier: `${keyUri(RBAC, 'shopimages')}/${
          versionsOf(azure, RBAC, 'shopimages')[0].version
        }`,
      },
    }),
    writes: [PATCH_REGISTRY('shopimages')],
    expectDone: ({ state }) =>
      expect(state.registry('shopimages')).toMatchObject({
        keyIdentifier: `${keyUri(RBAC, 'shopimages')}/${
          state.key(RBAC, 'shopimages').versions[0].version
        }`,
        reach: { reaches: true },
      }),
  },
  {
    name: 'rotate to an older version of a key whose rotation policy is turned off first',
    registry: 'shopimages',
    vault: RBAC,
    given: doneBefore('shopimages', NINETY),
    intent: azure => ({
      kind: 'rotate',
      key: {
        kind: 'existing',
        keyIdentifier: `${keyUri(RBAC, 'shopimages')}/${
          versionsOf(azure, RBAC, 'shopimages')[0].version
        }`,
      },
      stopRotation: true,
    }),
    writes: [SET_POLICY('shopimages'), PATCH_REGISTRY('shopimages')],
    expectDone(azure) {
      pointsAt(
        'shopimages',
        `${keyUri(RBAC, 'shopimages')}/${
          versionsOf(azure, RBAC, 'shopimages')[0].version
        }`,
      )(azure);
      expect(rotation(azure, RBAC, 'shopimages')).toEqual([]);
    },
  },
  {
    name: 'rotate to another key in another vault, with the access it needs',
    registry: 'ordersimages',
    vault: POLICY,
    intent: {
      kind: 'rotate',
      key: { kind: 'existing', keyIdentifier: keyUri(RBAC, 'searchimages') },
      grantAccess: true,
    },
    writes: [CREATE_ROLE, PATCH_REGISTRY('ordersimages')],
    expectDone: pointsAt('ordersimages', keyUri(RBAC, 'searchimages')),
  },
  {
    name: 'rotate to a new key in the same vault',
    registry: 'ordersimages',
    vault: POLICY,
    intent: {
      kind: 'rotate',
      key: { kind: 'new-key', vaultName: POLICY, keyName: 'orders-next' },
    },
    writes: [CREATE_KEY('orders-next'), PATCH_REGISTRY('ordersimages')],
    expectDone(azure) {
      pointsAt('ordersimages', keyUri(POLICY, 'orders-next'))(azure);
      expect(versionsOf(azure, POLICY, 'orders-next')).toHaveLength(1);
    },
  },
  {
    name: 'rotate to a new key in another vault, on its first version, with the access it needs',
    registry: 'ordersimages',
    vault: POLICY,
    intent: {
      kind: 'rotate',
      key: {
        kind: 'new-key',
        vaultName: RBAC,
        keyName: 'orders-hsm',
        mode: 'manual',
        type: 'RSA-HSM',
        size: 3072,
      },
      grantAccess: true,
    },
    writes: [
      CREATE_KEY('orders-hsm'),
      CREATE_ROLE,
      PATCH_REGISTRY('ordersimages'),
    ],
    expectDone(azure) {
      const [version] = versionsOf(azure, RBAC, 'orders-hsm');
      pointsAt(
        'ordersimages',
        `${keyUri(RBAC, 'orders-hsm')}/${version.version}`,
      )(azure);
      expect(versionsOf(azure, RBAC, 'orders-hsm')).toHaveLength(1);
    },
  },
  {
    name: 'change the mode from manual to automatic',
    registry: 'ordersimages',
    vault: POLICY,
    intent: { kind: 'rotate', key: { kind: 'current', mode: 'automatic' } },
    writes: [PATCH_REGISTRY('ordersimages')],
    expectDone: pointsAt('ordersimages', keyUri(POLICY, 'ordersimages')),
  },
  {
    name: 'change the mode from automatic to manual',
    registry: 'shopimages',
    vault: RBAC,
    intent: { kind: 'rotate', key: { kind: 'current', mode: 'manual' } },
    writes: [PATCH_REGISTRY('shopimages')],
    expectDone: (azure, { latest }) =>
      pointsAt('shopimages', `${keyUri(RBAC, 'shopimages')}/${latest}`)(azure),
  },
  {
    name: 'send the current key again, so that the registry reads it',
    registry: 'shopimages',
    vault: RBAC,
    intent: { kind: 'rotate', key: { kind: 'current' } },
    writes: [PATCH_REGISTRY('shopimages')],
    expectDone: pointsAt('shopimages', keyUri(RBAC, 'shopimages')),
  },
  {
    name: 'change the identity to another one, attached and let in by the plan',
    fast: true,
    registry: 'ordersimages',
    vault: POLICY,
    intent: {
      kind: 'rotate',
      key: { kind: 'current' },
      identity: 'id-searchimages',
      grantAccess: true,
    },
    writes: [
      PATCH_REGISTRY('ordersimages'),
      ADD_POLICY,
      PATCH_REGISTRY('ordersimages'),
    ],
    expectDone({ state }, { registry }) {
      const after = state.registry('ordersimages');
      expect(after.reach.reaches).toBe(true);
      expect(after.keyIdentifier).toBe(registry?.keyIdentifier);
      expect(after.identity).not.toBe(registry?.identity);
    },
  },
  {
    name: 'change the identity to the system-assigned one, switched on and let in by the plan',
    registry: 'shopimages',
    vault: RBAC,
    intent: {
      kind: 'rotate',
      key: { kind: 'current' },
      identity: 'system',
      grantAccess: true,
    },
    writes: [
      PATCH_REGISTRY('shopimages'),
      CREATE_ROLE,
      PATCH_REGISTRY('shopimages'),
    ],
    expectDone: ({ state }) =>
      expect(state.registry('shopimages')).toMatchObject({
        identity: 'system',
        reach: { reaches: true },
      }),
  },
];

/** A case of one method, whose intent follows from it. A restore begins after a revoke by the method, unless said. */
type MethodCase = Omit<IntentCase, 'intent'>;

/** Cases of each revoke method, and of the restore that undoes it. */
const byMethod: Record<
  RevokeMethodId,
  Record<'revoke' | 'restore', readonly [MethodCase, ...MethodCase[]]>
> = {
  'access-policy': {
    revoke: [
      {
        name: 'revoke by access policy',
        registry: 'ordersimages',
        vault: POLICY,
        writes: [REMOVE_POLICY],
        expectDone: reaches('ordersimages', POLICY, false),
      },
      {
        name: 'revoke by access policy that grants all',
        fast: true,
        registry: 'ordersimages',
        vault: POLICY,
        given: allPermissions('ordersimages'),
        writes: [REMOVE_POLICY, ADD_POLICY],
        expectDone(azure, before) {
          reaches('ordersimages', POLICY, false)(azure, before);
          expect(permissionsOf(azure, 'ordersimages')).toEqual(ALL_BUT_USES);
        },
      },
    ],
    restore: [
      {
        name: 'restore an access policy that granted all',
        registry: 'ordersimages',
        vault: POLICY,
        given: async (engine, azure) => {
          await allPermissions('ordersimages')(engine, azure);
          await revokedBefore('ordersimages', 'access-policy')(engine);
        },
        writes: [ADD_POLICY, PATCH_REGISTRY('ordersimages')],
        expectDone(azure, before) {
          reaches('ordersimages', POLICY, true)(azure, before);
          expect(permissionsOf(azure, 'ordersimages')).toEqual(
            [...ALL_BUT_USES, 'all', 'get', 'unwrapKey', 'wrapKey'].sort(),
          );
        },
      },
      {
        name: 'restore an access policy',
        registry: 'ordersimages',
        vault: POLICY,
        writes: [ADD_POLICY, PATCH_REGISTRY('ordersimages')],
        expectDone: reaches('ordersimages', POLICY, true),
      },
    ],
  },
  'role-assignment': {
    revoke: [
      {
        name: 'revoke by role assignment',
        fast: true,
        registry: 'shopimages',
        vault: RBAC,
        writes: [DELETE_ROLE],
        expectDone: reaches('shopimages', RBAC, false),
      },
    ],
    restore: [
      {
        name: 'restore a role assignment',
        registry: 'shopimages',
        vault: RBAC,
        writes: [CREATE_ROLE, PATCH_REGISTRY('shopimages')],
        expectDone: reaches('shopimages', RBAC, true),
      },
    ],
  },
  'disable-version': {
    revoke: [
      {
        name: 'revoke by disabling the version in use',
        registry: 'ordersimages',
        vault: POLICY,
        writes: [UPDATE_VERSION('ordersimages')],
        expectDone(azure, before) {
          reaches('ordersimages', POLICY, false)(azure, before);
          expect(enabledVersions(azure, POLICY, 'ordersimages')).toEqual([
            true,
            false,
          ]);
        },
      },
    ],
    restore: [
      {
        name: 'restore a disabled version',
        registry: 'ordersimages',
        vault: POLICY,
        writes: [
          UPDATE_VERSION('ordersimages'),
          PATCH_REGISTRY('ordersimages'),
        ],
        expectDone(azure, before) {
          reaches('ordersimages', POLICY, true)(azure, before);
          expect(enabledVersions(azure, POLICY, 'ordersimages')).toEqual([
            true,
            true,
          ]);
        },
      },
    ],
  },
  'disable-all-versions': {
    revoke: [
      {
        name: 'revoke by disabling every version',
        registry: 'shopimages',
        vault: RBAC,
        writes: [UPDATE_VERSION('shopimages'), UPDATE_VERSION('shopimages')],
        expectDone(azure, before) {
          reaches('shopimages', RBAC, false)(azure, before);
          expect(enabledVersions(azure, RBAC, 'shopimages')).toEqual([
            false,
            false,
          ]);
        },
      },
    ],
    restore: [
      {
        name: 'restore every disabled version',
        registry: 'shopimages',
        vault: RBAC,
        writes: [
          UPDATE_VERSION('shopimages'),
          UPDATE_VERSION('shopimages'),
          PATCH_REGISTRY('shopimages'),
        ],
        expectDone(azure, before) {
          reaches('shopimages', RBAC, true)(azure, before);
          expect(enabledVersions(azure, RBAC, 'shopimages')).toEqual([
            true,
            true,
          ]);
        },
      },
    ],
  },
  'delete-key': {
    revoke: [
      {
        name: 'revoke by deleting the key',
        fast: true,
        registry: 'shopimages',
        vault: RBAC,
        writes: [DELETE_KEY('shopimages')],
        expectDone(azure, before) {
          reaches('shopimages', RBAC, false)(azure, before);
          expect(azure.state.key(RBAC, 'shopimages').deleted).toBe(true);
        },
      },
    ],
    restore: [
      {
        name: 'restore a deleted key',
        fast: true,
        registry: 'shopimages',
        vault: RBAC,
        writes: [RECOVER_KEY('shopimages'), PATCH_REGISTRY('shopimages')],
        expectDone: reaches('shopimages', RBAC, true),
      },
    ],
  },
};
const methodCases = Object.entries(byMethod) as [
  RevokeMethodId,
  (typeof byMethod)[RevokeMethodId],
][];

const revokes = methodCases.flatMap(([method, { revoke }]) =>
  revoke.map((one): IntentCase => ({
    ...one,
    intent: { kind: 'revoke', method },
  })),
);

const restores: IntentCase[] = [
  ...methodCases.flatMap(([method, { restore }]) =>
    restore.map((one): IntentCase => ({
      given: revokedBefore(one.registry, method),
      ...one,
      intent: { kind: 'restore' },
    })),
  ),
  {
    name: 'restore a version that was disabled outside',
    registry: 'ordersimages',
    vault: POLICY,
    intent: { kind: 'restore' },
    given: (engine, azure) =>
      outside(
        'PATCH',
        `${keyUri(POLICY, 'ordersimages')}/${
          azure.state.key(POLICY, 'ordersimages').latest
        }${KEYS_API}`,
        { attributes: { enabled: false } },
      )(engine, azure),
    writes: [UPDATE_VERSION('ordersimages'), PATCH_REGISTRY('ordersimages')],
    expectDone: reaches('ordersimages', POLICY, true),
  },
  {
    name: 'restore a key that was deleted outside, while that still spreads (F22)',
    registry: 'shopimages',
    vault: RBAC,
    intent: { kind: 'restore' },
    given: outside('DELETE', `${keyUri(RBAC, 'shopimages')}${KEYS_API}`),
    writes: [RECOVER_KEY('shopimages'), PATCH_REGISTRY('shopimages')],
    expectDone: reaches('shopimages', RBAC, true),
  },
  {
    name: 'restore an access policy that was taken away outside',
    fast: true,
    registry: 'revokedimages',
    vault: POLICY,
    intent: { kind: 'restore' },
    writes: [ADD_POLICY, PATCH_REGISTRY('revokedimages')],
    expectDone: reaches('revokedimages', POLICY, true),
  },
];

const retires: IntentCase[] = [
  {
    name: 'retire an old version',
    fast: true,
    registry: 'ordersimages',
    vault: POLICY,
    intent: azure => ({
      kind: 'retire',
      version: versionsOf(azure, POLICY, 'ordersimages')[0].version,
    }),
    writes: [UPDATE_VERSION('ordersimages')],
    expectDone(azure, before) {
      reaches('ordersimages', POLICY, true)(azure, before);
      expect(enabledVersions(azure, POLICY, 'ordersimages')).toEqual([
        false,
        true,
      ]);
    },
  },
];

const automations: IntentCase[] = [
  {
    name: 'set up automatic rotation for a registry that is pinned to a version',
    fast: true,
    registry: 'ordersimages',
    vault: POLICY,
    intent: {
      kind: 'automatic-rotation',
      rotation: {
        kind: 'on',
        policy: {
          timeBeforeExpiry: 'P30D',
          expiryTime: 'P1Y',
          notifyBeforeExpiry: 'P45D',
        },
      },
    },
    writes: [PATCH_REGISTRY('ordersimages'), SET_POLICY('ordersimages')],
    expectDone(azure, { versions }) {
      pointsAt('ordersimages', keyUri(POLICY, 'ordersimages'))(azure);
      expect(azure.state.key(POLICY, 'ordersimages').rotationPolicy).toEqual({
        lifetimeActions: [
          { trigger: { timeBeforeExpiry: 'P30D' }, action: { type: 'Rotate' } },
          { trigger: { timeBeforeExpiry: 'P45D' }, action: { type: 'Notify' } },
        ],
        attributes: { expiryTime: 'P1Y' },
      });
      expect(versionsOf(azure, POLICY, 'ordersimages')).toHaveLength(versions);
    },
  },
  {
    name: 'set up automatic rotation for a registry that follows already',
    registry: 'shopimages',
    vault: RBAC,
    intent: NINETY,
    writes: [SET_POLICY('shopimages')],
    expectDone(azure) {
      pointsAt('shopimages', keyUri(RBAC, 'shopimages'))(azure);
      expect(rotation(azure, RBAC, 'shopimages')).toEqual([
        { timeAfterCreate: 'P90D' },
      ]);
    },
  },
  {
    name: 'prove automatic rotation that is set up already',
    fast: true,
    registry: 'shopimages',
    vault: RBAC,
    intent: NINETY,
    given: doneBefore('shopimages', NINETY),
    writes: [],
    expectDone: azure =>
      expect(rotation(azure, RBAC, 'shopimages')).toEqual([
        { timeAfterCreate: 'P90D' },
      ]),
  },
  {
    name: 'turn off automatic rotation',
    registry: 'shopimages',
    vault: RBAC,
    intent: { kind: 'automatic-rotation', rotation: { kind: 'off' } },
    given: doneBefore('shopimages', NINETY),
    writes: [SET_POLICY('shopimages')],
    expectDone(azure) {
      pointsAt('shopimages', keyUri(RBAC, 'shopimages'))(azure);
      expect(rotation(azure, RBAC, 'shopimages')).toEqual([]);
    },
  },
  {
    name: 'change automatic rotation back to what it was',
    registry: 'ordersimages',
    vault: POLICY,
    intent: { kind: 'automatic-rotation', rotation: { kind: 'as-before' } },
    given: doneBefore('ordersimages', NINETY),
    writes: [SET_POLICY('ordersimages'), PATCH_REGISTRY('ordersimages')],
    expectDone(azure, { latest }) {
      pointsAt(
        'ordersimages',
        `${keyUri(POLICY, 'ordersimages')}/${latest}`,
      )(azure);
      expect(rotation(azure, POLICY, 'ordersimages')).toEqual([]);
    },
  },
];

const creations: IntentCase[] = [
  {
    name: 'make a registry with a new identity and a new key that rotates by policy',
    fast: true,
    registry: 'newimages',
    group: 'rg-new',
    vault: RBAC,
    intent: {
      kind: 'create-registry',
      location: 'westeurope',
      identity: { name: 'id-new', create: true },
      key: {
        kind: 'new-key',
        vaultName: RBAC,
        keyName: 'newimages',
        size: 2048,
      },
      rotateEveryDays: 90,
    },
    writes: [
      CREATE_IDENTITY,
      CREATE_KEY('newimages'),
      SET_POLICY('newimages'),
      CREATE_ROLE,
      CREATE_REGISTRY,
    ],
    expectDone(azure) {
      encryptedWith(keyUri(RBAC, 'newimages'))(azure);
      expect(versionsOf(azure, RBAC, 'newimages')).toHaveLength(1);
    },
  },
  {
    name: 'make a registry with an existing identity and key, on its present version',
    registry: 'newimages',
    group: 'rg-new',
    vault: POLICY,
    intent: azure => ({
      kind: 'create-registry',
      location: 'westeurope',
      identity: { name: 'id-searchimages' },
      key: {
        kind: 'existing',
        keyIdentifier: `${keyUri(POLICY, 'ordersimages')}/${
          azure.state.key(POLICY, 'ordersimages').latest
        }`,
      },
    }),
    writes: [ADD_POLICY, CREATE_REGISTRY],
    expectDone: azure =>
      encryptedWith(
        `${keyUri(POLICY, 'ordersimages')}/${
          azure.state.key(POLICY, 'ordersimages').latest
        }`,
      )(azure),
  },
];

export const intentCases: readonly IntentCase[] = [
  ...rotates,
  ...automations,
  ...revokes,
  ...restores,
  ...retires,
  ...creations,
];

/** Kind of a case. */
export function kindOf(
  wanted: IntentCase,
): 'rotate' | 'automate' | 'revoke' | 'restore' | 'retire' | 'create' {
  if (automations.includes(wanted)) return 'automate';
  if (rotates.includes(wanted)) return 'rotate';
  if (revokes.includes(wanted)) return 'revoke';
  if (restores.includes(wanted)) return 'restore';
  return retires.includes(wanted) ? 'retire' : 'create';
}
