import type {
  HttpAuthService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { createValidatedOpenApiRouterFromGeneratedEndpointMap } from '@backstage/backend-openapi-utils';
import {
  isTerminal,
  openApiDocument,
  type Operation,
  type OperationRequest,
  type PlanRequest,
} from 'backstage-plugin-acr-cmk-common';
import { ServiceUnavailableError } from '@backstage/errors';
import express, { type ErrorRequestHandler, type Router } from 'express';
import type { AcrCmkService } from '../AcrCmkService';
import { toInvalidInput } from './toInvalidInput';
import type { Pause } from '../Pause';
import { streamOperation } from './streamOperation';

/** Largest request body. The largest legal one has about 2 kB. */
const BODY_LIMIT = '20kb';

/** REST and server-sent events: parse, call the service, answer. */
export function createRouter(options: {
  service: AcrCmkService;
  httpAuth: HttpAuthService;
  logger: LoggerService;
  pause: Pause;
  /** Does an error say that the database cannot be reached? */
  isDatabaseAway: (error: unknown) => boolean;
}): Router {
  const { service, httpAuth } = options;
  const router = createValidatedOpenApiRouterFromGeneratedEndpointMap(
    structuredClone(openApiDocument) as never,
    {
      middleware: [express.json({ limit: BODY_LIMIT, strict: true })],
      validatorOptions: { validateRequests: { allErrors: false } },
    },
  ) as unknown as Router;

  router.get(
    '/v1/entities/:kind/:namespace/:name/registries',
    async (req, res) => {
      const credentials = await httpAuth.credentials(req);
      const { kind, namespace, name } = req.params;
      res.json(
        await service.registriesOf(
          `${kind}:${namespace}/${name}`,
          credentials,
          {
            refresh: req.query.refresh === 'true',
          },
        ),
      );
    },
  );

  router.post('/v1/plans', async (req, res) => {
    const credentials = await httpAuth.credentials(req, { allow: ['user'] });
    res.status(201);
    res.json(await service.plan(req.body as PlanRequest, credentials));
  });

  router.post('/v1/operations', async (req, res) => {
    const credentials = await httpAuth.credentials(req, { allow: ['user'] });
    const operation = await service.accept(
      req.body as OperationRequest,
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
    const items = await service.operations(
      {
        entityRef: entityRef ?? '',
        registryId,
        limit: limit === undefined ? 20 : Number(limit),
      },
      credentials,
    );
    res.json({ items });
  });

  router.get('/v1/operations/:id', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    res.json(await service.operation(req.params.id, credentials));
  });

  router.get('/v1/operations/:id/events', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const read = (): Promise<Operation> =>
      service.operation(req.params.id, credentials);
    await streamOperation({
      read,
      isLast: operation => isTerminal(operation.state),
      lastRevision: Number(req.headers['last-event-id'] ?? 0),
      pause: options.pause,
      response: res,
      logger: options.logger,
    });
  });

  const decisions = {
    cancel: service.cancel.bind(service),
    approve: service.approve.bind(service),
    reject: service.reject.bind(service),
    confirm: service.confirm.bind(service),
  };
  for (const [name, decide] of Object.entries(decisions)) {
    router.post(`/v1/operations/:id/${name}`, async (req, res) => {
      const credentials = await httpAuth.credentials(req, { allow: ['user'] });
      res.json(await decide(req.params.id, req.body, credentials, req));
    });
  }

  router.get('/v1/vaults', async (req, res) => {
    res.json(await service.vaults(await httpAuth.credentials(req)));
  });

  router.get('/v1/vaults/:vault/keys', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    res.json({ items: await service.keys(req.params.vault, credentials) });
  });

  router.get('/v1/identities', async (req, res) => {
    res.json(await service.identities(await httpAuth.credentials(req)));
  });

  router.get('/v1/registries', async (req, res) => {
    res.json(await service.registries(await httpAuth.credentials(req)));
  });

  router.get('/v1/audit', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const { after, limit } = req.query as Record<string, string | undefined>;
    res.json({
      items: await service.audit(
        { after: Number(after ?? 0), limit: Number(limit ?? 100) },
        credentials,
      ),
    });
  });

  router.use(toInvalidInput);
  const saysUnavailable: ErrorRequestHandler = (error, _req, _res, next) => {
    next(
      options.isDatabaseAway(error)
        ? new ServiceUnavailableError(
            "The plugin's database does not answer, so nothing was accepted. Try again",
          )
        : error,
    );
  };
  router.use(saysUnavailable);
  return router;
}
