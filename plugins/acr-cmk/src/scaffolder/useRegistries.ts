import { useApi } from '@backstage/core-plugin-api';
import type { RegistryChoice } from 'backstage-plugin-acr-cmk-common';
import { acrCmkApiRef } from '../api';
import { type OptionsToSelect, useOptionList } from '../hooks/useOptionList';

/** Registries behind the entities that the person may see. */
export function useRegistries(): OptionsToSelect<RegistryChoice> {
  const api = useApi(acrCmkApiRef);
  return useOptionList('registries', signal => api.registries({ signal }));
}
