import { createRouteRef } from '@backstage/frontend-plugin-api';

/** The page of all registries. The navigation lists pages that have one. */
export const pageRouteRef = createRouteRef();
