import {
  type OperationRequest,
  type PlanRequest,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import type { Router } from 'express';
import { changeOf } from '../../changes/plans/PlanService';
import { originOf } from './originOf';
import type { RouteDeps } from './services';
import { goneSignal, streamOperation } from './streamOperation';

const DECISIONS = ['cancel', 'approve', 'reject', 'confirm'] as const;

/** Adds the routes of plans and operations. */
export function addOperationRoutes(
  router: Router,
  { services, httpAuth, health, logger }: RouteDeps,
): void {
  router.post('/v1/plans', async (req, res) => {
    const credentials = await httpAuth.credentials(req, { allow: ['user'] });
    res.status(201);
    const change = changeOf(req.body as PlanRequest, services.plans.cloud);
    res.json(
      await services.plans.plan(change, credentials, {
        origin: originOf(credentials, req),
        http: req,
      }),
    );
  });

  router.post('/v1/operations', async (req, res) => {
    const credentials = await httpAuth.credentials(req, { allow: ['user'] });
    const operation = await services.acceptance.accept(
      {
        ...(req.body as OperationRequest),
        origin: originOf(credentials, req),
      },
      credentials,
      req,
    );
    res.status(202).location(`v1/operations/${operation.id}`);
    res.json(operation);
  });

  router.get('/v1/operations', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const { entityRef, registryId, limit } = req.query as Record<
      string,
      string | undefined
    >;
    const items = await services.operations.operations(
      {
        entityRef: entityRef ?? '',
        registryId:
          registryId === undefined ? undefined : RegistryId.parse(registryId),
        limit: limit === undefined ? 20 : Number(limit),
      },
      credentials,
    );
    res.json({ items });
  });

  router.get('/v1/operations/:id', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    res.json(await services.operations.operation(req.params.id, credentials));
  });

  router.get('/v1/operations/:id/events', async (req, res) => {
    const gone = goneSignal(res);
    const credentials = await httpAuth.credentials(req);
    const changes = services.streams.changes(req.params.id, {
      credentials,
      after: Number(req.headers['last-event-id'] ?? 0),
      signal: gone,
    });
    await streamOperation(changes, {
      // Later readings have nobody who waits for them.
      first: health.whileItAnswers(() => changes.next()),
      response: res,
      gone,
      logger,
    });
  });

  for (const decision of DECISIONS) {
    router.post(`/v1/operations/:id/${decision}`, async (req, res) => {
      const credentials = await httpAuth.credentials(req, { allow: ['user'] });
      const decider = {
        id: req.params.id,
        credentials,
        origin: originOf(credentials, req),
        http: req,
      };
      res.json(await services.decisions[decision](decider, req.body));
    });
  }
}
