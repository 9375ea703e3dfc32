import { RegistryId } from 'backstage-plugin-acr-cmk-common';
import { AzureError } from '../../azure/AzureError';
import type { ArmOperationStatus } from '../../azure/ports';
import { readStep } from './index';

const GROUP =
  '/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg';
const ID = RegistryId.parse(
  `${GROUP}/providers/Microsoft.ContainerRegistry/registries/newimages`,
);
const NOW = 10_000_000;

/** Conclusion of the step from a registry in this state, after its request was answered or not. */
async function seenWhile(
  provisioningState: string,
  operation?: ArmOperationStatus | AzureError,
) {
  const step = readStep({
    kind: 'create-registry',
    version: 1,
    registryId: `${ID}`,
    location: 'westeurope',
    tags: {},
    key: 'https://kv-shop.vault.azure.net/keys/shop',
    mode: 'automatic',
    use: 'abcdef01'.repeat(4),
    identity: `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-new`,
  } as never)!;
  return step.observe({
    azure: {
      registries: {
        get: async () => ({
          value: { provisioningState, encryption: { status: 'disabled' } },
        }),
        operationStatus: async () => {
          if (operation instanceof AzureError) throw operation;
          return operation;
        },
      },
    } as never,
    outputs: {},
    checkpoint: {
      registryWasFree: true,
      ...(operation && { operationUrl: 'https://management.azure.com/x' }),
    },
    attempts: 1,
    now: NOW,
    startedAt: NOW,
  });
}

const CANCELED: ArmOperationStatus = {
  status: 'failed',
  code: 'Canceled',
  message: 'Azure ended the operation as Canceled',
};

describe('a registry that Azure did not finish creating', () => {
  it.each(['Failed', 'Canceled'])(
    'and that is in the state %s ends the operation with the reason that Azure gives',
    async state => {
      expect(await seenWhile(state, CANCELED)).toMatchObject({
        status: 'failed',
        code: 'Canceled',
        message: expect.stringContaining('Azure ended the operation'),
      });
    },
  );

  it.each(['Failed', 'Canceled'])(
    'and that is in the state %s ends the operation also when the request was never answered',
    async state => {
      expect(await seenWhile(state)).toMatchObject({
        status: 'failed',
        code: 'NOT_CREATED',
        message: expect.stringContaining(`provisioning state is ${state}`),
      });
    },
  );

  it('ends by its own state where its operation cannot be read', async () => {
    const elsewhere = new AzureError({
      kind: 'not-found',
      code: 'OperationElsewhere',
      message: 'The operation is elsewhere.',
    });
    expect(await seenWhile('Failed', elsewhere)).toMatchObject({
      status: 'failed',
      code: 'NOT_CREATED',
    });
  });

  it.each<[string, ArmOperationStatus | undefined]>([
    ['Creating', undefined],
    ['Failed', { status: 'running' }],
  ])(
    'is waited for while it is %s and its operation goes on',
    async (...of) => {
      expect(await seenWhile(...of)).toMatchObject({ status: 'in-progress' });
    },
  );
});
