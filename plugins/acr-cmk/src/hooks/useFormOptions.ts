import type {
  ChosenFor,
  IdentityChoice,
  KeyChoice,
  KeyVersionChoice,
  RegistryChoice,
  RegistryChoices,
  VaultChoice,
} from 'backstage-plugin-acr-cmk-common';
import { type OptionsToSelect, useOptionList } from './useOptionList';

const keyFrom = (list: string, { entityRef, registryId }: ChosenFor) =>
  `${list} ${entityRef ?? ''} ${registryId ?? ''}`;

/** Registries behind the entities that the person may see. */
export const useRegistries = (): OptionsToSelect<
  RegistryChoice,
  RegistryChoices
> => useOptionList('registries', (api, options) => api.registries(options));

/** Vaults whose keys may be chosen. */
export const useVaults = (of: ChosenFor = {}): OptionsToSelect<VaultChoice> =>
  useOptionList(keyFrom('vaults', of), (api, options) =>
    api.vaults({ ...of, ...options }),
  );

/** Keys of a vault; no request while there is no vault. */
export const useKeys = (
  vaultName: string | undefined,
  of: ChosenFor = {},
): OptionsToSelect<KeyChoice> =>
  useOptionList(
    vaultName && keyFrom(`keys of ${vaultName}`, of),
    async (api, options) => ({
      items: await api.keys(vaultName!, { ...of, ...options }),
      complete: true,
    }),
  );

/** Versions of a key, newest first; no request while there is no key. */
export const useKeyVersions = (
  key: { vaultName: string; keyName: string } | undefined,
): OptionsToSelect<KeyVersionChoice> =>
  useOptionList(
    key && `versions of ${key.keyName} in ${key.vaultName}`,
    async (api, options) => ({
      items: await api.keyVersions(key!, options),
      complete: true,
    }),
  );

/** User-assigned identities that may be chosen. */
export const useIdentities = (
  of: ChosenFor = {},
): OptionsToSelect<IdentityChoice> =>
  useOptionList(keyFrom('identities', of), (api, options) =>
    api.identities({ ...of, ...options }),
  );
