import { useApi } from '@backstage/core-plugin-api';
import type {
  ChosenFor,
  IdentityChoice,
  KeyChoice,
  KeyVersionChoice,
  RegistryChoice,
  RegistryChoices,
  ResourceGroupChoice,
  VaultChoice,
} from 'backstage-plugin-acr-cmk-common';
import { acrCmkApiRef } from '../api';
import { type OptionsToSelect, useOptionList } from './useOptionList';

/** Registries behind the entities that the person may see. */
export function useRegistries(): OptionsToSelect<
  RegistryChoice,
  RegistryChoices
> {
  const api = useApi(acrCmkApiRef);
  return useOptionList('registries', signal => api.registries({ signal }));
}

/** Vaults whose keys may be chosen. */
export function useVaults(of: ChosenFor = {}): OptionsToSelect<VaultChoice> {
  const api = useApi(acrCmkApiRef);
  return useOptionList(`vaults ${nameOf(of)}`, signal =>
    api.vaults({ ...of, signal }),
  );
}

/** Keys of a vault; no request while there is no vault. */
export function useKeys(
  vaultName: string | undefined,
  of: ChosenFor = {},
): OptionsToSelect<KeyChoice> {
  const api = useApi(acrCmkApiRef);
  return useOptionList(
    vaultName && `keys of ${vaultName} ${nameOf(of)}`,
    async signal => ({
      items: await api.keys(vaultName!, { ...of, signal }),
      complete: true,
    }),
  );
}

/** Versions of a key, newest first; no request while there is no key. */
export function useKeyVersions(
  key: { vaultName: string; keyName: string } | undefined,
): OptionsToSelect<KeyVersionChoice> {
  const api = useApi(acrCmkApiRef);
  return useOptionList(
    key && `versions of ${key.keyName} in ${key.vaultName}`,
    async signal => ({
      items: await api.keyVersions(key!, { signal }),
      complete: true,
    }),
  );
}

/** Resource groups in which a registry may be created, the open ones first. */
export function useResourceGroups(): OptionsToSelect<ResourceGroupChoice> {
  const api = useApi(acrCmkApiRef);
  return useOptionList('resource groups', signal =>
    api.resourceGroups({ signal }),
  );
}

/** User-assigned identities that may be chosen. */
export function useIdentities(
  of: ChosenFor = {},
): OptionsToSelect<IdentityChoice> {
  const api = useApi(acrCmkApiRef);
  return useOptionList(`identities ${nameOf(of)}`, signal =>
    api.identities({ ...of, signal }),
  );
}

function nameOf({ entityRef, registryId }: ChosenFor): string {
  return `${entityRef ?? ''} ${registryId ?? ''}`;
}
