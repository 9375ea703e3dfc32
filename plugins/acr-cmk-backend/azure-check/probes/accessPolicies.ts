import { changePolicy } from '../access';
import { until } from '../measured';
import type { Lab, Measurements, Probe } from '../probe';
import type { Steps } from '../steps';
import { compareRefusal } from '../words';

/** Seconds. */
const LIMIT = 1800;
const ALL = ['all'];

/** How late a changed access policy is effective: seen with our own right to use keys. */
export const accessPolicies: Probe = {
  id: 'access-policies',
  title: 'how late changed access policies take effect',
  about: ['accessPolicyDelaySeconds', 'refusals.vault.noPolicy'],

  async *run(lab: Lab): Steps<Measurements> {
    const { azure, names, caller, time } = lab;
    const vault = `https://${names.vault('policies')}.${
      azure.cloud.vaultSuffix
    }`;
    const may = async () =>
      (await azure.vault('GET', `${vault}/keys`)).status === 200;
    const change = (how: 'add' | 'remove') =>
      changePolicy(lab, how, { objectId: caller.objectId, keys: ALL });

    yield* until(
      { time, start: await change('add'), limitSeconds: LIMIT },
      may,
    );
    const removed = await change('remove');
    azure.record('remove an access policy', removed);
    const lost = yield* until(
      { time, start: removed, limitSeconds: LIMIT },
      async () => !(await may()),
    );
    const refused = azure.record(
      'refused: vault.noPolicy',
      await azure.vault('GET', `${vault}/keys`),
    );
    const back = yield* until(
      { time, start: await change('add'), limitSeconds: LIMIT },
      may,
    );
    // Of the two, the one that took longer: both are the same thing to whoever waits for it.
    const longer =
      (back.atMost ?? LIMIT) > (lost.atMost ?? LIMIT) ? back : lost;
    return {
      accessPolicyDelaySeconds: { seconds: longer },
      'refusals.vault.noPolicy': compareRefusal('vault.noPolicy', refused, {
        values: {
          objectId: caller.objectId,
          clientId: caller.clientId,
          tenant: caller.tenantId,
          vault: names.vault('policies'),
          location: names.location,
        },
        scrubber: azure.scrubber,
      }),
    };
  },
};
