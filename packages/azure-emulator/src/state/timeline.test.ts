import { pull } from '../http/client';
import { unixSeconds } from './durations';
import { registryUrl, useEmulator, vaultUrl } from '../__testUtils__/emulated';
import {
  DAY,
  DETACHED_IDENTITY_WORKS_MS,
  FOLLOW_DELAY_MS,
  FOLLOW_RETRY_MS,
  OPERATION_MS,
  RECOVER_VISIBLE_MS,
  ROLE_PROPAGATION_MS,
  SOFT_DELETE_VISIBLE_MS,
} from '../assumptions';

const azure = useEmulator({
  operationSeconds: undefined,
  rolePropagationSeconds: undefined,
});
const { call } = azure;
const keyUrl = (vault: string, name: string, rest = '') =>
  `https://${vault}.vault.azure.net/keys/${name}${rest}`;
const deletedUrl = (rest = '') =>
  `https://kv-contoso-legacy.vault.azure.net/deletedkeys/legacyimages${rest}`;
const rotate = (vault: string, name: string) =>
  azure.emulator.outOfBand('POST', keyUrl(vault, name, '/rotate'));
const registry = (name: string) => azure.emulator.state.registry(name);

beforeEach(() => azure.emulator.clock.freeze());

describe('time', () => {
  it('an operation ends by time, not by polling', async () => {
    const { emulator } = azure;
    const patched = await call('admin', 'PATCH', registryUrl('shopimages'), {
      tags: { done: 'yes' },
    });
    expect(patched.status).toBe(201);
    expect(patched.json.properties.provisioningState).toBe('Updating');
    expect(patched.json.tags).not.toHaveProperty('done');
    expect(patched.headers['retry-after']).toBe('1');
    const url = patched.headers['azure-asyncoperation'] as string;
    emulator.clock.advance(OPERATION_MS - 1);
    expect((await call('admin', 'GET', url)).json).toEqual({
      status: 'InProgress',
    });
    emulator.clock.advance(1);
    expect(registry('shopimages').tags).toMatchObject({ done: 'yes' });
    const polled = await call('admin', 'GET', url);
    expect(polled.json).toEqual({ status: 'Succeeded' });
    expect(polled.headers['azure-asyncoperation']).toBe(url);
  });

  it('a second write while one is running is refused', async () => {
    const patch = () =>
      call('admin', 'PATCH', registryUrl('shopimages'), { tags: {} });
    expect((await patch()).status).toBe(201);
    expect((await patch()).status).toBe(409);
  });

  // Azure/azure-cli, recording of `az acr delete` of 2026-04-03: 202 with `Location`, below `locations`.
  it('a registry is deleted by an operation, whose end its address shows', async () => {
    const { clock } = azure.emulator;
    const statusOf = async (url: string) =>
      (await call('admin', 'GET', url)).status;
    const remove = () => call('admin', 'DELETE', registryUrl('shopimages'));
    const accepted = await remove();
    expect([accepted.status, accepted.text]).toEqual([202, '']);
    const url = String(accepted.headers.location);
    expect(url).toMatch(
      /\/providers\/Microsoft\.ContainerRegistry\/locations\/westeurope\/operationResults\/delete-/,
    );
    const running = await call('admin', 'GET', registryUrl('shopimages'));
    expect(running.json.properties.provisioningState).toBe('Deleting');
    expect((await remove()).headers.location).toBe(url);
    expect(
      (await call('admin', 'PATCH', registryUrl('shopimages'), { tags: {} }))
        .status,
    ).toBe(409);
    clock.advance(OPERATION_MS - 1);
    expect(await statusOf(url)).toBe(202);
    clock.advance(1);
    expect(await statusOf(url)).toBe(200);
    expect(await statusOf(registryUrl('shopimages'))).toBe(404);
    expect((await remove()).status).toBe(204);
  });

  it('a deletion that fails leaves the registry', async () => {
    azure.emulator.faults.add({ method: 'DELETE', operation: 'fail' });
    const { headers } = await call(
      'admin',
      'DELETE',
      registryUrl('shopimages'),
    );
    azure.emulator.clock.advance(OPERATION_MS);
    const ended = await call('admin', 'GET', String(headers.location));
    expect(ended.json.error.code).toBe('InternalServerError');
    const { json } = await call('admin', 'GET', registryUrl('shopimages'));
    expect(json.properties.provisioningState).toBe('Failed');
  });

  it('an operation does not recreate a registry that was deleted meanwhile', async () => {
    await call('admin', 'PATCH', registryUrl('shopimages'), { tags: {} });
    await call('admin', 'DELETE', registryUrl('shopimages'));
    azure.emulator.clock.advance(2 * OPERATION_MS);
    expect((await call('admin', 'GET', registryUrl('shopimages'))).status).toBe(
      404,
    );
  });

  it('each version is followed when it is an hour old', async () => {
    const { emulator } = azure;
    await rotate('kv-contoso-rbac', 'shopimages');
    const first = emulator.state.key('kv-contoso-rbac', 'shopimages').latest;
    emulator.clock.advance(FOLLOW_DELAY_MS / 2);
    await rotate('kv-contoso-rbac', 'shopimages');
    const second = emulator.state.key('kv-contoso-rbac', 'shopimages').latest;
    emulator.clock.advance(FOLLOW_DELAY_MS / 2);
    expect(registry('shopimages').versionInUse).toBe(first);
    emulator.clock.advance(FOLLOW_DELAY_MS / 2);
    expect(registry('shopimages').versionInUse).toBe(second);
  });

  it('the outcome does not depend on how often the state was read', async () => {
    const { emulator } = azure;
    const story = async (steps: number) => {
      emulator.reset();
      emulator.clock.freeze(Date.UTC(2030, 0, 1));
      await rotate('kv-contoso-rbac', 'shopimages');
      for (let step = 0; step < steps; step++) {
        emulator.clock.advance((3 * FOLLOW_DELAY_MS) / steps);
        registry('shopimages');
      }
      const { lastRotatedAt } = registry('shopimages');
      return lastRotatedAt;
    };
    const once = await story(1);
    expect(once).toBe(Date.UTC(2030, 0, 1) + FOLLOW_DELAY_MS);
    expect(await story(18)).toBe(once);
  });

  it('a registry without access to its key does not follow, and does so within an hour after access returns', async () => {
    const { emulator } = azure;
    const policies = (operation: string) =>
      emulator.outOfBand(
        'PUT',
        `${vaultUrl('kv-contoso-policy')}/accessPolicies/${operation}`,
        {
          properties: {
            accessPolicies: [
              {
                tenantId: emulator.ready.tenantId,
                objectId: emulator.state.principalId('id-paymentsimages'),
                permissions: { keys: ['get', 'wrapKey', 'unwrapKey'] },
              },
            ],
          },
        },
      );
    const old = registry('paymentsimages').versionInUse;
    await policies('remove');
    emulator.clock.advance(3 * FOLLOW_DELAY_MS);
    expect(registry('paymentsimages').versionInUse).toBe(old);
    await policies('add');
    emulator.clock.advance(FOLLOW_RETRY_MS);
    expect(registry('paymentsimages').versionInUse).not.toBe(old);
  });

  it('a stalled registry follows no version until its encryption is sent again', async () => {
    const { emulator } = azure;
    const before = registry('searchimages');
    emulator.clock.advance(2 * DAY);
    expect(registry('searchimages').versionInUse).toBe(before.versionInUse);
    await call('rotator', 'PATCH', registryUrl('searchimages'), {
      properties: {
        encryption: {
          status: 'enabled',
          keyVaultProperties: {
            keyIdentifier: before.keyIdentifier,
            identity: before.identity,
          },
        },
      },
    });
    emulator.clock.advance(OPERATION_MS);
    expect(registry('searchimages').versionInUse).toBe(
      emulator.state.key('kv-contoso-rbac', 'searchimages').latest,
    );
  });

  it('a rotation policy rotates as the clock advances, and a manual registry stays on its version', () => {
    const { emulator } = azure;
    const pinned = registry('checkoutimages').versionInUse;
    const versions = () =>
      emulator.state.key('kv-contoso-policy', 'checkoutimages').versions;
    expect(versions()).toHaveLength(2);
    emulator.clock.advance(61 * DAY);
    expect(versions()).toHaveLength(3);
    emulator.clock.advance(90 * DAY);
    expect(versions()).toHaveLength(4);
    expect(versions()[3].createdAt - versions()[2].createdAt).toBe(90 * DAY);
    expect(registry('checkoutimages').versionInUse).toBe(pinned);
  });

  it('a policy with timeBeforeExpiry rotates that long before the expiry, and never without one', async () => {
    const { emulator } = azure;
    const versions = () =>
      emulator.state.key('kv-contoso-policy', 'ordersimages').versions;
    const policy = await call(
      'admin',
      'PUT',
      keyUrl('kv-contoso-policy', 'ordersimages', '/rotationpolicy'),
      {
        lifetimeActions: [
          {
            trigger: { timeBeforeExpiry: 'P10D' },
            action: { type: 'Rotate' },
          },
        ],
        attributes: { expiryTime: 'P40D' },
      },
    );
    expect(policy.status).toBe(200);
    const before = versions().length;
    emulator.clock.advance(400 * DAY);
    expect(versions()).toHaveLength(before);
    await rotate('kv-contoso-policy', 'ordersimages');
    emulator.clock.advance(30 * DAY - 1);
    expect(versions()).toHaveLength(before + 1);
    emulator.clock.advance(1);
    expect(versions()).toHaveLength(before + 2);
  });

  it('removed and new role assignments take effect after the propagation time', async () => {
    const { emulator } = azure;
    const principalId = emulator.state.principalId('id-shopimages');
    const [assignment] = emulator.state.assignments(principalId);
    const url = `https://management.azure.com${assignment.id}`;
    await call('revoker', 'DELETE', url);
    emulator.clock.advance(ROLE_PROPAGATION_MS - 1);
    expect(registry('shopimages').reach.reaches).toBe(true);
    emulator.clock.advance(1);
    expect(registry('shopimages').reach).toMatchObject({ problem: 'access' });
    await call(
      'revoker',
      'PUT',
      url.replace(assignment.name, '12345678-1234-4234-8234-123456789012'),
      {
        properties: {
          roleDefinitionId: assignment.roleId,
          principalId,
          principalType: 'ServicePrincipal',
        },
      },
    );
    emulator.clock.advance(ROLE_PROPAGATION_MS - 1);
    expect(registry('shopimages').reach.reaches).toBe(false);
    emulator.clock.advance(1);
    expect(registry('shopimages').reach.reaches).toBe(true);
  });

  it('a deleted key is listed after some seconds, blocks its name, can be recovered, and is purged after retention', async () => {
    const { emulator } = azure;
    const vault = 'kv-contoso-legacy';
    const deleted = await call(
      'revoker',
      'DELETE',
      keyUrl(vault, 'legacyimages'),
    );
    expect(deleted.json).toMatchObject({
      recoveryId: deletedUrl(),
      scheduledPurgeDate:
        Number(deleted.json.deletedDate) + unixSeconds(7 * DAY),
    });
    const create = () =>
      call('admin', 'POST', keyUrl(vault, 'legacyimages', '/create'), {
        kty: 'RSA',
      });
    const seen = async () => [
      (await call('revoker', 'GET', deletedUrl())).status,
      (await create()).json.error.innererror.code,
    ];
    expect(await seen()).toEqual([404, 'ObjectIsBeingDeleted']);
    emulator.clock.advance(SOFT_DELETE_VISIBLE_MS);
    expect(await seen()).toEqual([200, 'ObjectIsDeletedButRecoverable']);
    expect((await pull(emulator, 'legacyimages')).status).toBe(403);

    await call('revoker', 'POST', deletedUrl('/recover'));
    expect(
      (await call('revoker', 'GET', keyUrl(vault, 'legacyimages'))).status,
    ).toBe(404);
    emulator.clock.advance(RECOVER_VISIBLE_MS);
    expect(
      (await call('revoker', 'GET', keyUrl(vault, 'legacyimages'))).status,
    ).toBe(200);
    expect((await pull(emulator, 'legacyimages')).status).toBe(200);

    await call('revoker', 'DELETE', keyUrl(vault, 'legacyimages'));
    emulator.clock.advance(7 * DAY);
    expect((await call('revoker', 'GET', deletedUrl())).status).toBe(404);
    expect((await create()).status).toBe(200);
  });

  it('a detached identity reads until its certificate runs out', () => {
    const { emulator } = azure;
    expect(registry('reportsimages').reach.reaches).toBe(true);
    emulator.clock.advance(DETACHED_IDENTITY_WORKS_MS - 2 * DAY);
    expect(registry('reportsimages').reach).toMatchObject({
      problem: 'identity',
    });
  });

  it('a rotate is refused while the version in use is disabled, because its data cannot be re-wrapped', async () => {
    const { emulator } = azure;
    const { keyIdentifier, identity, versionInUse } = registry('ordersimages');
    const { body } = await rotate('kv-contoso-policy', 'ordersimages');
    const { kid } = (body as { key: { kid: string } }).key;
    await emulator.outOfBand('PATCH', keyIdentifier!, {
      attributes: { enabled: false },
    });
    const refused = await call(
      'rotator',
      'PATCH',
      registryUrl('ordersimages'),
      {
        properties: {
          encryption: {
            status: 'enabled',
            keyVaultProperties: { keyIdentifier: kid, identity },
          },
        },
      },
    );
    expect([refused.status, refused.json.error.message]).toEqual([
      400,
      expect.stringContaining(`Failed to access KeyId '${keyIdentifier}'`),
    ]);
    expect(registry('ordersimages').versionInUse).toBe(versionInUse);
  });

  it('an expired version still reads and can no longer be rotated to', async () => {
    const { emulator } = azure;
    expect((await pull(emulator, 'legacyimages')).status).toBe(200);
    const { keyIdentifier, identity } = registry('legacyimages');
    const refused = await call(
      'rotator',
      'PATCH',
      registryUrl('legacyimages'),
      {
        properties: {
          encryption: {
            status: 'enabled',
            keyVaultProperties: { keyIdentifier, identity },
          },
        },
      },
    );
    expect(refused.status).toBe(400);
    expect(refused.json.error.message).toContain('Failed to access KeyId');
  });
});
