import { OPEN_NETWORK } from '../../__testUtils__/encryptedRegistries';
import { confirmRestored } from './confirmRestored';
import { readStep } from './index';
import type { StepInput } from './step';
import { SPREAD_DEADLINE_MS } from './timing';

const GROUP =
  '/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg';
const VAULT = `${GROUP}/providers/Microsoft.KeyVault/vaults/kv-shop`;
const PRINCIPAL = 'aaaaaaaa-0000-4000-8000-000000000000';

/** Permissions by which a registry reaches its key. */
const WRAPS = ['get', 'wrapKey', 'unwrapKey'];

/** Status of the step, so long after it began, in a vault with these permissions of the registry's identity. */
async function seen(
  { keys, pull = 401 }: { keys: string[]; pull?: number },
  afterMs = 0,
) {
  const step = readStep(
    confirmRestored.build({
      registryId: `${GROUP}/providers/Microsoft.ContainerRegistry/registries/shopimages`,
      vaultId: VAULT,
      keyName: 'shop',
      principalId: PRINCIPAL,
      loginServer: 'shopimages.azurecr.io',
    } as never),
  )!;
  return step.observe({
    azure: {
      vaults: {
        get: async () => ({
          value: {
            id: VAULT,
            permissionModel: 'access-policy',
            accessPolicies: [{ objectId: PRINCIPAL, keys }],
          },
        }),
      },
      registries: {
        get: async () => ({
          value: {
            loginServer: 'shopimages.azurecr.io',
            network: OPEN_NETWORK,
          },
        }),
        regions: async () => ({ value: ['westeurope'], azureAt: 0 }),
        testPull: async () => ({ how: 'anonymous', status: pull }),
      },
    },
    outputs: {},
    checkpoint: {},
    attempts: 0,
    now: afterMs,
    startedAt: 0,
  } as unknown as StepInput);
}

describe('the proof of a restore', () => {
  it('is there once Azure shows an access path', async () => {
    expect(await seen({ keys: WRAPS })).toMatchObject({
      status: 'done',
      message: expect.stringContaining('Vault access is back (proved)'),
    });
  });

  it('is waited for while Azure shows none, even if pulls are answered', async () => {
    expect(await seen({ keys: ['get'], pull: 401 })).toMatchObject({
      status: 'in-progress',
      message: 'Azure does not show the access path yet',
    });
  });

  it('is missing when Azure shows none in the time that it has', async () => {
    expect(await seen({ keys: [] }, SPREAD_DEADLINE_MS + 1)).toMatchObject({
      status: 'unverified',
      message: 'Azure does not show the access path',
    });
  });

  it('does not take an answer to a request without a credential for a pull', async () => {
    expect(await seen({ keys: WRAPS, pull: 401 })).toMatchObject({
      status: 'done',
      message: expect.stringContaining('Pulls were not tested'),
    });
  });

  it('does not say that pulls work while the registry refuses them', async () => {
    expect(await seen({ keys: WRAPS, pull: 403 })).toMatchObject({
      status: 'done',
      message: expect.stringContaining('still refuses pulls'),
      outputs: { pullAfter: { how: 'anonymous', status: 403 } },
    });
  });
});
