import { RegistryId } from 'backstage-plugin-acr-cmk-common';
import type { Router } from 'express';
import { routesByCaller } from './callers';
import type { RouteDeps } from './services';

/** Adds the routes of the audit record, the doctor and the state of the inventory. */
export function addInstallationRoutes(
  router: Router,
  { services, httpAuth }: RouteDeps,
): void {
  const { anyone } = routesByCaller(router, httpAuth);

  anyone.get('/v1/audit', async ({ query, credentials }) => {
    const { after = 0, limit = 100 } = query;
    return {
      items: await services.audit.records(
        { after: Number(after), limit: Number(limit) },
        credentials,
      ),
    };
  });

  anyone.get('/v1/doctor', ({ credentials }) =>
    services.doctor.report(credentials),
  );

  anyone.get('/v1/inventory/status', ({ credentials }) =>
    services.inventory.status(credentials),
  );

  anyone.get('/v1/inventory/freshness', ({ query, credentials }) =>
    services.inventory.freshness(
      RegistryId.parse(String(query.registryId)),
      credentials,
    ),
  );

  anyone.post('/v1/inventory/sync', async ({ res, credentials }) => {
    res.status(202);
    return services.inventory.sync(credentials);
  });
}
