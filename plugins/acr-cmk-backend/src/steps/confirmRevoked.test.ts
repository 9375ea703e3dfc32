import { confirmRevoked } from './confirmRevoked';
import { readStep } from './index';
import type { StepInput } from './step';

const GROUP =
  '/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg';
const KEY_VAULT = `${GROUP}/providers/Microsoft.KeyVault`;

/** Message when no assignment is left that the vault, or the HSM, shows. */
async function messageOf(vaultId: string, pull: number) {
  const step = readStep(
    confirmRevoked.build({
      registryId: `${GROUP}/providers/Microsoft.ContainerRegistry/registries/shopimages`,
      vaultId,
      keyName: 'shop',
      principalId: 'aaaaaaaa-0000-4000-8000-000000000000',
      loginServer: 'shopimages.azurecr.io',
    } as never),
  )!;
  const seen = await step.observe({
    azure: {
      vaults: {
        get: async () => ({
          value: { id: vaultId, permissionModel: 'rbac', accessPolicies: [] },
        }),
      },
      access: { assignmentsFor: async () => ({ value: [] }) },
      registries: { probePull: async () => ({ status: pull }) },
    },
    outputs: {},
    checkpoint: {},
    attempts: 0,
    now: 0,
    startedAt: 0,
  } as unknown as StepInput);
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
});
