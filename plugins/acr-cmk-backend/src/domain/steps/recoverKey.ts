import { KeyIdentifier } from 'backstage-plugin-acr-cmk-common';
import { az, ofKey, withRetries } from './az';
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

/** Recovers a soft-deleted key with all its versions. */
export interface RecoverKey {
  kind: 'recover-key';
  version: 1;
  /** Versionless. */
  key: KeyIdentifier;
}

/** Done only when the key shows again where it was. */
export const recoverKey = defineStep<RecoverKey>({
  kind: 'recover-key',
  version: 1,
  ids: { key: KeyIdentifier },
  credential: 'revoke',

  title: ({ key }) => `Recover the key ${key.keyName} with all its versions`,
  target: ({ key }) => key.toString(),
  // A deletion shows after some seconds, and so does a recovery.
  commands: ({ key }) => [
    withRetries(az('keyvault key recover', ofKey(key))),
    withRetries(az('keyvault key show', { ...ofKey(key), output: 'none' })),
  ],
  effects: ({ key }) => [{ does: 'change-key', key, change: 'recovered' }],
  givesBack: ({ key }) => ({ what: 'key', of: [key.keyOfKey] }),
  rights: ({ key }, vaultIdOf) =>
    onKey({ key, vaultIdOf }, [
      ...rightsToPlace(key),
      ['keys/recover/action', 'recover'],
    ]),

  async observe({ spec, azure, now, startedAt }) {
    const place = await placeOf(azure, spec.key);
    const inHome = placeInWords('there', spec.key);
    const observations = observePlace(place, spec.key);
    if (place === 'there') {
      return {
        status: 'done',
        observations,
        message: `The key is ${inHome} again`,
      };
    }
    if (place === 'soft-deleted') {
      return { status: 'needs-write', observations };
    }
    // Its deletion or its recovery may still be spreading (F22).
    return now - startedAt > GONE_DEADLINE_MS
      ? {
          status: 'failed',
          observations,
          code: 'KEY_UNKNOWN',
          message: `The key is neither ${inHome} nor soft-deleted: it has been purged, or its retention has ended. It cannot be recovered`,
        }
      : {
          status: 'in-progress',
          observations,
          message: `Azure is moving the key; it shows neither ${inHome} nor among the deleted keys`,
          checkAgainSeconds: MOVING_SECONDS,
        };
  },

  act: ({ spec, azure }) => azure.keys.recover(spec.key),
});
