import { pull } from '../http/client';
import { sdkClients, SdkClients } from '../__testUtils__/sdk';
import { ARM, SUBSCRIPTION, useEmulator } from '../__testUtils__/emulated';
import {
  DAY,
  FOLLOW_DELAY_MS,
  OPERATION_MS,
  RECOVER_VISIBLE_MS,
  ROLE_PROPAGATION_MS,
  SOFT_DELETE_VISIBLE_MS,
} from '../assumptions';

/** Azure's real delays, on a clock that only moves when a test moves it. */
const world = useEmulator({
  world: 'empty',
  operationSeconds: undefined,
  rolePropagationSeconds: undefined,
});
const GROUP = 'rg-new';
const VAULT = 'kv-new';
const REGISTRY = 'newimages';
const ENCRYPTION_USER =
  '/providers/Microsoft.Authorization/roleDefinitions/e147488a-f6f5-4113-8e2d-b22465e65bf6';
const ROLE_NAMES = {
  'id-one': '11111111-0000-4000-8000-000000000001',
  'id-two': '11111111-0000-4000-8000-000000000002',
};

let azure: SdkClients;
beforeAll(() => {
  azure = sdkClients(world.emulator);
});
beforeEach(async () => {
  const { emulator } = world;
  emulator.clock.freeze();
  await emulator.outOfBand(
    'PUT',
    `${ARM}${SUBSCRIPTION}/resourceGroups/${GROUP}`,
    { location: 'westeurope' },
  );
});

const registry = () => azure.registries.registries.get(GROUP, REGISTRY);
const vaultParameters = () => ({
  location: 'westeurope',
  properties: {
    tenantId: world.emulator.ready.tenantId,
    sku: { family: 'A' as const, name: 'standard' as const },
    enableRbacAuthorization: true,
    enablePurgeProtection: true,
    softDeleteRetentionInDays: 7,
  },
});

async function makeVaultAndKey() {
  const creation = azure.vaults.vaults.createOrUpdate(
    GROUP,
    VAULT,
    vaultParameters(),
    { updateIntervalInMs: 10 },
  );
  await creation.submitted();
  world.emulator.clock.advance(OPERATION_MS);
  await creation;
  const keys = azure.keys(VAULT);
  await keys.createKey('orders', 'RSA', {
    keySize: 3072,
    tags: { owner: 'team-orders' },
  });
  await keys.updateKeyRotationPolicy('orders', {
    expiresIn: 'P2Y',
    lifetimeActions: [{ action: 'Rotate', timeAfterCreate: 'P90D' }],
  });
  return `https://${VAULT}.vault.azure.net/keys/orders`;
}

/** An identity that may use the keys of the vault, as soon as the role assignment has propagated. */
async function makeIdentity(name: keyof typeof ROLE_NAMES) {
  const identity = await azure.identities.userAssignedIdentities.createOrUpdate(
    GROUP,
    name,
    {
      location: 'westeurope',
      tags: { owner: 'team-orders' },
    },
  );
  await azure.authorization.roleAssignments.create(
    world.emulator.state.vault(VAULT).id.slice(1),
    ROLE_NAMES[name],
    {
      roleDefinitionId: ENCRYPTION_USER,
      principalId: identity.principalId!,
      principalType: 'ServicePrincipal',
    },
  );
  return { id: identity.id!, clientId: identity.clientId! };
}

const encryption = (keyIdentifier: string, identity: string) => ({
  status: 'enabled' as const,
  keyVaultProperties: { keyIdentifier, identity },
});
const withIdentity = (id: string) => ({
  type: 'UserAssigned' as const,
  userAssignedIdentities: { [id]: {} },
});

/** Creates everything; the registry follows its key. */
async function makeRegistry() {
  const { clock } = world.emulator;
  const key = await makeVaultAndKey();
  const identity = await makeIdentity('id-one');
  clock.advance(ROLE_PROPAGATION_MS);
  const creation = azure.registries.registries.create(GROUP, REGISTRY, {
    location: 'westeurope',
    sku: { name: 'Premium' },
    tags: { owner: 'team-orders' },
    identity: withIdentity(identity.id),
    encryption: encryption(key, identity.clientId),
  });
  await creation.submitted();
  clock.advance(OPERATION_MS);
  await creation.pollUntilDone();
  return { key, identity };
}

describe('provisioning through the SDKs with real durations', () => {
  it('a registry is creating, without key and identity, until its operation ends', async () => {
    const { clock } = world.emulator;
    const key = await makeVaultAndKey();
    const identity = await makeIdentity('id-one');
    clock.advance(ROLE_PROPAGATION_MS);
    const creation = azure.registries.registries.create(GROUP, REGISTRY, {
      location: 'westeurope',
      sku: { name: 'Premium' },
      identity: withIdentity(identity.id),
      encryption: encryption(key, identity.clientId),
    });
    await creation.submitted();
    clock.advance(OPERATION_MS - 1);
    await creation.poll();
    expect(creation.isDone).toBe(false);
    const early = await registry();
    expect(early).toMatchObject({
      provisioningState: 'Creating',
      encryption: { status: 'disabled' },
    });
    expect(early.identity).toBeUndefined();
    expect((await pull(world.emulator, REGISTRY)).status).toBe(404);

    clock.advance(1);
    const created = await creation.pollUntilDone();
    expect(created.provisioningState).toBe('Succeeded');
    expect(Object.keys(created.identity!.userAssignedIdentities!)).toEqual([
      identity.id,
    ]);
    expect(created.encryption?.keyVaultProperties).toMatchObject({
      keyIdentifier: key,
      identity: identity.clientId,
      keyRotationEnabled: true,
      versionedKeyIdentifier: `${key}/${
        world.emulator.state.key(VAULT, 'orders').latest
      }`,
    });
    expect((await pull(world.emulator, REGISTRY)).status).toBe(200);
  });

  it('a registry is refused until the new role assignment of its identity has propagated', async () => {
    const { clock } = world.emulator;
    const key = await makeVaultAndKey();
    const identity = await makeIdentity('id-one');
    const create = () =>
      azure.registries.registries.create(GROUP, REGISTRY, {
        location: 'westeurope',
        sku: { name: 'Premium' },
        identity: withIdentity(identity.id),
        encryption: encryption(key, identity.clientId),
      });
    clock.advance(ROLE_PROPAGATION_MS - 1);
    await expect(create().submitted()).rejects.toMatchObject({
      statusCode: 400,
      message: expect.stringContaining(`Failed to access KeyId '${key}'`),
    });
    expect(world.emulator.state.registries()).toEqual([]);
    clock.advance(1);
    await create().submitted();
    expect(world.emulator.state.registries()).toEqual([REGISTRY]);
  });

  it('one PATCH attaches an identity and uses it for encryption; the old one stays attached', async () => {
    const { clock } = world.emulator;
    const { key, identity } = await makeRegistry();
    const second = await makeIdentity('id-two');
    clock.advance(ROLE_PROPAGATION_MS);
    const update = azure.registries.registries.update(GROUP, REGISTRY, {
      identity: withIdentity(second.id),
      encryption: encryption(key, second.clientId),
    });
    await update.submitted();
    const meanwhile = await registry();
    expect(meanwhile.provisioningState).toBe('Updating');
    expect(meanwhile.encryption?.keyVaultProperties?.identity).toBe(
      identity.clientId,
    );
    clock.advance(OPERATION_MS);
    const updated = await update.pollUntilDone();
    expect(updated.encryption?.keyVaultProperties?.identity).toBe(
      second.clientId,
    );
    expect(
      Object.keys(updated.identity!.userAssignedIdentities!).sort(),
    ).toEqual([identity.id, second.id].sort());
  });

  it('a PATCH of tags does not change key and identity', async () => {
    const { clock } = world.emulator;
    await makeRegistry();
    const before = await registry();
    const update = azure.registries.registries.update(GROUP, REGISTRY, {
      tags: { owner: 'team-orders', tier: 'gold' },
    });
    await update.submitted();
    clock.advance(OPERATION_MS);
    const after = await update.pollUntilDone();
    expect(after.tags).toEqual({ owner: 'team-orders', tier: 'gold' });
    expect(after.encryption).toEqual(before.encryption);
    expect(after.identity).toEqual(before.identity);
  });

  it('a rotate keeps size, tags and policy; the policy rotates when it is due', async () => {
    const { clock, state } = world.emulator;
    await makeRegistry();
    const keys = azure.keys(VAULT);
    const rotated = await keys.rotateKey('orders');
    expect(rotated.key?.n).toHaveLength(3072 / 8);
    expect(rotated.properties.tags).toEqual({ owner: 'team-orders' });
    const policy = await keys.getKeyRotationPolicy('orders');
    expect(policy).toMatchObject({
      expiresIn: 'P2Y',
      lifetimeActions: [{ action: 'Rotate', timeAfterCreate: 'P90D' }],
    });
    clock.advance(90 * DAY - 1);
    expect(state.key(VAULT, 'orders').versions).toHaveLength(2);
    clock.advance(1);
    const { versions, latest } = state.key(VAULT, 'orders');
    expect(versions).toHaveLength(3);
    expect(state.registry(REGISTRY).versionInUse).toBe(
      rotated.properties.version,
    );
    clock.advance(FOLLOW_DELAY_MS);
    expect(state.registry(REGISTRY).versionInUse).toBe(latest);
  });
});

describe('a deleted key', () => {
  it('blocks its name, and after its recovery is the same key', async () => {
    const { clock, state } = world.emulator;
    await makeRegistry();
    const keys = azure.keys(VAULT);
    const { latest } = state.key(VAULT, 'orders');
    await keys.beginDeleteKey('orders', { intervalInMs: 1 });
    clock.advance(SOFT_DELETE_VISIBLE_MS);
    expect((await keys.getDeletedKey('orders')).properties).toMatchObject({
      recoveryLevel: 'CustomizedRecoverable',
      recoverableDays: 7,
    });
    expect((await pull(world.emulator, REGISTRY)).status).toBe(403);
    await expect(keys.createKey('orders', 'RSA')).rejects.toMatchObject({
      statusCode: 409,
      code: 'Conflict',
    });
    const recovery = await keys.beginRecoverDeletedKey('orders', {
      intervalInMs: 1,
    });
    clock.advance(RECOVER_VISIBLE_MS);
    const recovered = await recovery.pollUntilDone();
    expect(recovered.properties.version).toBe(latest);
    expect(recovered.properties.tags).toEqual({ owner: 'team-orders' });
    expect((await pull(world.emulator, REGISTRY)).status).toBe(200);
  });
});
