import { WRAP_PERMISSIONS, RegistryId } from 'backstage-plugin-acr-cmk-common';
import { saysVault } from '../../__testUtils__/encryptedRegistries';
import { describeStep, readStep, stepKinds, type StepSpec } from './index';
import { resendKey } from './resendKey';
import { setVersionEnabled } from './setVersionEnabled';

const GROUP =
  '/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg';
const REGISTRY = `${GROUP}/providers/Microsoft.ContainerRegistry/registries/shopimages`;
const VAULT = `${GROUP}/providers/Microsoft.KeyVault/vaults/kv-shop`;
const IDENTITY = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-shop`;
const KEY = 'https://kv-shop.vault.azure.net/keys/shop';
const VERSION = 'abcdef01'.repeat(4);
const PRINCIPAL = 'aaaaaaaa-0000-4000-8000-000000000000';
const LOGIN_SERVER = 'shopimages.azurecr.io';
const SCOPE = `${VAULT}/keys/shop`;
const ASSIGNMENT = {
  scope: SCOPE,
  name: PRINCIPAL,
  principalId: PRINCIPAL,
  principalType: 'ServicePrincipal',
  roleDefinitionId: '/roles/1',
  roleName: 'Crypto User',
};
const ENTRY = {
  tenantId: PRINCIPAL,
  objectId: 'created-identity',
  keys: ['get', 'wrapKey'],
  secrets: [],
  certificates: [],
  storage: [],
};
const ACCESS = {
  registryId: REGISTRY,
  vaultId: VAULT,
  keyName: 'shop',
  principalId: PRINCIPAL,
  loginServer: LOGIN_SERVER,
};

/** Specs as they are stored. Earlier releases stored them so, and they may wait in the tables during an upgrade. */
const STORED: [
  spec: StepSpec,
  title: string,
  target: string,
  credential: string,
  /** The scopes that rights are asked at, and the one whose locks stop it. */
  scopes: { rights: string[]; lock?: string },
][] = [
  [
    { kind: 'make-key-version', version: 1, key: KEY },
    'Create a new version of the key shop',
    KEY,
    'rotate',
    { rights: [SCOPE, SCOPE] },
  ],
  [
    { kind: 'create-key', version: 1, key: KEY, type: 'RSA', size: 3072 },
    'Create the key shop (RSA 3072) in the vault kv-shop',
    KEY,
    'rotate',
    { rights: [VAULT, VAULT] },
  ],
  [
    {
      kind: 'attach-identity',
      version: 1,
      registryId: REGISTRY,
      identity: IDENTITY,
    },
    'Attach the identity id-shop to shopimages',
    REGISTRY,
    'rotate',
    { rights: [REGISTRY, REGISTRY, IDENTITY], lock: REGISTRY },
  ],
  [
    {
      kind: 'await-access',
      version: 1,
      vaultId: VAULT,
      keyName: 'shop',
      principalId: 'system-identity',
    },
    "Wait until Azure shows that the registry's system-assigned identity may use the key shop",
    SCOPE,
    'read',
    { rights: [] },
  ],
  [
    {
      kind: 'create-identity',
      version: 1,
      identity: IDENTITY,
      location: 'westeurope',
    },
    'Create the identity id-shop in westeurope',
    IDENTITY,
    'provision',
    { rights: [GROUP], lock: GROUP },
  ],
  [
    {
      kind: 'set-rotation-policy',
      version: 1,
      key: KEY,
      policy: { timeAfterCreate: 'P90D', expiryTime: 'P1Y' },
    },
    'Set the rotation policy of the key shop: a new version every 90 days; new versions expire after 1 year',
    KEY,
    'rotate',
    { rights: [SCOPE, SCOPE] },
  ],
  [
    {
      kind: 'confirm-rotation',
      version: 1,
      registryId: REGISTRY,
      vaultId: VAULT,
      stored: KEY,
      policy: { timeAfterCreate: 'P90D' },
    },
    'Verify that Azure shows the policy, and that shopimages follows new versions',
    REGISTRY,
    'read',
    { rights: [] },
  ],
  [
    {
      kind: 'create-registry',
      version: 1,
      registryId: REGISTRY,
      location: 'westeurope',
      tags: {},
      identity: IDENTITY,
      key: KEY,
      mode: 'automatic',
      use: 'new-version',
    },
    'Create the registry shopimages (Premium, westeurope), encrypted with the key shop',
    REGISTRY,
    'provision',
    { rights: [GROUP, GROUP, GROUP], lock: GROUP },
  ],
  [
    {
      kind: 'set-version-enabled',
      version: 1,
      key: `${KEY}/${VERSION}`,
      enabled: false,
    },
    'Disable version abcdef01… of the key shop',
    `${KEY}/${VERSION}`,
    'revoke',
    { rights: [SCOPE, SCOPE] },
  ],
  [
    { kind: 'delete-key', version: 1, key: KEY },
    'Soft-delete the key shop with all its versions',
    KEY,
    'revoke',
    { rights: [SCOPE, SCOPE] },
  ],
  [
    { kind: 'recover-key', version: 1, key: KEY },
    'Recover the key shop with all its versions',
    KEY,
    'revoke',
    { rights: [SCOPE, SCOPE] },
  ],
  [
    {
      kind: 'confirm-key-state',
      version: 1,
      vaultId: VAULT,
      keyName: 'shop',
      versions: [VERSION],
      usable: false,
      retired: true,
      registryId: REGISTRY,
      loginServer: LOGIN_SERVER,
    },
    'Verify that the old version is disabled, and that a pull is still answered',
    SCOPE,
    'read',
    { rights: [] },
  ],
  [
    {
      kind: 'record-pull',
      version: 1,
      registryId: REGISTRY,
      loginServer: LOGIN_SERVER,
    },
    'Test a pull before the change',
    LOGIN_SERVER,
    'read',
    { rights: [] },
  ],
  [
    {
      kind: 'point-registry-at-key',
      version: 1,
      registryId: REGISTRY,
      key: KEY,
      mode: 'manual',
      use: VERSION,
      identity: 'system',
      afterGrant: true,
    },
    'Point shopimages at version abcdef01… of the key shop',
    REGISTRY,
    'rotate',
    { rights: [REGISTRY, REGISTRY], lock: REGISTRY },
  ],
  [
    {
      kind: 'keep-permissions',
      version: 1,
      vaultId: VAULT,
      tenantId: PRINCIPAL,
      objectId: PRINCIPAL,
      keyPermissions: ['list', 'sign'],
    },
    `Leave the other permissions of "all" to the object id ${PRINCIPAL} in the vault kv-shop: list, sign`,
    VAULT,
    'revoke',
    { rights: [VAULT], lock: VAULT },
  ],
  [
    { kind: 'await-following', version: 1, registryId: REGISTRY },
    'Wait until shopimages follows: within an hour, says Azure',
    REGISTRY,
    'read',
    { rights: [] },
  ],
  [
    {
      kind: 'remove-access-policy',
      version: 1,
      vaultId: VAULT,
      tenantId: PRINCIPAL,
      objectId: PRINCIPAL,
      keyPermissions: ['get', 'wrapKey'],
    },
    `Take get, wrapKey from the object id ${PRINCIPAL} in the vault kv-shop`,
    VAULT,
    'revoke',
    { rights: [VAULT], lock: VAULT },
  ],
  [
    { kind: 'add-access-policy', version: 1, vaultId: VAULT, entry: ENTRY },
    'Give get, wrapKey to the new identity in the vault kv-shop',
    VAULT,
    'revoke',
    { rights: [VAULT], lock: VAULT },
  ],
  [
    {
      kind: 'delete-role-assignment',
      version: 1,
      assignment: {
        ...ASSIGNMENT,
        id: '/assignments/1',
        keyUses: [...WRAP_PERMISSIONS],
      },
    },
    'Delete the assignment of Crypto User at the key shop',
    '/assignments/1',
    'revoke',
    { rights: [SCOPE], lock: SCOPE },
  ],
  [
    { kind: 'create-role-assignment', version: 1, assignment: ASSIGNMENT },
    `Assign Crypto User at the key shop to the object id ${PRINCIPAL}`,
    SCOPE,
    'revoke',
    { rights: [SCOPE], lock: SCOPE },
  ],
  [
    { kind: 'confirm-revoked', version: 1, ...ACCESS },
    'Verify that no access path is left, and try a pull',
    LOGIN_SERVER,
    'read',
    { rights: [] },
  ],
  [
    { kind: 'resend-key', version: 1, registryId: REGISTRY },
    'Send the current key to shopimages again, so that it reads the key now',
    REGISTRY,
    'rotate',
    { rights: [REGISTRY, REGISTRY], lock: REGISTRY },
  ],
  [
    { kind: 'confirm-restored', version: 1, ...ACCESS },
    'Verify that the access path is back, and try a pull',
    LOGIN_SERVER,
    'read',
    { rights: [] },
  ],
];

describe('a stored step', () => {
  it.each(STORED.map(row => [row[0].kind, ...row] as const))(
    '%s is read with its words, credential, rights and lock',
    (_kind, spec, title, target, credential, scopes) => {
      const step = readStep(JSON.parse(JSON.stringify(spec)))!;
      expect(step.planned).toEqual({
        kind: spec.kind,
        title,
        target,
        writes: credential !== 'read',
        commands: expect.arrayContaining([
          // That they do the same, az itself shows in operations/engine/az.all.test.ts.
          expect.stringMatching(/^(az|curl|for|NEW_\w+=\$\(az) /),
        ]),
      });
      expect(step.credential).toBe(credential);
      expect(step.act !== undefined).toBe(credential !== 'read');
      const rights = step.rights(() => VAULT);
      expect(rights.map(({ scope }) => scope)).toEqual(scopes.rights);
      expect(new Set(rights.map(right => right.credential))).toEqual(
        new Set(credential === 'read' ? [] : [credential]),
      );
      expect(step.lockedScope?.scope).toBe(scopes.lock);
    },
  );

  it.each(
    STORED.map(row => row[0]).filter(
      ({ kind }) => !/access-policy|keep-permissions/.test(kind),
    ),
  )('$kind says of a key in a Managed HSM that it is in one', spec => {
    const ofHsm = JSON.stringify(spec)
      .replaceAll('kv-shop.vault.azure.net', 'hsm-shop.managedhsm.azure.net')
      .replaceAll('/vaults/kv-shop', '/managedHSMs/hsm-shop');
    const { title, commands } = readStep(JSON.parse(ofHsm))!.planned;
    expect(saysVault(title)).toEqual([]);
    expect(commands!.join()).not.toContain('vault-name');
  });

  it.each(['delete-key', 'recover-key'])(
    '%s needs to read deleted keys in a Managed HSM, which is a right of its own there',
    kind => {
      const actionsOn = (key: string) =>
        readStep({ kind, version: 1, key } as StepSpec)!
          .rights(() => VAULT)
          .map(({ action }) => action);
      const ofDeleted =
        'Microsoft.KeyVault/managedHsm/keys/deletedKeys/read/action';
      expect(
        actionsOn('https://hsm-shop.managedhsm.azure.net/keys/shop'),
      ).toContain(ofDeleted);
      expect(actionsOn(KEY).join()).not.toMatch(/deletedKeys/i);
    },
  );

  it.each([
    ['that exists, at the identity', { clientId: PRINCIPAL }, IDENTITY],
    ['that the operation makes, at its resource group', {}, GROUP],
  ])(
    'create-registry needs the right to assign an identity %s',
    (_which, change, scope) => {
      const [spec] = STORED.map(row => row[0]).filter(
        ({ kind }) => kind === 'create-registry',
      );
      expect(
        readStep({ ...spec, ...change } as StepSpec)!.rights(() => VAULT),
      ).toContainEqual({
        credential: 'provision',
        scope,
        action:
          'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action',
      });
    },
  );

  it('names no cloud in the command that az sends to Azure', () => {
    const [spec] = STORED.map(row => row[0]).filter(
      ({ kind }) => kind === 'add-access-policy',
    );
    const commands = readStep(spec)!.planned.commands!.join('\n');
    expect(commands).toContain(`--url '${VAULT}/accessPolicies/add?`);
    expect(commands).not.toContain('https://');
  });

  it('is in the table above whatever its kind', () => {
    expect(STORED.map(([{ kind }]) => kind).sort()).toEqual(
      stepKinds.map(({ kind }) => kind).sort(),
    );
  });

  it('of a kind or version of another release is described as unknown', () => {
    const spec = { ...STORED[0][0], version: 2 } as unknown as StepSpec;
    expect(readStep(spec)).toBeUndefined();
    expect(describeStep(spec)).toMatchObject({
      kind: 'make-key-version',
      title: expect.stringContaining(
        'Step make-key-version (v2), created by a newer release',
      ),
    });
  });

  it('with an id that is none is refused, not used', () => {
    expect(() =>
      readStep({
        ...STORED[0][0],
        key: 'https://evil.example/keys/shop',
      } as StepSpec),
    ).toThrow('is not the host of a vault');
  });

  it('whose vault is not known asks for no right in it', () => {
    expect(readStep(STORED[0][0])!.rights(() => undefined)).toEqual([]);
  });
});

describe('a builder', () => {
  it('stores ids as text, whether it is given a value or the text of Azure', () => {
    const stored = { kind: 'resend-key', version: 1, registryId: REGISTRY };
    expect(resendKey.build({ registryId: REGISTRY })).toEqual(stored);
    expect(resendKey.build({ registryId: RegistryId.parse(REGISTRY) })).toEqual(
      stored,
    );
  });

  it('keeps what is no id as it is', () => {
    expect(
      setVersionEnabled.build({ key: `${KEY}/${VERSION}`, enabled: true }),
    ).toEqual({
      kind: 'set-version-enabled',
      version: 1,
      key: `${KEY}/${VERSION}`,
      enabled: true,
    });
  });
});
