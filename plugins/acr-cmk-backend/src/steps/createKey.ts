import { KeyIdentifier } from 'backstage-plugin-acr-cmk-common';
import { AzureError } from '../azure/AzureError';
import type { VaultKeyFacts } from '../azure/ports';
import type { CreateKey } from '../cmk/steps';
import { defineStep, type StepContext } from './step';

async function keyInVault({
  spec,
  azure,
}: StepContext<CreateKey>): Promise<VaultKeyFacts | undefined> {
  try {
    const { value } = await azure.keys.getInVault(
      KeyIdentifier.parse(spec.key),
      'rotate',
    );
    return value;
  } catch (error) {
    if (error instanceof AzureError && error.kind === 'not-found') {
      return undefined;
    }
    throw error;
  }
}

/**
 * Makes a key. That its name was free is durable before the request leaves, so a key that is there
 * afterwards is ours, and one that was there before is never taken for it.
 */
export const createKey = defineStep<CreateKey>({
  kind: 'create-key',
  version: 1,
  credential: 'rotate',

  async observe(context) {
    const { spec, checkpoint } = context;
    const key = await keyInVault(context);
    const observations = [
      {
        what: 'key',
        value: key
          ? `${key.type}${key.size ? ` ${key.size}` : ''}, version ${
              key.version
            }`
          : 'none',
      },
    ];
    if (!key) return { status: 'needs-write', observations };
    if (!checkpoint.keyWasFree) {
      return {
        status: 'failed',
        observations,
        code: 'KEY_NAME_TAKEN',
        message: `The name ${
          KeyIdentifier.parse(spec.key).keyName
        } was taken after the plan was made. Choose another name, or rotate to that key as an existing one`,
      };
    }
    return {
      status: 'done',
      observations,
      outputs: { newVersion: key.version },
      message: `The key was made with version ${key.version}`,
    };
  },

  async prepare(context) {
    // Observed a moment ago: there was none.
    return { ...context.checkpoint, keyWasFree: true };
  },

  act: ({ spec, azure }) =>
    azure.keys.create(
      KeyIdentifier.parse(spec.key),
      {
        type: spec.type,
        size: spec.size,
        operations: ['wrapKey', 'unwrapKey'],
      },
      'rotate',
    ),
});
