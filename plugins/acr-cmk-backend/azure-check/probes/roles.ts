import { assign, CRYPTO_OFFICER, unassign } from '../access';
import { until } from '../measured';
import type { Lab, Measurements, Probe } from '../probe';
import type { Steps } from '../steps';
import { compareRefusal } from '../words';

/** "Up to ten minutes", says Microsoft. Seconds. */
const LIMIT = 3600;

/** How late a role assignment, and its removal, is effective: seen with our own right to use keys. */
export const roles: Probe = {
  id: 'roles',
  title: 'how late role assignments and their removal take effect',
  about: [
    'roleAssignmentDelaySeconds',
    'roleRemovalDelaySeconds',
    'refusals.vault.noRole',
  ],

  async *run(lab: Lab): Steps<Measurements> {
    const { azure, names, caller, time } = lab;
    const own = {
      scope: names.vaultId('roles'),
      role: CRYPTO_OFFICER,
      principalId: caller.objectId,
    };
    const vault = `https://${names.vault('roles')}.${azure.cloud.vaultSuffix}`;
    const may = async () =>
      (await azure.vault('GET', `${vault}/keys`)).status === 200;
    const mayNot = async () => !(await may());

    const cleared = await unassign(lab, own);
    const before = yield* until(
      { time, start: cleared, limitSeconds: LIMIT },
      mayNot,
    );
    if (before.atMost === null) {
      await assign(lab, own);
      const unknown =
        'the account that runs the check may use keys without an assignment at the vault';
      return {
        roleAssignmentDelaySeconds: { unknown },
        roleRemovalDelaySeconds: { unknown },
        'refusals.vault.noRole': { unknown },
      };
    }
    const refused = azure.record(
      'refused: vault.noRole',
      await azure.vault('GET', `${vault}/keys`),
    );
    const assigned = await assign(lab, own);
    azure.record('assign a role', assigned);
    const assignment = yield* until(
      { time, start: assigned, limitSeconds: LIMIT },
      may,
    );
    const removed = await unassign(lab, own);
    const removal = yield* until(
      { time, start: removed, limitSeconds: LIMIT },
      mayNot,
    );
    yield* until(
      { time, start: await assign(lab, own), limitSeconds: LIMIT },
      may,
    );
    return {
      roleAssignmentDelaySeconds: { seconds: assignment },
      roleRemovalDelaySeconds: { seconds: removal },
      'refusals.vault.noRole': compareRefusal('vault.noRole', refused, {
        values: {
          objectId: caller.objectId,
          clientId: caller.clientId,
          tenant: caller.tenantId,
          resource: names.vaultId('roles'),
          vault: names.vault('roles'),
          location: names.location,
        },
        scrubber: azure.scrubber,
      }),
    };
  },
};
