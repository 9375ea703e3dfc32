import { useApi } from '@backstage/core-plugin-api';
import type {
  OptionList,
  IdentityChoice,
  KeyChoice,
  VaultChoice,
} from 'backstage-plugin-acr-cmk-common';
import { acrCmkApiRef } from '../api';
import type { Loaded } from './loaded';
import { useResource } from './useResource';

/** Vaults whose keys may be chosen. */
export function useVaults(): Loaded<OptionList<VaultChoice>> {
  const api = useApi(acrCmkApiRef);
  return useList('vaults', signal => api.vaults({ signal }));
}

/** Keys of a vault; nothing is asked while there is no vault. */
export function useKeys(
  vaultName: string | undefined,
): Loaded<OptionList<KeyChoice>> {
  const api = useApi(acrCmkApiRef);
  return useList(vaultName && `keys of ${vaultName}`, async signal => ({
    items: await api.keys(vaultName!, { signal }),
    complete: true,
  }));
}

/** User-assigned identities that may be chosen. */
export function useIdentities(): Loaded<OptionList<IdentityChoice>> {
  const api = useApi(acrCmkApiRef);
  return useList('identities', signal => api.identities({ signal }));
}

/** Read once: what may be chosen does not change while somebody chooses. */
function useList<T>(
  key: string | undefined,
  read: (signal: AbortSignal) => Promise<OptionList<T>>,
): Loaded<OptionList<T>> {
  return useResource<OptionList<T>>(key, {
    load: ({ signal }) => read(signal),
    pauseAfter: () => undefined,
  }).loaded;
}
