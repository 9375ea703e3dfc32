import type {
  BackstageCredentials,
  BackstageUserPrincipal,
  HttpAuthService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import {
  AcceptanceUnknown,
  InvalidInput,
  LimitReached,
  openApiDocument,
  ORIGIN_HEADER,
  type OperationRequest,
  type PlanRequest,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import { ServiceUnavailableError } from '@backstage/errors';
import type { Request, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import type { DoctorService } from '../doctor/DoctorService';
import type { InventoryService } from '../inventoryApi/InventoryService';
import type { Fleet } from '../fleet/createFleet';
import type { AcceptanceService } from '../operations/AcceptanceService';
import type { AuditReader } from '../operations/AuditReader';
import type { DecisionService } from '../operations/DecisionService';
import type { OperationReader } from '../operations/OperationReader';
import type { OperationStreams } from '../operations/OperationStreams';
import { changeOf, type PlanService } from '../plans/PlanService';
import type { ChosenFor, FormOptions } from '../registries/FormOptions';
import type { NameChecks } from '../registries/NameChecks';
import type { RegistryOptions } from '../registries/RegistryOptions';
import type { RegistryService } from '../registries/RegistryService';
import { addFleetRoutes } from './fleetRouter';
import { onError } from './onError';
import { type RequestLimit, requestLimitHandler } from './RequestLimit';
import { type ApiDocument, validateRequests } from './requestValidation';
import { goneSignal, streamOperation } from './streamOperation';

/** Largest request body. The largest legal one has about 2 kB. */
const BODY_LIMIT = '20kb';

const DECISIONS = ['cancel', 'approve', 'reject', 'confirm'] as const;

/** Services behind the API. */
export interface Services extends Fleet {
  registries: RegistryService;
  formOptions: FormOptions;
  registryOptions: RegistryOptions;
  nameChecks: NameChecks;
  plans: PlanService;
  acceptance: AcceptanceService;
  operations: OperationReader;
  streams: OperationStreams;
  decisions: DecisionService;
  audit: AuditReader;
  doctor: DoctorService;
  inventory: InventoryService;
}

/** Express refuses a path that it cannot decode with an error of its own. */
const malformedPathHandler = onError((error, { next }) => {
  next(
    error instanceof URIError
      ? new InvalidInput('path', 'has a percent sign that encodes nothing')
      : error,
  );
});

const retryAfterHandler = onError((error, { res, next }) => {
  if (error instanceof LimitReached) {
    res.set('Retry-After', String(error.retryAfterSeconds));
  }
  next(error);
});

/** REST and server-sent events: parse, call a service, answer. */
export function createRouter(options: {
  services: Services;
  limit: RequestLimit;
  httpAuth: HttpAuthService;
  logger: LoggerService;
  /** Ends what waits for a database that does not answer. */
  health: {
    guard<T extends object>(service: T): T;
    whileItAnswers<T>(work: () => Promise<T>): Promise<T>;
  };
  /** Whether an error means that the database cannot be reached. */
  isDatabaseAway: (error: unknown) => boolean;
}): Router {
  const { httpAuth, health } = options;
  const { streams, fleetExport, ...answering } = options.services;
  const services = Object.fromEntries(
    Object.entries(answering).map(([name, service]) => [
      name,
      health.guard(service),
    ]),
  ) as unknown as typeof answering;
  const router = PromiseRouter();
  router.use(requestLimitHandler(options.limit, { httpAuth, health }));
  router.get('/openapi.json', (req, res) => {
    res.json({ ...openApiDocument, servers: [{ url: req.baseUrl }] });
  });
  validateRequests(router, openApiDocument as unknown as ApiDocument, {
    bodyLimit: BODY_LIMIT,
  });

  router.get(
    '/v1/entities/:kind/:namespace/:name/registries',
    async (req, res) => {
      const credentials = await httpAuth.credentials(req);
      const { kind, namespace, name } = req.params;
      res.json(
        await services.registries.registriesOf(
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
    const change = changeOf(req.body as PlanRequest, services.plans.cloud);
    res.json(await services.plans.plan(change, credentials, req));
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
    const changes = streams.changes(req.params.id, {
      credentials,
      after: Number(req.headers['last-event-id'] ?? 0),
      signal: gone,
    });
    await streamOperation(changes, {
      // Later readings have nobody who waits for them.
      first: health.whileItAnswers(() => changes.next()),
      response: res,
      gone,
      logger: options.logger,
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

  router.get('/v1/vaults', async (req, res) => {
    res.json(
      await services.formOptions.vaults(
        await httpAuth.credentials(req),
        chosenFor(req),
      ),
    );
  });

  router.get('/v1/vaults/:vault/keys', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    res.json({
      items: await services.formOptions.keys(
        req.params.vault,
        credentials,
        chosenFor(req),
      ),
    });
  });

  router.get('/v1/vaults/:vault/keys/:key/versions', async (req, res) => {
    const { vault, key } = req.params;
    res.json({
      items: await services.formOptions.keyVersions(
        { vaultName: vault, keyName: key },
        await httpAuth.credentials(req),
        chosenFor(req),
      ),
    });
  });

  router.get('/v1/vaults/:vault/keys/:key/name', async (req, res) => {
    const { vault, key } = req.params;
    res.json(
      await services.nameChecks.key(
        { vaultName: vault, keyName: key },
        await httpAuth.credentials(req, { allow: ['user'] }),
      ),
    );
  });

  router.get('/v1/registry-name', async (req, res) => {
    res.json(
      await services.nameChecks.registry(
        RegistryId.parse(String(req.query.registryId)),
        await httpAuth.credentials(req, { allow: ['user'] }),
      ),
    );
  });

  router.get('/v1/identities', async (req, res) => {
    res.json(
      await services.formOptions.identities(
        await httpAuth.credentials(req),
        chosenFor(req),
      ),
    );
  });

  router.get('/v1/registries', async (req, res) => {
    res.json(
      await services.registryOptions.visibleTo(await httpAuth.credentials(req)),
    );
  });

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

  router.post('/v1/inventory/sync', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    res.status(202);
    res.json(await services.inventory.sync(credentials));
  });

  addFleetRoutes(router, {
    services,
    fleetExport,
    httpAuth,
    health,
    logger: options.logger,
  });

  router.use(malformedPathHandler);
  router.use(retryAfterHandler);
  router.use(
    onError((error, { req, next }) => {
      next(options.isDatabaseAway(error) ? databaseAway(req) : error);
    }),
  );
  return router;
}

/**
 * A token that a plugin got for a person, such as the scaffolder's, names that plugin. The client of
 * the scaffolder's module says it as well.
 */
function originOf(
  { principal }: BackstageCredentials<BackstageUserPrincipal>,
  req: Request,
): 'program' | 'person' {
  return principal.actor || req.header(ORIGIN_HEADER) === 'program'
    ? 'program'
    : 'person';
}

/** Entity and registry for which a value is chosen. */
function chosenFor({ query }: Request): ChosenFor {
  const { entityRef, registryId } = query as Record<string, string | undefined>;
  if (registryId !== undefined && entityRef === undefined) {
    throw new InvalidInput('entityRef', 'is missing beside a registryId');
  }
  return {
    entityRef,
    registryId:
      registryId === undefined ? undefined : RegistryId.parse(registryId),
  };
}

/**
 * Error of a request during which the database did not answer. It says whether the request may have had an
 * effect.
 */
function databaseAway({ method, path, body }: Request): Error {
  const away = "The plugin's database does not answer";
  if (method === 'GET') {
    return new ServiceUnavailableError(
      `${away}, so this cannot be read now. Try again in a moment`,
    );
  }
  if (body === undefined) {
    return new ServiceUnavailableError(
      `${away}, so the request was not begun. Try again in a moment`,
    );
  }
  if (path === '/v1/plans') {
    return new ServiceUnavailableError(
      `${away}, so no plan was made. Try again in a moment`,
    );
  }
  return path === '/v1/operations'
    ? new AcceptanceUnknown(String(body?.idempotencyKey))
    : new ServiceUnavailableError(
        `${away}, so it is unclear whether your decision was stored. Read the operation again before you repeat it`,
      );
}
