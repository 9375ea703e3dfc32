/** Calls to Azure that only the doctor makes. None of them changes anything. */
import { type KeyIdentifier, keyHome } from 'backstage-plugin-acr-cmk-common';
import { read } from './transport/call';
import type { AzureClients } from './client';
import { keyAction } from './permissions';
import { answerOf } from './transport/pipeline';
import type { CredentialName } from './ports';
import { parseHttpDate } from './transport/retryAfter';

const GRAPH_API_VERSION = '2022-10-01';

/** Every method throws `AzureError` and nothing else, but `azureTime`, which answers nothing. */
export interface DiagnosisPort {
  /** Asks Microsoft Entra for a token for ARM, and forgets it. */
  token(credential: CredentialName): Promise<void>;
  /**
   * Azure's time: the `Date` header of an answer of ARM to a request without a credential. Nothing
   * when there is none.
   */
  azureTime(): Promise<number | undefined>;
  /** Counts the registries that Azure Resource Graph shows the read credential in these subscriptions. */
  countByResourceGraph(subscriptionIds: readonly string[]): Promise<number>;
  /** Asks the vault of a key itself for a page of its keys: a refusal says how far the request came. */
  reachVault(key: KeyIdentifier, credential: CredentialName): Promise<void>;
}

export function createDiagnosis(clients: AzureClients): DiagnosisPort {
  const { limits } = clients;
  return {
    async token(credential) {
      await read(
        {
          doing: 'sign in to Microsoft Entra',
          scope: clients.armScope,
          action: 'a token',
          role: 'none',
          credential,
        },
        limits,
        () => clients.armToken(credential),
      );
    },

    async azureTime() {
      const { value } = await read(
        {
          doing: "read Azure's time",
          scope: clients.cloud.armHost,
          action: 'nothing',
          role: 'none',
        },
        limits,
        () => answerOf(clients.armUrl('/subscriptions', '2022-12-01')),
      );
      return parseHttpDate(value.date);
    },

    async countByResourceGraph(subscriptionIds) {
      const { value } = await read(
        {
          doing: 'query Azure Resource Graph',
          scope: subscriptionIds.map(id => `/subscriptions/${id}`).join(', '),
          action: 'Microsoft.ContainerRegistry/registries/read',
          role: 'Reader',
          credential: 'read',
        },
        limits,
        async () => {
          const { body } = await clients.arm('read')({
            method: 'POST',
            url: clients.armUrl(
              '/providers/Microsoft.ResourceGraph/resources',
              GRAPH_API_VERSION,
            ),
            body: {
              subscriptions: subscriptionIds,
              query:
                "resources | where type =~ 'microsoft.containerregistry/registries' | project id",
              options: { $top: 1, resultFormat: 'objectArray' },
            },
          });
          if (typeof body?.totalRecords !== 'number') {
            throw new Error('The answer has no totalRecords');
          }
          return body.totalRecords;
        },
      );
      return value;
    },

    async reachVault(key, credential) {
      await read(
        {
          doing: `list keys at the ${keyHome(key.vaultName)} itself`,
          scope: `https://${key.vaultHost}`,
          action: keyAction('keys/read', key.isInHsm),
          ...(key.isInHsm
            ? { role: 'Managed HSM Crypto Auditor' }
            : { permission: 'list', role: 'Key Vault Reader' }),
          credential,
        },
        limits,
        () =>
          clients.vault(
            credential,
            key,
          )({
            method: 'GET',
            url: `${clients.vaultUrl(key, '/keys')}&maxresults=1`,
          }),
      );
    },
  };
}
