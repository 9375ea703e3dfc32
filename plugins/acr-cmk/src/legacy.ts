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
import { AcrCmkClient } from 'backstage-plugin-acr-cmk-common';
import { acrCmkApiRef } from './api';

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

export { acrCmkApiRef } from './api';
export type { AcrCmkApi } from './api';
export { isAcrCmkAvailable } from './availability';
