import { WRAP_PERMISSIONS } from 'backstage-plugin-acr-cmk-common';
import { OPEN_NETWORK } from '../../__testUtils__/encryptedRegistries';
import { confirmRevoked } from './confirmRevoked';
import { readStep } from './index';
import type { StepInput } from './step';
import { SPREAD_DEADLINE_MS } from './timing';

const GROUP =
  '/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg';
const KEY_VAULT = `${GROUP}/providers/Microsoft.KeyVault`;

const OWN = 'aaaaaaaa-0000-4000-8000-000000000000';
const OTHER_REGISTRY = 'bbbbbbbb-0000-4000-8000-000000000000';

const policy = (objectId: string, ...keys: string[]) => ({ objectId, keys });

/** Status of the step, so long after it began, while the vault or the HSM shows these assignments. */
async function seenOf(
  vaultId: string,
  {
    pull,
    assignments = [],
    policies,
  }: { pull: number; assignments?: object[]; policies?: object[] },
  afterMs = 0,
) {
  const step = readStep(
    confirmRevoked.build({
      registryId: `${GROUP}/providers/Microsoft.ContainerRegistry/registries/shopimages`,
      vaultId,
      keyName: 'shop',
      principalId: OWN,
      otherIdentities: [OTHER_REGISTRY],
      loginServer: 'shopimages.azurecr.io',
    } as never),
  )!;
  return step.observe({
    azure: {
      vaults: {
        get: async () => ({
          value: {
            id: vaultId,
            permissionModel: policies ? 'access-policy' : 'rbac',
            accessPolicies: policies ?? [],
          },
        }),
      },
      access: { assignmentsFor: async () => ({ value: assignments }) },
      registries: {
        get: async () => ({
          value: {
            loginServer: 'shopimages.azurecr.io',
            network: OPEN_NETWORK,
          },
        }),
        regions: async () => ({ value: ['westeurope'], azureAt: 0 }),
        testPull: async () => ({ how: 'signed-in', status: pull }),
      },
    },
    outputs: {},
    checkpoint: {},
    attempts: 0,
    now: afterMs,
    startedAt: 0,
  } as unknown as StepInput);
}

/** Message when no assignment is left. */
async function messageOf(vaultId: string, pull: number) {
  const seen = await seenOf(vaultId, { pull });
  return seen.status === 'done' ? seen.message : seen.status;
}

describe('the proof of a revoke', () => {
  it.each([403, 200])('is one in a vault (pull: %i)', async pull => {
    expect(await messageOf(`${KEY_VAULT}/vaults/kv-shop`, pull)).toContain(
      'Vault access removed (proved)',
    );
  });

  it.each([403, 200])(
    'is none in a Managed HSM, which does not show groups (pull: %i)',
    async pull => {
      const message = await messageOf(
        `${KEY_VAULT}/managedHSMs/hsm-shop`,
        pull,
      );
      expect(message).toContain(
        'No role assignment of the identity itself is left; a Managed HSM does not report group membership',
      );
      expect(message).not.toContain('proved');
    },
  );

  it.each([
    ['a role that unwraps', ['get', 'unwrapKey']],
    ['a role that decrypts', ['decrypt']],
  ])('is none while %s is left', async (_what, keyUses) => {
    const assignments = [{ roleName: 'Custom', scope: GROUP, keyUses }];
    expect(
      await seenOf(`${KEY_VAULT}/vaults/kv-shop`, { pull: 403, assignments }),
    ).toMatchObject({ status: 'in-progress' });
  });

  it.each([
    ['unwrapKey of its own', [policy(OWN, 'unwrapKey')], 'in-progress'],
    ['decrypt of its own', [policy(OWN, 'get', 'Decrypt')], 'in-progress'],
    [
      'the policy of another object id, which may be a group',
      [policy('a-group', 'unwrapKey')],
      'No access policy of the identity itself is left; 1 other object id may use the key, and Key Vault does not say which are groups',
    ],
    [
      'the policy of another registry',
      [policy(OTHER_REGISTRY, 'get', 'wrapKey', 'unwrapKey')],
      'Vault access removed (proved)',
    ],
    [
      'a policy that only reads',
      [policy(OWN, 'get'), policy('a-group', 'get')],
      'Vault access removed (proved)',
    ],
  ])(
    'says with %s no more than Azure shows',
    async (_what, policies, expected) => {
      const seen = await seenOf(`${KEY_VAULT}/vaults/kv-shop`, {
        pull: 403,
        policies,
      });
      expect(seen.status === 'done' ? seen.message : seen.status).toContain(
        expected,
      );
    },
  );

  it('is none while an access path is left, even if a pull is refused, and the path is named in the end', async () => {
    const vault = `${KEY_VAULT}/vaults/kv-shop`;
    const left = {
      pull: 403,
      assignments: [
        {
          roleName: 'Crypto User',
          scope: GROUP,
          keyUses: [...WRAP_PERMISSIONS],
        },
      ],
    };
    expect(await seenOf(vault, left)).toMatchObject({
      status: 'in-progress',
      message: 'Azure still shows an access path',
    });
    expect(await seenOf(vault, left, SPREAD_DEADLINE_MS + 1)).toMatchObject({
      status: 'unverified',
      message: `An access path is left: Crypto User at ${GROUP}`,
    });
  });
});
