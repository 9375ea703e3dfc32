import { useApi } from '@backstage/core-plugin-api';
import type { Choices, RegistryChoice } from 'backstage-plugin-acr-cmk-common';
import { acrCmkApiRef } from '../api';
import type { Loaded } from '../hooks/loaded';
import { useResource } from '../hooks/useResource';

/** Registries behind the entities that the person may see. Read once, while somebody chooses. */
export function useRegistries(): Loaded<Choices<RegistryChoice>> {
  const api = useApi(acrCmkApiRef);
  return useResource<Choices<RegistryChoice>>('registries', {
    load: ({ signal }) => api.registries({ signal }),
    pauseAfter: () => undefined,
  }).loaded;
}
