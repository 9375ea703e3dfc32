import { KeyIdentifier, RegistryId } from 'backstage-plugin-acr-cmk-common';
import type { AwaitFollowing } from '../cmk/steps';
import { FOLLOW_HOUR_MS, FOLLOW_MARGIN_MS } from '../cmk/timing';
import { observationsOf } from './registryUpdate';
import { defineStep } from './step';

/** How often to look while the hour runs, in seconds. */
const LOOK_EVERY_SECONDS = 60;

/** Waits until an automatic registry uses the new version. Writes nothing. */
export const awaitFollowing = defineStep<AwaitFollowing>({
  kind: 'await-following',
  version: 1,
  credential: 'read',

  async observe({ spec, azure, outputs, now, startedAt }) {
    const { value: registry } = await azure.registries.get(
      RegistryId.parse(spec.registryId),
    );
    const observations = observationsOf(registry);
    const inUse = KeyIdentifier.tryParse(
      registry.encryption.versionedKeyIdentifier,
    );
    if (inUse?.version !== undefined && inUse.version === outputs.newVersion) {
      return {
        status: 'done',
        observations,
        message: `The registry has followed to version ${inUse.version}`,
      };
    }
    if (now - startedAt > FOLLOW_HOUR_MS + FOLLOW_MARGIN_MS) {
      return {
        status: 'unverified',
        observations,
        message:
          'The registry has not followed within an hour and a quarter. Rotate with a nudge, or look at its access to the key',
      };
    }
    return {
      status: 'in-progress',
      observations,
      message:
        'The registry follows by itself; Azure says within an hour of the new version',
      checkAgainSeconds: LOOK_EVERY_SECONDS,
    };
  },
});
