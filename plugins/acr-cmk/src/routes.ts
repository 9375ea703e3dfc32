import {
  createExternalRouteRef,
  createRouteRef,
} from '@backstage/frontend-plugin-api';

/** The page of all registries. The navigation lists pages that have one. */
export const pageRouteRef = createRouteRef();

/** The documentation of an entity in TechDocs. */
export const docsRouteRef = createExternalRouteRef({
  params: ['namespace', 'kind', 'name'],
  defaultTarget: 'techdocs.docRoot',
});
