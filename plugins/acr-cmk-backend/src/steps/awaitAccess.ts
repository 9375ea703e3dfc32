import type { AwaitAccess } from '../cmk/steps';
import { accessPathsInAzure, SPREAD_DEADLINE_MS } from './accessInAzure';
import { principalOf } from './principal';
import { defineStep } from './step';

/** Waits until Azure lists the access that was given. Whether it works already is told by its use. */
export const awaitAccess = defineStep<AwaitAccess>({
  kind: 'await-access',
  version: 1,
  credential: 'read',

  async observe({ spec, azure, outputs, now, startedAt }) {
    const paths = await accessPathsInAzure(azure, {
      ...spec,
      principalId: principalOf(spec.principalId, outputs),
    });
    const observations = [
      {
        what: 'access paths to the key',
        value: paths.length === 0 ? 'none' : paths.join('; '),
      },
    ];
    if (paths.length > 0) {
      return {
        status: 'done',
        observations,
        message: 'Azure shows the access path',
      };
    }
    return now - startedAt > SPREAD_DEADLINE_MS
      ? {
          status: 'unverified',
          observations,
          message:
            'Azure does not show the access path after a quarter of an hour',
        }
      : {
          status: 'in-progress',
          observations,
          message: 'Azure does not show the access path yet',
          checkAgainSeconds: 10,
        };
  },
});
