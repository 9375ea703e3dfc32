import { attachIdentity } from './attachIdentity';
import { readStep } from './index';

const GROUP =
  '/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg';
const NOW = 10_000_000;
const MINUTE = 60_000;

/** Conclusion of the step from a registry without the identity, some time after Azure reported success. */
async function seenAfter(minutes: number) {
  const step = readStep(
    attachIdentity.build({
      registryId: `${GROUP}/providers/Microsoft.ContainerRegistry/registries/shopimages`,
      identity: `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-shop`,
    }),
  )!;
  const seen = await step.observe({
    azure: {
      registries: {
        get: async () => ({
          value: {
            provisioningState: 'Succeeded',
            encryption: { status: 'enabled' },
            userAssignedIdentities: [],
          },
        }),
      },
    } as never,
    outputs: {},
    checkpoint: { azureSucceeded: true },
    attempts: 1,
    now: NOW,
    startedAt: NOW - minutes * MINUTE,
  });
  return seen.status;
}

describe('an identity that Azure attached, and that the registry does not show', () => {
  it('is waited for, for ten minutes', async () => {
    expect(await seenAfter(10)).toBe('in-progress');
  });

  it('ends the operation as unverified after that: somebody may have detached it', async () => {
    expect(await seenAfter(11)).toBe('unverified');
  });
});
