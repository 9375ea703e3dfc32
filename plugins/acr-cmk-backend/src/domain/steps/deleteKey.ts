import { KeyIdentifier } from 'backstage-plugin-acr-cmk-common';
import { az, ofKey } from './az';
import {
  GONE_DEADLINE_MS,
  MOVING_SECONDS,
  observePlace,
  placeInWords,
  placeOf,
  rightsToPlace,
} from './deletedKey';
import { onKey } from './rights';
import { defineStep } from './step';
import { inProgressUntil } from './timing';

/** Soft-deletes a key with all its versions. */
export interface DeleteKey {
  kind: 'delete-key';
  version: 1;
  /** Versionless. */
  key: KeyIdentifier;
}

/** Done only when the key shows among the deleted ones: until then it cannot be recovered. */
export const deleteKey = defineStep<DeleteKey>({
  kind: 'delete-key',
  version: 1,
  ids: { key: KeyIdentifier },
  credential: 'revoke',

  title: ({ key }) =>
    `Soft-delete the key ${key.keyName} with all its versions`,
  target: ({ key }) => key.toString(),
  commands: ({ key }) => [az('keyvault key delete', ofKey(key))],
  effects: ({ key }) => [{ does: 'change-key', key, change: 'deleted' }],
  rights: ({ key }, vaultIdOf) =>
    onKey({ key, vaultIdOf }, [
      ...rightsToPlace(key),
      ['keys/delete', 'delete'],
    ]),

  async observe(context) {
    const { spec, azure, attempts } = context;
    const place = await placeOf(azure, spec.key);
    const inHome = placeInWords('there', spec.key);
    const observations = observePlace(place, spec.key);
    if (place === 'there') {
      return { status: 'needs-write', observations };
    }
    if (place === 'soft-deleted') {
      return {
        status: 'done',
        observations,
        message: 'The key is soft-deleted',
      };
    }
    return attempts > 0
      ? inProgressUntil(context, {
          deadlineMs: GONE_DEADLINE_MS,
          checkAgainSeconds: MOVING_SECONDS,
          observations,
          message: 'The key is being deleted',
          overdue: `The key is no longer ${inHome}, and not among the deleted ones`,
        })
      : {
          status: 'failed',
          observations,
          code: 'KEY_UNKNOWN',
          message: `The key is neither ${inHome} nor soft-deleted`,
        };
  },

  act: ({ spec, azure }) => azure.keys.delete(spec.key),
});
