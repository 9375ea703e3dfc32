/**
 * Compares the portal's answer about a registry's access to its key with pulls: it may claim access
 * only for a registry that answers them, and offers nothing that Azure would refuse.
 */
import type { Emulator } from 'azure-emulator';
import type { RegistryEncryption } from 'backstage-plugin-acr-cmk-common';
import { until } from '../__testUtils__/until';
import { asAdmin } from '../__testUtils__/asAdmin';
import {
  registryId,
  startPortal,
  SUBSCRIPTION,
  type TestPortal,
} from '../__testUtils__/portal';
import { pull } from '../__testUtils__/pull';

const VAULT = 'kv-contoso-policy';
const IDENTITY = `https://management.azure.com/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-shop/providers/Microsoft.ManagedIdentity/userAssignedIdentities`;
/** Longer than the credentials of an identity that is gone. */
const LONG_MS = 100 * 24 * 60 * 60_000;
const HAS_ACCESS = /has access to its key|nothing to restore\./i;

const deleteIdentity = (azure: Emulator, name: string) =>
  asAdmin(azure).send('DELETE', `${IDENTITY}/${name}?api-version=2023-01-31`);

const faults: [string, (azure: Emulator) => Promise<unknown>][] = [
  [
    'the identity was deleted',
    async azure => {
      await deleteIdentity(azure, 'id-ordersimages');
      azure.clock.advance(LONG_MS);
    },
  ],
  [
    'the firewall of the vault was closed',
    azure =>
      asAdmin(azure).changeVault(VAULT, {
        networkAcls: { bypass: 'None', defaultAction: 'Deny' },
      }),
  ],
  [
    'the version in use was disabled',
    azure =>
      asAdmin(azure).enableVersion(
        [VAULT, 'ordersimages', azure.state.key(VAULT, 'ordersimages').latest],
        false,
      ),
  ],
];

describe('what is said of the access to a key', () => {
  let portal: TestPortal;
  beforeEach(async () => {
    portal = await startPortal({ config: { operations: { deleteKey: true } } });
  });
  afterEach(() => portal.stop());

  async function orders(): Promise<RegistryEncryption> {
    await portal.ageFacts(60 * 60_000);
    const { registries } = await portal
      .as()
      .registriesOf('resource:default/orders-images', { refresh: true });
    const [registry] = registries;
    if (registry.kind !== 'registry') throw new Error(registry.message);
    return registry;
  }

  const plan = (intent: Parameters<TestPortal['plan']>[2]) =>
    portal.plan('orders-images', registryId('ordersimages'), intent);

  it.each(faults)('claims none when %s', async (_what, fault) => {
    expect(await pull(portal.azure, 'ordersimages')).toBe(401);
    await fault(portal.azure);
    expect(await pull(portal.azure, 'ordersimages')).toBe(403);
    const { actions, state } = await orders();
    expect(state.id).toMatch(/^(unreachable|revoked)$/);
    expect(JSON.stringify(actions)).not.toMatch(HAS_ACCESS);
    const { checks } = await plan({ kind: 'restore' });
    expect(JSON.stringify(checks)).not.toMatch(HAS_ACCESS);
  });

  it('claims it when pulls are answered', async () => {
    expect(await pull(portal.azure, 'ordersimages')).toBe(401);
    const restore = (await orders()).actions.find(
      ({ action }) => action === 'restore',
    );
    expect(restore).toMatchObject({
      allowed: false,
      reason:
        'The registry has access to its key. There is nothing to restore.',
    });
  });

  it('says of a revoked registry who did it, why, and since when', async () => {
    const made = await plan({ kind: 'revoke' });
    const { id } = await portal.carryOut(made, {
      confirmation: 'ordersimages',
    });
    const { state, findings, changedOutside } = await orders();
    expect(state).toMatchObject({
      id: 'revoked',
      revoked: {
        operationId: id,
        by: 'user:default/olivia',
        askedOf: [],
        reason: 'A test from plan to end',
        at: expect.any(String),
      },
    });
    expect(changedOutside).toBeUndefined();
    // It was done on purpose: nothing says how to undo it by hand.
    expect(findings.map(({ id: rule, remedy }) => [rule, remedy])).toEqual([
      ['no-access-path', undefined],
    ]);
  });

  it.each([
    [
      'from this portal',
      async () => {
        const made = await plan({ kind: 'revoke', method: 'delete-key' });
        await portal.carryOut(made, { confirmation: 'ordersimages' });
      },
      ['user:default/olivia', true],
    ],
    [
      'elsewhere',
      async () => {
        await asAdmin(portal.azure).deleteKey(VAULT, 'ordersimages');
        // Until it shows among the deleted keys.
        portal.azure.clock.advance(60_000);
      },
      [undefined, undefined],
    ],
  ])(
    'says of a key that was deleted %s until when it can be recovered, and offers that',
    async (_where, deleteKey, deleter) => {
      await deleteKey();
      const { state, actions } = await orders();
      expect(state.id).toBe('revoked');
      expect(state.message).toMatch(
        /^The key ordersimages was deleted on \d+ \w+ \d{4}, recoverable until \d+ \w+ \d{4}$/,
      );
      const { by, deletedKey: isDeleted } = state.revoked ?? {};
      expect([by, isDeleted]).toEqual(deleter);
      expect(actions).toContainEqual({ action: 'restore', allowed: true });
    },
  );

  it('says how to mend access that nobody removed from this portal', async () => {
    await asAdmin(portal.azure).changeVault(VAULT, { accessPolicies: [] });
    const { state, findings, changedOutside } = await orders();
    expect(state.revoked).toBeUndefined();
    expect(changedOutside).toEqual({
      what: ['access'],
      noticedAt: expect.any(String),
    });
    expect(findings[0]).toMatchObject({
      id: 'no-access-path',
      remedy: expect.stringContaining('wrapKey'),
    });
  });

  it('says when it first noticed that access is gone, whatever else changes in the vault', async () => {
    await asAdmin(portal.azure).changeVault(VAULT, { accessPolicies: [] });
    const noticedAt = async () => (await orders()).changedOutside?.noticedAt;
    const [first] = await until(
      'the verdict keeps the time',
      async () => [await noticedAt(), await noticedAt()],
      ([one, next]) => one === next,
    );
    portal.azure.clock.advance(60_000);
    await asAdmin(portal.azure).changeVault(VAULT, {
      enablePurgeProtection: true,
    });
    expect(first).toBeDefined();
    expect(await noticedAt()).toBe(first);
  });

  it('says what was changed past the portal, when that was noticed, and whom Azure names', async () => {
    const { encryption, changedOutside } = await orders();
    expect(changedOutside).toBeUndefined();
    await asAdmin(portal.azure).changeRegistry(registryId('ordersimages'), {
      properties: {
        encryption: {
          status: 'enabled',
          keyVaultProperties: {
            keyIdentifier: `https://${VAULT}.vault.azure.net/keys/ordersimages`,
            identity: encryption.identity,
          },
        },
      },
    });
    portal.azure.clock.advance(60_000);
    expect((await orders()).changedOutside).toEqual({
      what: ['version-mode'],
      noticedAt: expect.any(String),
      lastModified: { at: expect.any(String), by: expect.any(String) },
    });
  });

  it('says that it is not known when the vault cannot be read', async () => {
    portal.azure.faults.add({
      host: 'management.azure.com',
      path: '*/vaults',
      status: 403,
      code: 'AuthorizationFailed',
      times: 0,
    });
    await portal.deleteFacts();
    const { actions } = await orders();
    expect(actions.find(({ action }) => action === 'restore')).toMatchObject({
      allowed: false,
      reason: expect.stringMatching(
        /^Could not determine whether there is anything to restore\. /,
      ),
    });
  });

  describe('with a deleted identity', () => {
    beforeEach(async () => {
      await deleteIdentity(portal.azure, 'id-ordersimages');
      // A plan takes facts for present that are younger than a second.
      await portal.ageFacts(60_000);
    });

    it('names it as a case of its own, and offers nothing that Azure would refuse', async () => {
      const { findings, state, actions } = await orders();
      const [finding] = findings;
      expect(finding).toMatchObject({
        id: 'identity-deleted',
        remedy: expect.stringMatching(/^Creating .* Open a support ticket/),
      });
      expect(finding.intent).toBeUndefined();
      expect(findings.map(({ id }) => id)).not.toContain('identity-detached');
      expect(state).toMatchObject({
        id: 'unreachable',
        message: finding.message,
      });
      for (const action of ['rotate', 'restore']) {
        expect(actions.find(one => one.action === action)).toMatchObject({
          allowed: false,
          reason: expect.stringContaining('does not exist any more'),
        });
      }
    });

    it.each(['system', undefined])(
      'blocks a plan to change to %s before anything is sent',
      async identity => {
        portal.azure.clearRequests();
        const made = await plan({
          kind: 'rotate',
          key: { kind: 'current' },
          identity,
          grantAccess: true,
        });
        expect(made.blocked).toBe(true);
        expect(made.checks).toContainEqual(
          expect.objectContaining({
            status: 'fail',
            message: expect.stringContaining('does not exist any more'),
            remedy: expect.stringContaining('support ticket'),
          }),
        );
        await expect(portal.carryOut(made)).rejects.toThrow('409');
        expect(portal.writes()).toEqual([]);
      },
    );

    it('still lets one try another identity that is attached, and says that this is not documented', async () => {
      await asAdmin(portal.azure).changeRegistry(registryId('ordersimages'), {
        identity: { type: 'SystemAssigned, UserAssigned' },
      });
      const { actions } = await orders();
      expect(actions.find(({ action }) => action === 'rotate')).toMatchObject({
        allowed: true,
      });
      const made = await plan({
        kind: 'rotate',
        key: { kind: 'current' },
        identity: 'system',
        grantAccess: true,
      });
      expect(made.blocked).toBe(false);
      expect(made.checks).toContainEqual(
        expect.objectContaining({ id: 'present-identity', status: 'warn' }),
      );
      expect(await portal.carryOut(made)).toMatchObject({ state: 'succeeded' });
      portal.azure.clock.advance(LONG_MS);
      expect(await pull(portal.azure, 'ordersimages')).toBe(401);
    });
  });
});
