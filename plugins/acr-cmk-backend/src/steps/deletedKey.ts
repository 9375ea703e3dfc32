import { KeyIdentifier } from 'backstage-plugin-acr-cmk-common';
import { AzureError } from '../azure/AzureError';
import type { AzurePorts } from '../azure/ports';
import type { DeleteKey, RecoverKey } from '../cmk/steps';
import type { Observation } from '../operations/engine/types';
import { defineStep } from './step';

/** Where a key is. Between vault and bin it shows in neither for some seconds. */
async function whereIs(
  azure: AzurePorts,
  uri: string,
): Promise<'in the vault' | 'soft-deleted' | 'neither'> {
  const key = KeyIdentifier.parse(uri);
  const orNothing = async <T>(look: () => Promise<T>) => {
    try {
      return await look();
    } catch (error) {
      if (error instanceof AzureError && error.kind === 'not-found') {
        return undefined;
      }
      throw error;
    }
  };
  if (await orNothing(() => azure.keys.getDeleted(key, 'revoke'))) {
    return 'soft-deleted';
  }
  // The list, not the newest version: Key Vault does not hand out a disabled one.
  const versions = await orNothing(() =>
    azure.keys.listVersions(key, 'revoke'),
  );
  return versions && versions.value.length > 0 ? 'in the vault' : 'neither';
}

const observationsOf = (where: string): Observation[] => [
  { what: 'key', value: where },
];

/** How often to look while a key moves, in seconds. Our choice. */
const MOVING_SECONDS = 5;
/** How long a key may show nowhere before it is called gone. Seen: five seconds. Our choice. */
const GONE_DEADLINE_MS = 5 * 60_000;

/** Soft-deletes a key. Done only when it shows in the bin: until then it cannot be recovered. */
export const deleteKey = defineStep<DeleteKey>({
  kind: 'delete-key',
  version: 1,
  credential: 'revoke',

  async observe({ spec, azure, attempts, now, startedAt }) {
    const where = await whereIs(azure, spec.key);
    const observations = observationsOf(where);
    if (where === 'soft-deleted') {
      return {
        status: 'done',
        observations,
        message: 'The key is soft-deleted',
      };
    }
    if (where === 'in the vault')
      return { status: 'needs-write', observations };
    if (attempts > 0 && now - startedAt > GONE_DEADLINE_MS) {
      return {
        status: 'unverified',
        observations,
        message: 'The key is out of the vault, but not among the deleted ones',
      };
    }
    return attempts > 0
      ? {
          status: 'in-progress',
          observations,
          message: 'The key is being deleted',
          checkAgainSeconds: MOVING_SECONDS,
        }
      : {
          status: 'failed',
          observations,
          code: 'KEY_UNKNOWN',
          message: 'The key is neither in the vault nor soft-deleted',
        };
  },

  act: ({ spec, azure }) =>
    azure.keys.delete(KeyIdentifier.parse(spec.key), 'revoke'),
});

/** Recovers a soft-deleted key. Done only when the vault shows it again. */
export const recoverKey = defineStep<RecoverKey>({
  kind: 'recover-key',
  version: 1,
  credential: 'revoke',

  async observe({ spec, azure, now, startedAt }) {
    const where = await whereIs(azure, spec.key);
    const observations = observationsOf(where);
    if (where === 'in the vault') {
      return {
        status: 'done',
        observations,
        message: 'The key is in the vault again',
      };
    }
    if (where === 'soft-deleted')
      return { status: 'needs-write', observations };
    // Still on its way into the bin (F22), or out of it.
    return now - startedAt > GONE_DEADLINE_MS
      ? {
          status: 'failed',
          observations,
          code: 'KEY_UNKNOWN',
          message:
            'The key is neither in the vault nor soft-deleted: it has been purged, or its retention has ended. It cannot be brought back',
        }
      : {
          status: 'in-progress',
          observations,
          message: 'The key is on its way between the vault and its bin',
          checkAgainSeconds: MOVING_SECONDS,
        };
  },

  act: ({ spec, azure }) =>
    azure.keys.recover(KeyIdentifier.parse(spec.key), 'revoke'),

  passes: error =>
    error.code === 'Conflict' || /ObjectIsBeing/.test(error.code),
});
