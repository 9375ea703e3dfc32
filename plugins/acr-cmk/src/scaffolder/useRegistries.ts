import { useApi } from '@backstage/core-plugin-api';
import type {
  OptionList,
  RegistryChoice,
} from 'backstage-plugin-acr-cmk-common';
import { acrCmkApiRef } from '../api';
import type { Loaded } from '../hooks/loaded';
import { useResource } from '../hooks/useResource';

/** Registries behind the entities that the person may see. Read once, while somebody chooses. */
export function useRegistries(): Loaded<OptionList<RegistryChoice>> {
  const api = useApi(acrCmkApiRef);
  return useResource<OptionList<RegistryChoice>>('registries', {
    load: ({ signal }) => api.registries({ signal }),
    pauseAfter: () => undefined,
  }).loaded;
}
