import { identityOf } from '../access';
import { until } from '../measured';
import type { Lab, Measurements, Probe } from '../probe';
import { setFirewall } from '../vaultFirewall';
import { settled } from '../waiting';
import type { Steps } from '../steps';
import { compareRefusal } from '../words';

/** Up to a quarter of an hour, says Microsoft. Seconds. */
const LIMIT = 3600;

/** Whether a registry with a user-assigned identity passes a firewall that lets trusted services through. */
export const firewall: Probe = {
  id: 'firewall',
  title: "whether a user-assigned identity passes a vault's firewall",
  about: ['userAssignedPassesBypass', 'refusals.vault.firewall'],

  async *run(lab: Lab): Steps<Measurements> {
    const { azure, caller, names, time } = lab;
    const id = names.registryId('follow');
    const vault = `https://${names.vault('roles')}.${azure.cloud.vaultSuffix}`;
    const isOpen = async () =>
      (await azure.vault('GET', `${vault}/keys`)).status === 200;
    yield* settled(lab, 'update a registry', id);
    const { clientId } = await identityOf(lab, 'follow');

    const closed = await setFirewall(lab, 'Deny');
    const shut = yield* until(
      { time, start: closed, limitSeconds: LIMIT },
      async () => !(await isOpen()),
    );
    try {
      if (shut.atMost === null) {
        const unknown = 'the firewall did not close';
        return {
          userAssignedPassesBypass: { unknown },
          'refusals.vault.firewall': { unknown },
        };
      }
      const refused = azure.record(
        'refused: vault.firewall',
        await azure.vault('GET', `${vault}/keys`),
      );
      const words = {
        'refusals.vault.firewall': compareRefusal('vault.firewall', refused, {
          values: {
            objectId: caller.objectId,
            clientId: caller.clientId,
            tenant: caller.tenantId,
            vault: names.vault('roles'),
            location: names.location,
          },
          scrubber: azure.scrubber,
        }),
      };
      const patched = await azure.arm('PATCH', id, {
        body: {
          properties: {
            encryption: {
              status: 'enabled',
              keyVaultProperties: {
                keyIdentifier: names.keyUri('follow'),
                identity: clientId,
              },
            },
          },
        },
      });
      azure.record('use a key behind a firewall', patched);
      if (patched.status >= 300) {
        return { userAssignedPassesBypass: { value: false }, ...words };
      }
      const passes = yield* succeeds(
        lab,
        patched.headers['azure-asyncoperation'],
      );
      return { userAssignedPassesBypass: { value: passes }, ...words };
    } finally {
      await setFirewall(lab, 'Allow');
    }
  },
};

async function* succeeds({ azure, time }: Lab, url: string): Steps<boolean> {
  const start = { sentAt: time.now(), answeredAt: time.now() };
  let status = '';
  yield* until({ time, start, limitSeconds: LIMIT }, async () => {
    status = (await azure.arm('GET', url)).json.status;
    return status === 'Succeeded' || status === 'Failed';
  });
  return status === 'Succeeded';
}
