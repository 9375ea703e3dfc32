/* eslint-disable jest/no-conditional-expect, jest/no-standalone-expect -- what is expected belongs to its case */
/**
 * Every kind of operation once, on the demo world: what it is asked, where it begins, what it writes
 * to Azure in which order, and what must be true at its end. `docs/operations.md` has a row for
 * each; the crash tests run each of them with a death at every moment.
 */
import type { Emulator } from 'azure-emulator';
import type { Intent, RevokeMethodId } from 'backstage-plugin-acr-cmk-common';
import type { Engine } from './engine';
import { registryId } from './demoWorld';

/** What was there before the operation. */
export interface Before {
  versions: number;
  latest: string;
  registry?: ReturnType<Emulator['state']['registry']>;
}

export interface IntentCase {
  name: string;
  registry: string;
  group?: string;
  vault: string;
  intent: Intent | ((azure: Emulator) => Intent);
  /** Brings the world to where the case begins. */
  given?(engine: Engine, azure: Emulator): Promise<void>;
  /** How far the clock moves between two turns, when it is an hour that is waited for. */
  turnSeconds?: number;
  /** Every write to Azure, in order. */
  writes: RegExp[];
  /** Did exactly what was wanted happen? */
  expectDone(azure: Emulator, before: Before): void;
}

const RBAC = 'kv-contoso-rbac';
const POLICY = 'kv-contoso-policy';

const PATCH_REGISTRY = (name: string) =>
  new RegExp(`^PATCH /.*/registries/${name}$`, 'i');
const ROTATE_KEY = (name: string) => new RegExp(`^POST /keys/${name}/rotate$`);
const CREATE_KEY = (name: string) => new RegExp(`^POST /keys/${name}/create$`);
const UPDATE_VERSION = (name: string) =>
  new RegExp(`^PATCH /keys/${name}/[0-9a-f]{32}$`);
const SET_POLICY = (name: string) =>
  new RegExp(`^PUT /keys/${name}/rotationpolicy$`);
const DELETE_KEY = (name: string) => new RegExp(`^DELETE /keys/${name}$`);
const RECOVER_KEY = (name: string) =>
  new RegExp(`^POST /deletedkeys/${name}/recover$`);
const REMOVE_POLICY = new RegExp(`/vaults/${POLICY}/accessPolicies/remove$`);
const ADD_POLICY = new RegExp(`/vaults/${POLICY}/accessPolicies/add$`);
const DELETE_ROLE = /^DELETE \/.*\/roleAssignments\/[0-9a-f-]{36}$/i;
const CREATE_ROLE = /^PUT \/.*\/roleAssignments\/[0-9a-f-]{36}$/i;

const keyUri = (vault: string, key: string) =>
  `https://${vault}.vault.azure.net/keys/${key}`;

const versionsOf = (azure: Emulator, vault: string, key: string) =>
  azure.state.key(vault, key).versions;

/** The registry uses the newest version of its key, of which there is one more than before. */
const rotatedOnce =
  (registry: string, vault: string) =>
  ({ state }: Emulator, { versions }: Before) => {
    const key = state.key(vault, registry);
    expect(key.versions).toHaveLength(versions + 1);
    expect(state.registry(registry)).toMatchObject({
      versionInUse: key.latest,
      reach: { reaches: true },
    });
  };

const pointsAt =
  (registry: string, keyIdentifier: string) =>
  ({ state }: Emulator) =>
    expect(state.registry(registry)).toMatchObject({
      keyIdentifier,
      reach: { reaches: true },
    });

const reaches =
  (registry: string, vault: string, wanted: boolean) =>
  ({ state }: Emulator, { versions }: Before) => {
    expect(state.registry(registry).reach.reaches).toBe(wanted);
    expect(state.key(vault, registry).versions).toHaveLength(versions);
  };

const enabledVersions = (azure: Emulator, vault: string, key: string) =>
  versionsOf(azure, vault, key).map(({ enabled }) => enabled);

const doneBefore =
  (registry: string, intent: Intent) => async (engine: Engine) => {
    const { id } = await engine.accept(registryId(registry), intent);
    const operation = await engine.runToEnd(id);
    expect(operation.state).toBe('succeeded');
  };

const revokedBefore = (registry: string, method?: RevokeMethodId) =>
  doneBefore(registry, { kind: 'revoke', method });

/** Somebody else, with the rights of an administrator. */
const outside =
  (method: string, url: string, body?: Record<string, unknown>) =>
  async (_engine: Engine, azure: Emulator) => {
    const { status } = await azure.outOfBand(method, url, body);
    expect(status).toBeLessThan(300);
  };

const principalOf = (azure: Emulator, registry: string) =>
  azure.state.principalId(`id-${registry}`);

/** The entry of the registry's identity says `all` beside what it says already. */
const allPermissions =
  (registry: string) => async (engine: Engine, azure: Emulator) => {
    const { id, tenantId } = azure.state.vault(POLICY);
    await outside(
      'PUT',
      `https://management.azure.com${id}/accessPolicies/add?api-version=2023-02-01`,
      {
        properties: {
          accessPolicies: [
            {
              tenantId,
              objectId: principalOf(azure, registry),
              permissions: { keys: ['all'] },
            },
          ],
        },
      },
    )(engine, azure);
  };

const permissionsOf = (azure: Emulator, registry: string) =>
  [
    ...(azure.state
      .vault(POLICY)
      .accessPolicies.find(
        ({ objectId }) => objectId === principalOf(azure, registry),
      )?.permissions.keys ?? []),
  ].sort();

const ALL_BUT_WRAPPING = [
  'backup',
  'create',
  'decrypt',
  'delete',
  'encrypt',
  'getrotationpolicy',
  'import',
  'list',
  'recover',
  'release',
  'restore',
  'rotate',
  'setrotationpolicy',
  'sign',
  'update',
  'verify',
];

const KEYS_API = '?api-version=7.5';

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
    registry: 'shopimages',
    vault: RBAC,
    intent: { kind: 'rotate', follow: 'now' },
    writes: [ROTATE_KEY('shopimages'), PATCH_REGISTRY('shopimages')],
    expectDone: rotatedOnce('shopimages', RBAC),
  },
  {
    name: 'rotate an automatic registry to a new version, and wait for it to follow',
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
    name: 'change the identity to another one, attached and let in by the plan',
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

const revokes: IntentCase[] = [
  {
    name: 'revoke by access policy',
    registry: 'ordersimages',
    vault: POLICY,
    intent: { kind: 'revoke', method: 'access-policy' },
    writes: [REMOVE_POLICY],
    expectDone: reaches('ordersimages', POLICY, false),
  },
  {
    name: 'revoke by access policy that grants all',
    registry: 'ordersimages',
    vault: POLICY,
    intent: { kind: 'revoke', method: 'access-policy' },
    given: allPermissions('ordersimages'),
    writes: [REMOVE_POLICY, ADD_POLICY],
    expectDone(azure, before) {
      reaches('ordersimages', POLICY, false)(azure, before);
      expect(permissionsOf(azure, 'ordersimages')).toEqual(ALL_BUT_WRAPPING);
    },
  },
  {
    name: 'revoke by role assignment',
    registry: 'shopimages',
    vault: RBAC,
    intent: { kind: 'revoke', method: 'role-assignment' },
    writes: [DELETE_ROLE],
    expectDone: reaches('shopimages', RBAC, false),
  },
  {
    name: 'revoke by disabling the version in use',
    registry: 'ordersimages',
    vault: POLICY,
    intent: { kind: 'revoke', method: 'disable-version' },
    writes: [UPDATE_VERSION('ordersimages')],
    expectDone(azure, before) {
      reaches('ordersimages', POLICY, false)(azure, before);
      expect(enabledVersions(azure, POLICY, 'ordersimages')).toEqual([
        true,
        false,
      ]);
    },
  },
  {
    name: 'revoke by disabling every version',
    registry: 'shopimages',
    vault: RBAC,
    intent: { kind: 'revoke', method: 'disable-all-versions' },
    writes: [UPDATE_VERSION('shopimages'), UPDATE_VERSION('shopimages')],
    expectDone(azure, before) {
      reaches('shopimages', RBAC, false)(azure, before);
      expect(enabledVersions(azure, RBAC, 'shopimages')).toEqual([
        false,
        false,
      ]);
    },
  },
  {
    name: 'revoke by deleting the key',
    registry: 'shopimages',
    vault: RBAC,
    intent: { kind: 'revoke', method: 'delete-key' },
    writes: [DELETE_KEY('shopimages')],
    expectDone(azure, before) {
      reaches('shopimages', RBAC, false)(azure, before);
      expect(azure.state.key(RBAC, 'shopimages').deleted).toBe(true);
    },
  },
];

const restores: IntentCase[] = [
  {
    name: 'restore an access policy that granted all',
    registry: 'ordersimages',
    vault: POLICY,
    intent: { kind: 'restore' },
    given: async (engine, azure) => {
      await allPermissions('ordersimages')(engine, azure);
      await revokedBefore('ordersimages', 'access-policy')(engine);
    },
    writes: [ADD_POLICY, PATCH_REGISTRY('ordersimages')],
    expectDone(azure, before) {
      reaches('ordersimages', POLICY, true)(azure, before);
      expect(permissionsOf(azure, 'ordersimages')).toEqual(
        [...ALL_BUT_WRAPPING, 'all', 'get', 'unwrapKey', 'wrapKey'].sort(),
      );
    },
  },
  {
    name: 'restore an access policy',
    registry: 'ordersimages',
    vault: POLICY,
    intent: { kind: 'restore' },
    given: revokedBefore('ordersimages'),
    writes: [ADD_POLICY, PATCH_REGISTRY('ordersimages')],
    expectDone: reaches('ordersimages', POLICY, true),
  },
  {
    name: 'restore a role assignment',
    registry: 'shopimages',
    vault: RBAC,
    intent: { kind: 'restore' },
    given: revokedBefore('shopimages'),
    writes: [CREATE_ROLE, PATCH_REGISTRY('shopimages')],
    expectDone: reaches('shopimages', RBAC, true),
  },
  {
    name: 'restore a disabled version',
    registry: 'ordersimages',
    vault: POLICY,
    intent: { kind: 'restore' },
    given: revokedBefore('ordersimages', 'disable-version'),
    writes: [UPDATE_VERSION('ordersimages'), PATCH_REGISTRY('ordersimages')],
    expectDone(azure, before) {
      reaches('ordersimages', POLICY, true)(azure, before);
      expect(enabledVersions(azure, POLICY, 'ordersimages')).toEqual([
        true,
        true,
      ]);
    },
  },
  {
    name: 'restore every disabled version',
    registry: 'shopimages',
    vault: RBAC,
    intent: { kind: 'restore' },
    given: revokedBefore('shopimages', 'disable-all-versions'),
    writes: [
      UPDATE_VERSION('shopimages'),
      UPDATE_VERSION('shopimages'),
      PATCH_REGISTRY('shopimages'),
    ],
    expectDone(azure, before) {
      reaches('shopimages', RBAC, true)(azure, before);
      expect(enabledVersions(azure, RBAC, 'shopimages')).toEqual([true, true]);
    },
  },
  {
    name: 'restore a deleted key',
    registry: 'shopimages',
    vault: RBAC,
    intent: { kind: 'restore' },
    given: revokedBefore('shopimages', 'delete-key'),
    writes: [RECOVER_KEY('shopimages'), PATCH_REGISTRY('shopimages')],
    expectDone: reaches('shopimages', RBAC, true),
  },
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

const CREATE_IDENTITY = /^PUT \/.*\/userAssignedIdentities\/id-new$/i;
const CREATE_REGISTRY = /^PUT \/.*\/registries\/newimages$/i;

const encryptedWith =
  (keyIdentifier: string) =>
  ({ state }: Emulator) =>
    expect(state.registry('newimages')).toMatchObject({
      keyIdentifier,
      provisioningState: 'Succeeded',
      tags: { 'backstage-entity-ref': 'resource:default/under-test' },
      reach: { reaches: true },
    });

const NINETY: Intent = {
  kind: 'automatic-rotation',
  rotation: { kind: 'on', policy: { timeAfterCreate: 'P90D' } },
};

/** When the vault rotates the key by its policy; nothing when it does not. */
const rotation = ({ state }: Emulator, vault: string, key: string) =>
  state
    .key(vault, key)
    .rotationPolicy?.lifetimeActions.filter(
      ({ action }) => action.type === 'Rotate',
    )
    .map(({ trigger }) => trigger);

const automations: IntentCase[] = [
  {
    name: 'set up automatic rotation for a registry that is pinned to a version',
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

/** Of which kind a case is. */
export function kindOf(
  wanted: IntentCase,
): 'rotate' | 'automate' | 'revoke' | 'restore' | 'retire' | 'create' {
  if (automations.includes(wanted)) return 'automate';
  if (rotates.includes(wanted)) return 'rotate';
  if (revokes.includes(wanted)) return 'revoke';
  if (restores.includes(wanted)) return 'restore';
  return retires.includes(wanted) ? 'retire' : 'create';
}

/** What is there before an operation of a case. What is to be made is not there. */
export function stateBefore(
  azure: Emulator,
  { registry, vault }: IntentCase,
): Before {
  const there = azure.state.registries().includes(registry);
  if (!there) return { versions: 0, latest: '' };
  const key = azure.state.key(vault, registry);
  return {
    versions: key.versions.length,
    latest: key.latest,
    registry: azure.state.registry(registry),
  };
}

/** The intent of a case, in the world as it is now. */
export function intentOf(azure: Emulator, { intent }: IntentCase): Intent {
  return typeof intent === 'function' ? intent(azure) : intent;
}
