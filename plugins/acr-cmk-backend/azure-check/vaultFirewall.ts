import { expectSuccess } from './Azure';
import { until } from './measured';
import type { Lab } from './probe';
import type { Steps } from './steps';

/** Up to a quarter of an hour, says Microsoft. Seconds. */
const LIMIT = 3600;

/** Opens the firewall of the vault with roles, or closes it for all but trusted services. */
export async function setFirewall(
  { azure, names }: Lab,
  defaultAction: 'Allow' | 'Deny',
) {
  return expectSuccess(
    'change the firewall of a vault',
    await azure.arm('PATCH', names.vaultId('roles'), {
      body: {
        properties: { networkAcls: { bypass: 'AzureServices', defaultAction } },
      },
    }),
  );
}

/** Opens it and waits until that shows: a refusal for another reason is as good. */
export async function* openFirewall(lab: Lab): Steps<void> {
  const { azure, names, time } = lab;
  const opened = await setFirewall(lab, 'Allow');
  const url = `https://${names.vault('roles')}.${azure.cloud.vaultSuffix}/keys`;
  yield* until({ time, start: opened, limitSeconds: LIMIT }, async () => {
    const { status, json } = await azure.vault('GET', url);
    return (
      status === 200 || json.error?.innererror?.code !== 'ForbiddenByFirewall'
    );
  });
}
