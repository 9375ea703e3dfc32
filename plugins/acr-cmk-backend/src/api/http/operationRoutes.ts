import {
  type OperationRequest,
  type PlanRequest,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import type { Router } from 'express';
import { changeOf } from '../../changes/plans/PlanService';
import { routesByCaller } from './callers';
import type { RouteDeps } from './services';
import { goneSignal, streamOperation } from './streamOperation';

const DECISIONS = ['cancel', 'approve', 'reject', 'confirm'] as const;

/** Operations of a list, unless a request says otherwise. */
const LIMIT = 20;

/** Adds the routes of plans and operations. */
export function addOperationRoutes(
  router: Router,
  { services, httpAuth, health, logger }: RouteDeps,
): void {
  const { anyone, people } = routesByCaller(router, httpAuth);
  const { plans, operations } = services;

  people.post('/v1/plans', async ({ req, res, caller }) => {
    res.status(201);
    return plans.plan(changeOf(req.body as PlanRequest, plans.cloud), caller);
  });

  people.post('/v1/operations', async ({ req, res, caller }) => {
    const operation = await services.acceptance.accept(
      req.body as OperationRequest,
      caller,
    );
    res.status(202).location(`v1/operations/${operation.id}`);
    return operation;
  });

  anyone.get('/v1/operations', async ({ query, credentials }) => {
    const { entityRef = '', registryId, limit = LIMIT } = query;
    const items = await operations.operations(
      {
        entityRef,
        registryId:
          registryId === undefined ? undefined : RegistryId.parse(registryId),
        limit: Number(limit),
      },
      credentials,
    );
    return { items };
  });

  anyone.get('/v1/operations/:id', ({ params, credentials }) =>
    operations.operation(params.id, credentials),
  );

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
    people.post(`/v1/operations/:id/${decision}`, call =>
      services.decisions[decision](
        { id: call.params.id, ...call.caller },
        call.req.body,
      ),
    );
  }
}
