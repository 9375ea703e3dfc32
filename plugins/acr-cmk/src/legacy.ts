/**
 * The views for portals on the old frontend system.
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
import { createCardExtension } from '@backstage/plugin-home-react';
import { createScaffolderFieldExtension } from '@backstage/plugin-scaffolder-react';
import { AcrCmkClient } from 'backstage-plugin-acr-cmk-common';
import { acrCmkApiRef } from './api';
import {
  entityNameField,
  identityPickerField,
  keyNameField,
  planField,
  registryNameField,
  registryPickerField,
  resourceGroupPickerField,
  vaultKeyPickerField,
  vaultPickerField,
} from './scaffolder/fields';

const rootRouteRef = createRouteRef({ id: 'acr-cmk' });
const pageRouteRef = createRouteRef({ id: 'acr-cmk.page' });

/**
 * The plugin with its client, for apps that list their plugins.
 *
 * @public
 */
export const acrCmkPlugin = createPlugin({
  id: 'acr-cmk',
  apis: [
    createApiFactory({
      api: acrCmkApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new AcrCmkClient({ fetch: fetchApi.fetch }),
    }),
  ],
  routes: { root: rootRouteRef, page: pageRouteRef },
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
 * The page of all registries: `<Route path="/acr-cmk" element={<AcrCmkPage />} />`.
 *
 * @public
 */
export const AcrCmkPage = acrCmkPlugin.provide(
  createRoutableExtension({
    name: 'AcrCmkPage',
    component: () =>
      import('./components/FleetPage/LegacyPage').then(m => m.LegacyPage),
    mountPoint: pageRouteRef,
  }),
);

/**
 * The card for the portal's home page: the registries that need attention, and what waits for the
 * viewer's approval.
 *
 * @public
 */
export const AcrCmkHomeCard = acrCmkPlugin.provide(
  createCardExtension<{
    /** Path of the page of all registries. Default: `/acr-cmk`. */
    pagePath?: string;
  }>({
    name: 'AcrCmkHomeCard',
    title: 'Registry keys',
    components: () =>
      import('./components/HomeCard').then(m => ({ Content: m.HomeCard })),
  }),
);

/**
 * Field of templates, for `<ScaffolderFieldExtensions>`: a registry of an entity that the person
 * may see. Its value is a {@link PickedRegistry}.
 *
 * @public
 */
export const AcrCmkRegistryPicker = acrCmkPlugin.provide(
  createScaffolderFieldExtension(registryPickerField),
);

/**
 * Field of templates: the name of a vault that `acrCmk.vaults` allows.
 *
 * @public
 */
export const AcrCmkVaultPicker = acrCmkPlugin.provide(
  createScaffolderFieldExtension(vaultPickerField),
);

/**
 * Field of templates: the URI of a key, found by its vault; with a version where the template lets one be
 * chosen.
 *
 * @public
 */
export const AcrCmkVaultKeyPicker = acrCmkPlugin.provide(
  createScaffolderFieldExtension(vaultKeyPickerField),
);

/**
 * Field of templates: the ARM id of a resource group for a new registry.
 *
 * @public
 */
export const AcrCmkResourceGroupPicker = acrCmkPlugin.provide(
  createScaffolderFieldExtension(resourceGroupPickerField),
);

/**
 * Field of templates: the resource id of a user-assigned identity that the person may use, or nothing for
 * one that is to be created.
 *
 * @public
 */
export const AcrCmkIdentityPicker = acrCmkPlugin.provide(
  createScaffolderFieldExtension(identityPickerField),
);

/**
 * Field of templates: a name that the catalog does not have yet, checked while it is typed.
 *
 * @public
 */
export const AcrCmkEntityName = acrCmkPlugin.provide(
  createScaffolderFieldExtension(entityNameField),
);

/**
 * Field of templates: a name that no registry in Azure has yet, checked while it is typed.
 *
 * @public
 */
export const AcrCmkRegistryName = acrCmkPlugin.provide(
  createScaffolderFieldExtension(registryNameField),
);

/**
 * Field of templates: a name that no key of the chosen vault has yet, checked while it is typed.
 *
 * @public
 */
export const AcrCmkKeyName = acrCmkPlugin.provide(
  createScaffolderFieldExtension(keyNameField),
);

/**
 * Field of templates, for a last page of its own: what would happen with the answers so far, before
 * anything does.
 *
 * @public
 */
export const AcrCmkPlan = acrCmkPlugin.provide(
  createScaffolderFieldExtension(planField),
);

export type { PickedRegistry } from './scaffolder/registryField';
export { acrCmkApiRef } from './api';
export type { AcrCmkApi } from './api';
export { isAcrCmkAvailable } from './availability';
