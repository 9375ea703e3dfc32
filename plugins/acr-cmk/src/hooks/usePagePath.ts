import { useApiHolder } from '@backstage/core-plugin-api';
import { routeResolutionApiRef } from '@backstage/frontend-plugin-api';
import { pageRouteRef } from '../routes';

/** Path of the page of all registries; on the old frontend system the documented one. */
export function usePagePath(): string {
  const routes = useApiHolder().get(routeResolutionApiRef);
  return routes?.resolve(pageRouteRef)?.() ?? '/acr-cmk';
}
