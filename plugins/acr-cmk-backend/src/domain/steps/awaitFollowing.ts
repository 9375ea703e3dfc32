import { RegistryId } from 'backstage-plugin-acr-cmk-common';
import { az, ofRegistry } from './az';
import { keysOf, observeRegistry } from './registryUpdate';
import { defineStep } from './step';
import { FOLLOW_HOUR_MS, inProgressUntil } from './timing';

/** Waits until an automatic registry has followed by itself. Writes nothing. */
export interface AwaitFollowing {
  kind: 'await-following';
  version: 1;
  registryId: RegistryId;
}

/** Time beyond the hour after which the outcome is unverified. Our choice. */
const MARGIN_MS = 15 * 60_000;
/** Interval at which the registry is read during the hour, in seconds. Our choice. */
const CHECK_AGAIN_SECONDS = 60;

/** Waits until an automatic registry uses the new version. */
export const awaitFollowing = defineStep<AwaitFollowing>({
  kind: 'await-following',
  version: 1,
  ids: { registryId: RegistryId },
  credential: 'read',

  title: ({ registryId }) =>
    `Wait until ${registryId.name} follows: within an hour, says Azure`,
  target: ({ registryId }) => registryId.toString(),
  commands: ({ registryId }) => [
    az('acr encryption show', {
      ...ofRegistry(registryId),
      query: 'keyVaultProperties.versionedKeyIdentifier',
    }),
  ],

  async observe(context) {
    const { spec, azure, outputs } = context;
    const { value: registry } = await azure.registries.get(spec.registryId);
    const observations = observeRegistry(registry);
    const { inUse } = keysOf(registry);
    return inUse?.version !== undefined && inUse.version === outputs.newVersion
      ? {
          status: 'done',
          observations,
          message: `The registry has followed to version ${inUse.version}`,
        }
      : inProgressUntil(context, {
          deadlineMs: FOLLOW_HOUR_MS + MARGIN_MS,
          checkAgainSeconds: CHECK_AGAIN_SECONDS,
          observations,
          message:
            'The registry follows by itself; Azure says within an hour of the new version',
          overdue:
            'The registry has not followed within an hour and a quarter. Rotate to the current key to make it read the key now, or check its access to the key',
        });
  },
});
