import { RegistryId } from 'backstage-plugin-acr-cmk-common';
import { describeStep, readStep } from './index';
import { pointRegistryAtKey } from './pointRegistryAtKey';
import type { Checkpoint } from './step';

const VERSION = 'abcdef01'.repeat(4);
const KEY = 'https://kv-shop.vault.azure.net/keys/shop';
const ID = RegistryId.parse(
  '/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/shopimages',
);
const NOW = 10_000_000;

/** Conclusion of the step from a registry that has the wanted key, identity and version. */
async function seenWhile(
  provisioningState: string,
  {
    identity = 'system',
    resend,
    checkpoint = {},
    update = 'running',
  }: {
    identity?: string;
    resend?: boolean;
    checkpoint?: Checkpoint;
    update?: string;
  } = {},
) {
  const step = readStep({
    kind: 'point-registry-at-key',
    version: 1,
    registryId: `${ID}`,
    key: KEY,
    mode: 'automatic',
    use: VERSION,
    identity: 'system',
    ...(resend && { resend }),
  } as never)!;
  const seen = await step.observe({
    azure: {
      registries: {
        operationStatus: async () => ({ status: update }),
        get: async () => ({
          value: {
            provisioningState,
            encryption: {
              status: 'enabled',
              keyIdentifier: KEY,
              versionedKeyIdentifier: `${KEY}/${VERSION}`,
              identity,
            },
          },
        }),
      },
    } as never,
    outputs: {},
    checkpoint,
    attempts: 0,
    now: NOW,
    startedAt: NOW,
  });
  return seen.status;
}

describe('a registry that shows the wanted key', () => {
  it.each([
    ['Succeeded', 'done'],
    // What it shows may be what a change that went wrong has left.
    ['Failed', 'needs-write'],
    ['Canceled', 'needs-write'],
    ['Updating', 'in-progress'],
  ])('and is in the state %s is %s', async (state, status) => {
    expect(await seenWhile(state)).toBe(status);
  });

  it('and uses another identity than it should is not done', async () => {
    expect(
      await seenWhile('Succeeded', {
        identity: 'bbbbbbbb-0000-4000-8000-000000000000',
      }),
    ).toBe('needs-write');
  });

  const SENT = { operationUrl: 'https://management.azure.com/an-operation' };
  it.each<[string, Checkpoint, string, string]>([
    ['was not sent them', {}, 'running', 'needs-write'],
    ['is taking them', SENT, 'running', 'in-progress'],
    ['has taken them', SENT, 'succeeded', 'done'],
    ['took them at once', { azureSucceeded: true }, 'running', 'done'],
  ])(
    'and %s, where they are sent again',
    async (_title, checkpoint, update, status) => {
      expect(
        await seenWhile('Succeeded', { resend: true, checkpoint, update }),
      ).toBe(status);
    },
  );
});

it('says that what the registry has is sent again', () => {
  const step = pointRegistryAtKey.build({
    registryId: ID,
    key: KEY,
    mode: 'manual',
    use: VERSION,
    identity: 'system',
    resend: true,
  });
  expect(describeStep(step).title).toBe(
    'Send the current key to shopimages again, so that it reads the key now',
  );
});
