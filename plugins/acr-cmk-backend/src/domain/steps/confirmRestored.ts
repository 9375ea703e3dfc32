import { RegistryId } from 'backstage-plugin-acr-cmk-common';
import { showAccess, tryAPull } from './az';
import {
  accessInWords,
  type ConfirmAccess,
  observeAccess,
} from './confirmAccess';
import { pulledOutputs, pullsAfterRestore } from './pull';
import { defineStep } from './step';
import { inProgressUntil, SPREAD_DEADLINE_MS } from './timing';

/** Proves that the access path is there, and asks the registry for a pull. Writes nothing. */
export interface ConfirmRestored extends ConfirmAccess {
  kind: 'confirm-restored';
}

export const confirmRestored = defineStep<ConfirmRestored>({
  kind: 'confirm-restored',
  version: 1,
  ids: { registryId: RegistryId },
  credential: 'read',

  title: () => 'Verify that the access path is back, and try a pull',
  target: ({ loginServer }) => loginServer,
  commands: spec => [...showAccess(spec), tryAPull(spec.loginServer)],
  pullsAfter: () => ({ wanted: 'answered' }),

  async observe(context) {
    const { access, pulls, observations } = await observeAccess(context);
    const wait = {
      deadlineMs: SPREAD_DEADLINE_MS,
      checkAgainSeconds: 10,
      observations,
    };
    if (access.missing.length > 0) {
      return inProgressUntil(context, {
        ...wait,
        message: 'Azure does not show the access path yet',
        overdue: 'Azure does not show the access path',
      });
    }
    return {
      status: 'done',
      observations,
      ...pulledOutputs(pulls.now),
      message: `${accessInWords(
        context.spec,
      )} is back (proved). ${pullsAfterRestore(pulls)}`,
    };
  },
});
