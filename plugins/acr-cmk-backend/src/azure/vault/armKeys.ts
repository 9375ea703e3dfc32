import type { Key } from '@azure/arm-keyvault';
import { isHsmScope, keyNameOf, vaultIdOf } from '../armIds';
import { read } from '../transport/call';
import type { AzureClients } from '../client';
import { createHsmKeys } from '../hsm/hsmKeys';
import { required, timesOf, toKeyFacts, withVersions } from './keyFacts';
import { HSM_AUDITOR } from './keyRights';
import { keyAction } from '../permissions';
import { allOf, withoutDuplicates } from '../transport/pipeline';
import type { KeysPort, ListedKey } from '../ports';
import { tagged } from '../transport/tagged';

/** Action and role that a call about the keys of a vault needs, at ARM or at a Managed HSM. */
const needed = (vaultId: string) =>
  isHsmScope(vaultId)
    ? { action: keyAction('keys/read', true), role: HSM_AUDITOR }
    : { action: keyAction('keys/read', false), role: 'Reader' };

/** A key of the ARM keys API, as its list shows it. */
const toListedKey = (key: Key): ListedKey => ({
  name: required(key.name, 'name'),
  ...(key.kty ? { type: key.kty } : {}),
  ...(key.keySize ? { size: key.keySize } : {}),
  ...(typeof key.attributes?.enabled === 'boolean'
    ? { enabled: key.attributes.enabled }
    : {}),
  ...timesOf(key),
  ...tagged(key.tags),
});

/** Keys as ARM shows them, with the read credential. Those of a Managed HSM are asked of the HSM itself. */
export function createArmKeys(
  clients: AzureClients,
): Pick<KeysPort, 'list' | 'get'> {
  const { limits } = clients;
  const hsmKeys = createHsmKeys(clients);

  return {
    list(vaultId) {
      return read(
        {
          doing: 'list the keys of a vault',
          scope: vaultId,
          ...needed(vaultId),
          credential: 'read',
        },
        limits,
        async () => {
          const vault = vaultIdOf(vaultId);
          if (vault.isHsm) return hsmKeys.list(vault.name);
          const { keys } = clients.keyVault('read', vault.subscriptionId);
          const found = await allOf(
            keys.list(vault.resourceGroup, vault.name),
            toListedKey,
          );
          return withoutDuplicates(found, key => key.name);
        },
      );
    },

    get(vaultId, keyName, known) {
      return read(
        {
          doing: `read the key ${keyName.slice(0, 127)} and its versions`,
          scope: vaultId,
          ...needed(vaultId),
          credential: 'read',
        },
        limits,
        async () => {
          const vault = vaultIdOf(vaultId);
          const name = keyNameOf(keyName);
          if (vault.isHsm) return hsmKeys.get(vault.name, name, known);
          const { keys } = clients.keyVault('read', vault.subscriptionId);
          const place = [vault.resourceGroup, vault.name, name] as const;
          const listVersions = () =>
            allOf(keys.listVersions(...place), version => version);
          if (known) {
            const versions = await listVersions();
            // Without one, the key may be gone.
            if (versions.length > 0) return withVersions(known, versions);
          }
          const key = await keys.get(...place);
          return toKeyFacts(vault.name, key, await listVersions());
        },
      );
    },
  };
}
