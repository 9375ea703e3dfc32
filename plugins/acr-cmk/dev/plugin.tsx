import {
  createFrontendPlugin,
  createRouteRef,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import { entityRouteRef } from '@backstage/plugin-catalog-react';

const galleryRouteRef = createRouteRef();

/** Every state of every view, from the fixtures of the tests, without a backend. */
const galleryPage = PageBlueprint.make({
  params: {
    path: '/',
    title: 'Registry keys',
    routeRef: galleryRouteRef,
    loader: () => import('./Gallery').then(m => <m.Gallery />),
  },
});

/** Target of links to entities: the gallery has no catalog. */
const entityPage = PageBlueprint.make({
  name: 'entity',
  params: {
    path: '/catalog/:namespace/:kind/:name',
    title: 'Entity',
    routeRef: entityRouteRef,
    loader: async () => <p>The page of the entity is in the catalog.</p>,
  },
});

export const galleryPlugin = createFrontendPlugin({
  pluginId: 'acr-cmk-gallery',
  routes: { gallery: galleryRouteRef, entity: entityRouteRef },
  extensions: [galleryPage, entityPage],
});
