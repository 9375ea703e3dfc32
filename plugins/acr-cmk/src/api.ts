import { createApiRef } from '@backstage/core-plugin-api';
import type { AcrCmkClient } from 'backstage-plugin-acr-cmk-common';

/** Methods of the backend's typed client. */
export type AcrCmkApi = Pick<AcrCmkClient, keyof AcrCmkClient>;

/** Shared by the new and the old frontend system, hence made with `core-plugin-api`. */
export const acrCmkApiRef = createApiRef<AcrCmkApi>({
  id: 'plugin.acr-cmk.client',
});
