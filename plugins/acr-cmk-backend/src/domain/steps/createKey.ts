import { KeyIdentifier, keyHome } from 'backstage-plugin-acr-cmk-common';
import { az, into, NEW_KEY, ofKey } from './az';
import { orMissing } from './orMissing';
import { onKey } from './rights';
import { defineStep } from './step';

/** Makes a key under a name that was free when the plan was made. */
export interface CreateKey {
  kind: 'create-key';
  version: 1;
  /** Versionless. */
  key: KeyIdentifier;
  type: 'RSA' | 'RSA-HSM';
  /** Bits. */
  size: number;
}

/**
 * A checkpoint that the name was free is stored before the request leaves. So a key that exists
 * afterwards is ours, and one that existed before is never taken for it.
 */
export const createKey = defineStep<CreateKey>({
  kind: 'create-key',
  version: 1,
  ids: { key: KeyIdentifier },
  credential: 'rotate',

  title: ({ key, type, size }) =>
    `Create the key ${key.keyName} (${type} ${size}) in the ${keyHome(
      key.vaultName,
    )}`,
  target: ({ key }) => key.toString(),
  commands: ({ key, type, size }) => [
    into(
      NEW_KEY,
      `${az('keyvault key create', {
        ...ofKey(key),
        kty: type,
        size: String(size),
      })} --ops wrapKey unwrapKey`,
      'key.kid',
    ),
  ],
  effects: ({ key }) => [{ does: 'change-key', key, change: 'created' }],
  rights: ({ key }, vaultIdOf) =>
    onKey({ key, vaultIdOf, at: 'vault' }, [
      ['keys/read', 'get'],
      ['keys/create/action', 'create'],
    ]),

  async observe({ spec, azure, checkpoint }) {
    const key = (await orMissing(azure.keys.getInVault(spec.key)))?.value;
    const size = key?.size ? ` ${key.size}` : '';
    const observations = [
      {
        what: 'key',
        value: key ? `${key.type}${size}, version ${key.version}` : 'none',
      },
    ];
    if (!key) return { status: 'needs-write', observations };
    if (!checkpoint.keyWasFree) {
      return {
        status: 'failed',
        observations,
        code: 'KEY_NAME_TAKEN',
        message: `The name ${spec.key.keyName} was taken after the plan was made. Choose another name, or rotate to that key as an existing one`,
      };
    }
    return {
      status: 'done',
      observations,
      outputs: { newVersion: key.version },
      message: `The key was made with version ${key.version}`,
    };
  },

  // Observed a moment ago: there was none.
  prepare: async ({ checkpoint }) => ({ ...checkpoint, keyWasFree: true }),

  act: ({ spec, azure }) =>
    azure.keys.create(spec.key, {
      type: spec.type,
      size: spec.size,
      operations: ['wrapKey', 'unwrapKey'],
    }),
});
