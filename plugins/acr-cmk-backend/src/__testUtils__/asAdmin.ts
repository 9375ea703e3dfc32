import type { Emulator } from 'azure-emulator';

const ARM = 'https://management.azure.com';

/** Changes past the portal, by somebody with every right. Each throws unless Azure carries it out. */
export function asAdmin(azure: Emulator) {
  const send = async (
    method: string,
    url: string,
    body?: Record<string, unknown>,
  ) => {
    const answer = await azure.outOfBand(method, url, body);
    if (answer.status >= 300) {
      throw new Error(
        `${method} ${url}: ${answer.status} ${JSON.stringify(answer.body)}`,
      );
    }
    return answer.body;
  };
  const keyUrl = (vault: string, path: string) =>
    `https://${vault}.vault.azure.net/keys/${path}?api-version=7.5`;
  return {
    send,
    rotateKey: (vault: string, key: string) =>
      send('POST', keyUrl(vault, `${key}/rotate`)),
    deleteKey: (vault: string, key: string) =>
      send('DELETE', keyUrl(vault, key)),
    enableVersion: (
      [vault, key, version]: readonly [string, string, string],
      enabled: boolean,
    ) =>
      send('PATCH', keyUrl(vault, `${key}/${version}`), {
        attributes: { enabled },
      }),
    changeRegistry: (id: string, change: Record<string, unknown>) =>
      send('PATCH', `${ARM}${id}?api-version=2025-11-01`, change),
    changeVault: (name: string, properties: Record<string, unknown>) =>
      send(
        'PATCH',
        `${ARM}${azure.state.vault(name).id}?api-version=2023-07-01`,
        { properties },
      ),
    tagGroup: (name: string, tags: Record<string, string>) =>
      send(
        'PUT',
        `${ARM}/subscriptions/${azure.ready.subscriptionId}/resourceGroups/${name}?api-version=2021-04-01`,
        { location: 'westeurope', tags },
      ),
    /** Takes every role assignment from an identity. */
    async removeRoles(identity: string) {
      const principal = azure.state.principalId(identity);
      for (const { id } of azure.state.assignments(principal)) {
        await send('DELETE', `${ARM}${id}?api-version=2022-04-01`);
      }
    },
  };
}
