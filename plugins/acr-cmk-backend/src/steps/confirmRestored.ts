import { answerToPull } from './pull';
import { RegistryId } from 'backstage-plugin-acr-cmk-common';
import { type ConfirmAccess, observeAccess } from './confirmAccess';
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

  title: () => 'Make sure that the access path is back, and try a pull',
  target: ({ loginServer }) => loginServer,

  async observe(context) {
    const { paths, pulled, observations } = await observeAccess(context);
    const wait = {
      deadlineMs: SPREAD_DEADLINE_MS,
      checkAgainSeconds: 10,
      observations,
    };
    if (paths.length === 0) {
      return inProgressUntil(context, {
        ...wait,
        message: 'Azure does not show the access path yet',
        overdue: 'Azure does not show the access path',
      });
    }
    if (pulled === 403) {
      return inProgressUntil(context, {
        ...wait,
        message:
          'Vault access is back (proved); the registry still refuses pulls',
        overdue: 'Vault access is back (proved), but pulls are still refused',
      });
    }
    return {
      status: 'done',
      observations,
      message:
        pulled === undefined
          ? 'Vault access is back (proved). Whether pulls work could not be tried'
          : `Vault access is back (proved), and ${answerToPull(pulled)}`,
    };
  },
});
