import type {
  HttpAuthService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { openApiDocument } from 'backstage-plugin-acr-cmk-common';
import type { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import {
  databaseAwayHandler,
  type DatabaseErrors,
  malformedPathHandler,
  retryAfterHandler,
} from './errorHandlers';
import { addCampaignRoutes } from './campaignRoutes';
import { addFleetRoutes } from './fleetRoutes';
import { addInstallationRoutes } from './installationRoutes';
import { addOperationRoutes } from './operationRoutes';
import { addRegistryRoutes } from './registryRoutes';
import { type RequestLimit, requestLimitHandler } from './RequestLimit';
import { type ApiDocument, validateRequests } from './requestValidation';
import type { RouteDeps, Services } from './services';

/** Largest request body. A decision about 200 members of a campaign, each with a reason, has about 110 kB. */
const BODY_LIMIT = '128kb';

/** REST and server-sent events: parse, call a service, answer. */
export function createRouter(options: {
  services: Services;
  limit: RequestLimit;
  httpAuth: HttpAuthService;
  logger: LoggerService;
  /** Ends what waits for a database that does not answer. */
  health: RouteDeps['health'] & { guard<T extends object>(service: T): T };
  databaseErrors: DatabaseErrors;
}): Router {
  const { services, limit, httpAuth, health } = options;
  // Streams and exports answer for longer than a probe lasts: their first piece alone is guarded.
  const { streams, fleetExport, ...answering } = services;
  const guarded = Object.fromEntries(
    Object.entries(answering).map(([name, service]) => [
      name,
      health.guard(service),
    ]),
  ) as unknown as typeof answering;
  const deps = { ...options, services: { ...guarded, streams, fleetExport } };

  const router = PromiseRouter();
  // Answers hold facts and records of people: no browser or proxy may keep them.
  router.use((_req, res, next) => {
    res.set('Cache-Control', 'no-store');
    next();
  });
  router.use(
    requestLimitHandler(limit, { httpAuth, health, bodyLimit: BODY_LIMIT }),
  );
  router.get('/openapi.json', (req, res) => {
    res.json({ ...openApiDocument, servers: [{ url: req.baseUrl }] });
  });
  validateRequests(router, openApiDocument as unknown as ApiDocument, {
    bodyLimit: BODY_LIMIT,
  });
  addRegistryRoutes(router, deps);
  addOperationRoutes(router, deps);
  addFleetRoutes(router, deps);
  addCampaignRoutes(router, deps);
  addInstallationRoutes(router, deps);
  router.use(malformedPathHandler);
  router.use(retryAfterHandler);
  router.use(databaseAwayHandler(options.databaseErrors));
  return router;
}
