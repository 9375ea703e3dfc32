/**
 * The same views for portals on the old frontend system.
 *
 * @packageDocumentation
 */
import {
  createApiFactory,
  createComponentExtension,
  createPlugin,
  createRoutableExtension,
  createRouteRef,
  fetchApiRef,
} from '@backstage/core-plugin-api';
import { createScaffolderFieldExtension } from '@backstage/plugin-scaffolder-react';
import { AcrCmkClient } from 'backstage-plugin-acr-cmk-common';
import { acrCmkApiRef } from './api';
import {
  registryPickerField,
  vaultKeyPickerField,
  vaultPickerField,
} from './scaffolder/fields';

const rootRouteRef = createRouteRef({ id: 'acr-cmk' });

/** @public */
export const acrCmkPlugin = createPlugin({
  id: 'acr-cmk',
  apis: [
    createApiFactory({
      api: acrCmkApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new AcrCmkClient({ fetch: fetchApi.fetch }),
    }),
  ],
  routes: { root: rootRouteRef },
});

/**
 * The tab: `<EntityLayout.Route path="/encryption" title="Encryption" if={isAcrCmkAvailable}>`.
 *
 * @public
 */
export const EntityAcrCmkContent = acrCmkPlugin.provide(
  createRoutableExtension({
    name: 'EntityAcrCmkContent',
    component: () =>
      import('./components/EncryptionTab').then(m => m.EncryptionTab),
    mountPoint: rootRouteRef,
  }),
);

/**
 * The card for the overview page of an entity.
 *
 * @public
 */
export const EntityAcrCmkCard = acrCmkPlugin.provide(
  createComponentExtension({
    name: 'EntityAcrCmkCard',
    component: {
      lazy: () => import('./components/OverviewCard').then(m => m.OverviewCard),
    },
  }),
);

/**
 * Fields of templates, for `<ScaffolderFieldExtensions>`.
 *
 * @public
 */
export const AcrCmkRegistryPicker = acrCmkPlugin.provide(
  createScaffolderFieldExtension(registryPickerField),
);

/** @public */
export const AcrCmkVaultPicker = acrCmkPlugin.provide(
  createScaffolderFieldExtension(vaultPickerField),
);

/** @public */
export const AcrCmkVaultKeyPicker = acrCmkPlugin.provide(
  createScaffolderFieldExtension(vaultKeyPickerField),
);

export { acrCmkApiRef } from './api';
export type { AcrCmkApi } from './api';
export { isAcrCmkAvailable } from './availability';
