/** Calls to Azure that only the doctor makes. None changes anything, and no operation may depend on one. */
import { type KeyIdentifier, keyHome } from 'backstage-plugin-acr-cmk-common';
import { readProvider } from './arm/providers';
import { read } from './transport/call';
import type { AzureClients } from './client';
import { keyAction } from './permissions';
import { sendPlain } from './transport/send';
import type { CredentialName } from './ports';
import { parseHttpDate } from './transport/retryAfter';

/** Every method throws `AzureError` and nothing else. */
export type Diagnosis = ReturnType<typeof createDiagnosis>;

export function createDiagnosis(clients: AzureClients) {
  const { limits } = clients;
  return {
    /** Asks Microsoft Entra for a token for ARM, and forgets it. */
    async token(credential: CredentialName): Promise<void> {
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

    /**
     * Azure's time: the `Date` header of an answer of ARM to a request without a credential. Nothing
     * when there is none.
     */
    async azureTime(): Promise<number | undefined> {
      const { value } = await read(
        {
          doing: "read Azure's time",
          scope: clients.cloud.armHost,
          action: 'nothing',
          role: 'none',
        },
        limits,
        () =>
          sendPlain({ url: clients.armUrl('/subscriptions', '2022-12-01') }),
      );
      return parseHttpDate(value.date);
    },

    /** State of the registration of a resource provider in a subscription, such as `Registered`. */
    async registrationState(
      subscription: string,
      namespace: string,
      credential: CredentialName,
    ): Promise<string> {
      const { value } = await readProvider(
        clients,
        {
          doing: `read whether the subscription ${subscription} is registered for ${namespace}`,
          subscription,
          namespace,
          parse: body => String(body?.registrationState),
        },
        credential,
      );
      return value;
    },

    /** Asks the vault of a key itself for a page of its keys: a refusal says how far the request came. */
    async reachVault(
      key: KeyIdentifier,
      credential: CredentialName,
    ): Promise<void> {
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
          clients.send(credential, {
            url: `${clients.vaultUrl(key, '/keys')}&maxresults=1`,
          }),
      );
    },
  };
}
