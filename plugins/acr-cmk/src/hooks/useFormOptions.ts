import { useApi } from '@backstage/core-plugin-api';
import type {
  OptionList,
  ChosenFor,
  IdentityChoice,
  KeyChoice,
  VaultChoice,
} from 'backstage-plugin-acr-cmk-common';
import { acrCmkApiRef } from '../api';
import type { Loaded } from './loaded';
import { useResource } from './useResource';

/** Vaults whose keys may be chosen. */
export function useVaults(of: ChosenFor = {}): Loaded<OptionList<VaultChoice>> {
  const api = useApi(acrCmkApiRef);
  return useList(`vaults ${nameOf(of)}`, signal =>
    api.vaults({ ...of, signal }),
  );
}

/** Keys of a vault; nothing is asked while there is no vault. */
export function useKeys(
  vaultName: string | undefined,
  of: ChosenFor = {},
): Loaded<OptionList<KeyChoice>> {
  const api = useApi(acrCmkApiRef);
  return useList(
    vaultName && `keys of ${vaultName} ${nameOf(of)}`,
    async signal => ({
      items: await api.keys(vaultName!, { ...of, signal }),
      complete: true,
    }),
  );
}

/** User-assigned identities that may be chosen. */
export function useIdentities(
  of: ChosenFor = {},
): Loaded<OptionList<IdentityChoice>> {
  const api = useApi(acrCmkApiRef);
  return useList(`identities ${nameOf(of)}`, signal =>
    api.identities({ ...of, signal }),
  );
}

function nameOf({ entityRef, registryId }: ChosenFor): string {
  return `${entityRef ?? ''} ${registryId ?? ''}`;
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
