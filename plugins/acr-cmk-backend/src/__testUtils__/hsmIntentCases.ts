/* eslint-disable jest/no-conditional-expect, jest/no-standalone-expect -- what is expected belongs to its case */
/** Every kind of operation once where the key is in a Managed HSM, in the world `demo-hsm`. */
import type { Emulator } from 'azure-emulator';
import type { Intent } from 'backstage-plugin-acr-cmk-common';
import { registryId } from './demoWorld';
import type { Engine } from './engine';
import { asAdmin } from './asAdmin';
import {
  KEYS_API,
  NINETY,
  pointsAt,
  type Before,
  type IntentCase,
} from './intentCase';

const HSM = 'hsm-contoso.managedhsm';
const KEYS = 'https://hsm-contoso.managedhsm.azure.net/keys';
const KEY = `${KEYS}/hsmimages`;
const VAULT_KEY = 'https://kv-contoso-rbac.vault.azure.net/keys/searchimages';

const IN_HSM = { registry: 'hsmimages', group: 'rg-hsm', vault: HSM };
const IN_VAULT = { registry: 'ordersimages', vault: 'kv-contoso-policy' };
const NEW = { registry: 'newimages', group: 'rg-new', vault: HSM };

const ROTATE = /^POST \/keys\/hsmimages\/rotate$/;
const SET_POLICY = /^PUT \/keys\/hsmimages\/rotationpolicy$/;
const UPDATE_VERSION = /^PATCH \/keys\/hsmimages\/[0-9a-f]{32}$/;
const PATCH_REGISTRY = /^PATCH .*\/registries\/hsmimages$/i;
const hsmRole = (method: string, key: string) =>
  new RegExp(
    `^${method} /keys/${key}/providers/Microsoft.Authorization/roleAssignments/[0-9a-f-]{36}$`,
  );

const versionsOf = ({ state }: Emulator) =>
  state.key(HSM, 'hsmimages').versions;
const oldest = (azure: Emulator) => versionsOf(azure)[0].version;

const rotatedOnce = ({ state }: Emulator, { versions }: Before) => {
  const key = state.key(HSM, 'hsmimages');
  expect(key.versions).toHaveLength(versions + 1);
  expect(state.registry('hsmimages')).toMatchObject({
    versionInUse: key.latest,
    reach: { reaches: true },
  });
};

const reaches =
  (wanted: boolean) =>
  (azure: Emulator, { versions }: Before) => {
    expect(azure.state.registry('hsmimages').reach.reaches).toBe(wanted);
    expect(versionsOf(azure)).toHaveLength(versions);
  };

const doneBefore = (intent: Intent) => async (engine: Engine) => {
  const { id } = await engine.accept(registryId('hsmimages', 'rg-hsm'), intent);
  expect((await engine.runToEnd(id)).state).toBe('succeeded');
};

/** Time when the HSM rotates the key by its policy. */
const rotation = ({ state }: Emulator) =>
  state
    .key(HSM, 'hsmimages')
    .rotationPolicy?.lifetimeActions.filter(
      ({ action }) => action.type === 'Rotate',
    )
    .map(({ trigger }) => trigger);

export const hsmIntentCases: readonly IntentCase[] = [
  {
    name: 'rotate to a new version, and send it the key at once',
    ...IN_HSM,
    intent: { kind: 'rotate', follow: 'now' },
    writes: [ROTATE, PATCH_REGISTRY],
    expectDone: rotatedOnce,
  },
  {
    name: 'rotate a key that has no policy, and set one first',
    ...IN_HSM,
    // A blank policy is none: managed-hsm/key-rotation.md.
    given: (_engine, azure) =>
      asAdmin(azure)
        .send('PUT', `${KEY}/rotationpolicy${KEYS_API}`, {
          lifetimeActions: [],
          attributes: {},
        })
        .then(() => undefined),
    intent: { kind: 'rotate', rotateEveryDays: 90 },
    writes: [SET_POLICY, ROTATE, PATCH_REGISTRY],
    expectDone(azure, before) {
      rotatedOnce(azure, before);
      expect(rotation(azure)).toEqual([{ timeAfterCreate: 'P90D' }]);
    },
  },
  {
    name: 'rotate to a new version, and wait for the registry to follow',
    ...IN_HSM,
    intent: { kind: 'rotate', follow: 'wait' },
    turnSeconds: 1000,
    writes: [ROTATE],
    expectDone: rotatedOnce,
  },
  {
    name: 'rotate to an older version, which stays',
    ...IN_HSM,
    intent: azure => ({
      kind: 'rotate',
      key: { kind: 'existing', keyIdentifier: `${KEY}/${oldest(azure)}` },
    }),
    writes: [PATCH_REGISTRY],
    expectDone: azure =>
      pointsAt('hsmimages', `${KEY}/${oldest(azure)}`)(azure),
  },
  {
    name: 'rotate to a new key of the HSM, with the access it needs',
    ...IN_HSM,
    intent: {
      kind: 'rotate',
      key: { kind: 'new-key', vaultName: HSM, keyName: 'other' },
      grantAccess: true,
    },
    writes: [
      /^POST \/keys\/other\/create$/,
      hsmRole('PUT', 'other'),
      PATCH_REGISTRY,
    ],
    expectDone(azure) {
      pointsAt('hsmimages', `${KEYS}/other`)(azure);
      expect(azure.state.key(HSM, 'other').versions).toMatchObject([
        { kty: 'RSA-HSM' },
      ]);
    },
  },
  {
    name: 'rotate from a vault to a key of the HSM, with the access it needs',
    ...IN_VAULT,
    intent: {
      kind: 'rotate',
      key: { kind: 'existing', keyIdentifier: KEY },
      grantAccess: true,
    },
    writes: [
      hsmRole('PUT', 'hsmimages'),
      /^PATCH .*\/registries\/ordersimages$/i,
    ],
    expectDone: pointsAt('ordersimages', KEY),
  },
  {
    name: 'rotate from the HSM to a key of a vault, with the access it needs',
    ...IN_HSM,
    intent: {
      kind: 'rotate',
      key: { kind: 'existing', keyIdentifier: VAULT_KEY },
      grantAccess: true,
    },
    writes: [
      /^PUT \/subscriptions\/.*\/roleAssignments\/[0-9a-f-]{36}$/i,
      PATCH_REGISTRY,
    ],
    expectDone: pointsAt('hsmimages', VAULT_KEY),
  },
  {
    name: 'set up automatic rotation',
    ...IN_HSM,
    intent: NINETY,
    writes: [SET_POLICY],
    expectDone(azure, before) {
      reaches(true)(azure, before);
      expect(rotation(azure)).toEqual([{ timeAfterCreate: 'P90D' }]);
    },
  },
  {
    name: 'turn off automatic rotation',
    ...IN_HSM,
    intent: { kind: 'automatic-rotation', rotation: { kind: 'off' } },
    given: doneBefore(NINETY),
    writes: [SET_POLICY],
    expectDone(azure, before) {
      reaches(true)(azure, before);
      expect(rotation(azure)).toBeUndefined();
    },
  },
  {
    name: 'revoke by the role in the HSM',
    ...IN_HSM,
    intent: { kind: 'revoke' },
    writes: [hsmRole('DELETE', 'hsmimages')],
    expectDone: reaches(false),
  },
  {
    name: 'revoke by disabling the version in use',
    ...IN_HSM,
    intent: { kind: 'revoke', method: 'disable-version' },
    writes: [UPDATE_VERSION],
    expectDone: reaches(false),
  },
  {
    name: 'revoke by deleting the key',
    ...IN_HSM,
    intent: { kind: 'revoke', method: 'delete-key' },
    writes: [/^DELETE \/keys\/hsmimages$/],
    expectDone: reaches(false),
  },
  {
    name: 'restore the role in the HSM',
    ...IN_HSM,
    given: doneBefore({ kind: 'revoke' }),
    intent: { kind: 'restore' },
    writes: [hsmRole('PUT', 'hsmimages'), PATCH_REGISTRY],
    expectDone: reaches(true),
  },
  {
    name: 'restore the disabled version',
    ...IN_HSM,
    given: doneBefore({ kind: 'revoke', method: 'disable-version' }),
    intent: { kind: 'restore' },
    writes: [UPDATE_VERSION, PATCH_REGISTRY],
    expectDone: reaches(true),
  },
  {
    name: 'restore the deleted key',
    ...IN_HSM,
    given: doneBefore({ kind: 'revoke', method: 'delete-key' }),
    intent: { kind: 'restore' },
    writes: [/^POST \/deletedkeys\/hsmimages\/recover$/, PATCH_REGISTRY],
    expectDone: reaches(true),
  },
  {
    name: 'retire a version that the registry has left',
    ...IN_HSM,
    intent: azure => ({ kind: 'retire', version: oldest(azure) }),
    writes: [UPDATE_VERSION],
    expectDone(azure, before) {
      reaches(true)(azure, before);
      expect(versionsOf(azure).map(({ enabled }) => enabled)).toEqual([
        false,
        true,
      ]);
    },
  },
  {
    name: 'make a registry with a new identity and a new key of the HSM that rotates by policy',
    ...NEW,
    intent: {
      kind: 'create-registry',
      location: 'westeurope',
      identity: { name: 'id-new', create: true },
      key: { kind: 'new-key', vaultName: HSM, keyName: 'newimages' },
      rotateEveryDays: 90,
    },
    writes: [
      /^PUT \/.*\/userAssignedIdentities\/id-new$/i,
      /^POST \/keys\/newimages\/create$/,
      /^PUT \/keys\/newimages\/rotationpolicy$/,
      hsmRole('PUT', 'newimages'),
      /^PUT \/.*\/registries\/newimages$/i,
    ],
    expectDone(azure) {
      pointsAt('newimages', `${KEYS}/newimages`)(azure);
      expect(azure.state.key(HSM, 'newimages').versions).toMatchObject([
        { kty: 'RSA-HSM' },
      ]);
    },
  },
  {
    name: 'make a registry with an existing identity and key of the HSM',
    ...NEW,
    intent: {
      kind: 'create-registry',
      location: 'westeurope',
      identity: { name: 'id-searchimages' },
      key: { kind: 'existing', keyIdentifier: KEY },
    },
    writes: [hsmRole('PUT', 'hsmimages'), /^PUT \/.*\/registries\/newimages$/i],
    expectDone: pointsAt('newimages', KEY),
  },
];

/**
 * Cases that write local role assignments, which only a Managed HSM has. The other cases make the same writes
 * as at a vault, by the same steps and ports, so `intentCases.ts` covers their crashes.
 */
export const hsmCrashCases = hsmIntentCases.filter(({ writes }) =>
  writes.some(({ source }) => source.includes('Microsoft.Authorization')),
);
