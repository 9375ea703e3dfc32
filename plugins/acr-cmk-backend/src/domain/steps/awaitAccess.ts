import { showAccess } from './az';
import { accessInAzure, observePaths } from './accessInAzure';
import { type Principal, principalInWords, principalOf } from './principal';
import { defineStep } from './step';
import { inProgressUntil, SPREAD_DEADLINE_MS } from './timing';

/** Waits until Azure shows that a principal may use a key. Writes nothing. */
export interface AwaitAccess {
  kind: 'await-access';
  version: 1;
  vaultId: string;
  keyName: string;
  principalId: Principal;
}

/** Waits until Azure lists the access that was given. Only its use proves that it works already. */
export const awaitAccess = defineStep<AwaitAccess>({
  kind: 'await-access',
  version: 1,
  credential: 'read',

  title: ({ principalId, keyName }) =>
    `Wait until Azure shows that ${principalInWords(
      principalId,
    )} may use the key ${keyName}`,
  target: ({ vaultId, keyName }) => `${vaultId}/keys/${keyName}`,
  commands: showAccess,

  async observe(context) {
    const { spec, azure, outputs } = context;
    const { paths, missing } = await accessInAzure(azure, {
      ...spec,
      principalId: principalOf(spec.principalId, outputs),
    });
    const observations = [observePaths(paths)];
    return missing.length === 0
      ? {
          status: 'done',
          observations,
          message: 'Azure shows the access path',
        }
      : inProgressUntil(context, {
          deadlineMs: SPREAD_DEADLINE_MS,
          checkAgainSeconds: 10,
          observations,
          message: 'Azure does not show the access path yet',
          overdue:
            'Azure does not show the access path after a quarter of an hour',
        });
  },
});
