import { RegistryId } from 'backstage-plugin-acr-cmk-common';
import type { Router } from 'express';
import type { RouteDeps } from './services';

/** Adds the routes of the audit record, the doctor and the state of the inventory. */
export function addInstallationRoutes(
  router: Router,
  { services, httpAuth }: RouteDeps,
): void {
  router.get('/v1/audit', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const { after, limit } = req.query as Record<string, string | undefined>;
    res.json({
      items: await services.audit.records(
        { after: Number(after ?? 0), limit: Number(limit ?? 100) },
        credentials,
      ),
    });
  });

  router.get('/v1/doctor', async (req, res) => {
    res.json(await services.doctor.report(await httpAuth.credentials(req)));
  });

  router.get('/v1/inventory/status', async (req, res) => {
    res.json(await services.inventory.status(await httpAuth.credentials(req)));
  });

  router.get('/v1/inventory/freshness', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const id = RegistryId.parse(String(req.query.registryId));
    res.json(await services.inventory.freshness(id, credentials));
  });

  router.post('/v1/inventory/sync', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    res.status(202);
    res.json(await services.inventory.sync(credentials));
  });
}
