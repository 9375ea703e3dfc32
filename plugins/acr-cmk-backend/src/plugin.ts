import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import {
  actionsRegistryServiceRef,
  metricsServiceRef,
  tracingServiceRef,
} from '@backstage/backend-plugin-api/alpha';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { notificationService } from '@backstage/plugin-notifications-node';
import { signalsServiceRef } from '@backstage/plugin-signals-node';
import {
  acrCmkPermissions,
  acrCmkVersion,
  documentationUrl,
} from 'backstage-plugin-acr-cmk-common';
import { AuditLog } from './platform/audit/AuditLog';
import { watchAudit } from './platform/audit/watchAudit';
import { PermissionChecker } from './changes/gate/PermissionChecker';
import { createAzurePorts } from './azure/azurePorts';
import { atPriority, CallBudget } from './azure/transport/budget';
import {
  Backends,
  describeCredentials,
  InvalidConfiguration,
  misplacedBlocks,
  openConfiguration,
} from './platform/config';
import { DatabaseClock } from './platform/database/clock';
import { DatabaseUnusable, openDatabase } from './platform/database/migrate';
import { catalogModuleLines } from './doctor/checks/configuration';
import { catalogModuleOf, permissionOf } from './doctor/portsOf';
import { runningBackend } from './doctor/runningBackend';
import { warnOfOpenPolicy } from './doctor/warnOfOpenPolicy';
import { outOfService } from './api/http/outOfService';
import { startRetention } from './engine/retention';
import { startUpkeep } from './inventory/refresh/startSync';
import { limitsServiceRef, limitsWith } from './platform/limits';
import { Telemetry } from './platform/telemetry/Telemetry';
import { monotonicClock, sleep } from './platform/time/realClock';
import { createEngine } from './wiring/createEngine';
import { createKnowledge } from './wiring/createKnowledge';
import { createServices } from './wiring/createServices';
import { openRoutes } from './wiring/openRoutes';
import type { Context, PluginServices } from './platform/context';
import { Tasks } from './platform/time/Tasks';

/**
 * The backend plugin `acr-cmk`.
 *
 * @public
 */
export const acrCmkPlugin = createBackendPlugin({
  pluginId: 'acr-cmk',
  register(env) {
    env.registerInit({
      deps: {
        actionsRegistry: actionsRegistryServiceRef,
        auditor: coreServices.auditor,
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        database: coreServices.database,
        discovery: coreServices.discovery,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        limits: limitsServiceRef,
        logger: coreServices.logger,
        metrics: metricsServiceRef,
        notifications: notificationService,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        rootLifecycle: coreServices.rootLifecycle,
        scheduler: coreServices.scheduler,
        signals: signalsServiceRef,
        // Releases before 1.53 have none.
        ...(tracingServiceRef && { tracing: tracingServiceRef }),
      },
      async init(deps) {
        const { logger, httpRouter } = deps;
        logger.info(`Version ${acrCmkVersion}`);
        for (const { place, remedy } of misplacedBlocks(deps.config)) {
          logger.warn(
            `app-config has the block ${place}, which nothing reads. ${remedy}`,
          );
        }
        deps.permissionsRegistry.addPermissions(acrCmkPermissions);
        httpRouter.addAuthPolicy({ path: '/health', allow: 'unauthenticated' });
        try {
          await start(deps);
        } catch (error) {
          // The other plugins of the backend have nothing to do with either.
          if (error instanceof InvalidConfiguration) {
            const why =
              'acr-cmk is out of service, because its configuration is invalid.';
            const message = `${why} ${
              error.message
            }. Correct app-config and restart the backend. Every setting: ${documentationUrl(
              'plugins/acr-cmk-backend/config.d.ts',
            )}`;
            logger.error(message);
            // Settings are nothing for people who have not signed in.
            httpRouter.use(
              outOfService(message, `${why} Its log names the setting.`),
            );
          } else if (error instanceof DatabaseUnusable) {
            logger.error(error.message);
            httpRouter.use(outOfService(error.message));
          } else {
            throw error;
          }
        }
      },
    });
  },
});

/** Longest time in which a backend that ends takes its announcement back. Without that, it counts for three minutes more. */
const LEAVING_MS = 1000;

/**
 * Starts everything. What can be found wrong about the set-up is found before the first part runs.
 *
 * @throws InvalidConfiguration and DatabaseUnusable, which say what to do
 */
async function start(deps: PluginServices): Promise<void> {
  const { config, credentials } = openConfiguration(deps.config);
  if (config.scopes.length + config.managementGroups.length === 0) {
    deps.logger.warn(
      'acrCmk.scopes is empty: no registry can be viewed or changed',
    );
  }
  for (const block of config.wrongBlocks) {
    deps.logger.error(`${block}. Correct app-config and restart the backend.`);
  }
  for (const line of describeCredentials(config.credentials)) {
    deps.logger.info(line);
  }
  const limits = limitsWith(deps.limits, deps.logger);
  const db = await openDatabase(deps.database, { sleep });
  const clock = await DatabaseClock.open(db);
  const audit = new AuditLog({ db, clock });
  const tasks = new Tasks({ scheduler: deps.scheduler, db, sleep });
  deps.lifecycle.addShutdownHook(() => tasks.stop());
  const backends = new Backends({ db, clock, config, logger: deps.logger });
  await tasks.every(1, {
    id: 'acr-cmk-backends',
    scope: 'local',
    fn: () => backends.announce(),
  });
  await backends.announce();
  // Backstage's own hook takes the connection of a database in memory and keeps it, so this may never get one.
  deps.lifecycle.addShutdownHook(() =>
    Promise.race([
      backends.leave().catch(() => undefined),
      sleep(LEAVING_MS, new AbortController().signal),
    ]),
  );
  const budget = new CallBudget();
  const telemetry = new Telemetry({ ...deps, monotonic: monotonicClock });
  const azure = createAzurePorts({
    budget,
    observer: telemetry,
    cloud: config.cloud,
    credentials,
  });
  const context: Context = {
    ...deps,
    rootConfig: deps.config,
    config,
    limits,
    credentials,
    backends,
    db,
    clock,
    audit,
    tasks,
    azure,
    budget,
    telemetry,
    sleep,
  };
  const integrity = await watchAudit({
    clock,
    audit,
    ...config.audit,
    limits,
    auditor: deps.auditor,
    logger: deps.logger,
    lifecycle: deps.lifecycle,
    metrics: deps.metrics,
    tasks,
  });
  const permissionChecker = new PermissionChecker({
    permissions: deps.permissions,
    approvers: config.approvers,
  });
  const knowledge = await createKnowledge(context);
  const engine = await createEngine(context, {
    knowledge,
    permissionChecker,
  });
  const backend = runningBackend(context, {
    catalog: knowledge.catalog,
    audit: integrity,
    lastTurn: knowledge.lastTurn,
    loadedFiles: () => Object.keys(require.cache),
  });
  const catalogModule = catalogModuleOf(deps.config);
  for (const line of catalogModuleLines({ catalogModule, backend })) {
    // The module itself logs what is wrong in its settings.
    if (line.status === 'warning') {
      deps.logger.warn(`${line.message} ${line.remedy}`);
    }
  }
  const services = await createServices(context, {
    knowledge,
    engine,
    backend,
    permissionChecker,
  });
  openRoutes(context, { services, knowledge, integrity });
  await startRetention(context);
  await startUpkeep(context, knowledge);
  const { background, signals } = knowledge;
  const { worker } = engine;
  // Once every plugin has started: the policy is asked, as a guest where one can sign in.
  deps.rootLifecycle.addStartupHook(() =>
    background.add('looking at the permission policy', () =>
      warnOfOpenPolicy({
        permission: permissionOf(deps.config),
        backend,
        credentials: config.credentials,
        logger: deps.logger,
      }),
    ),
  );
  deps.lifecycle.addShutdownHook(() => background.stop());
  deps.lifecycle.addShutdownHook(() => signals.stop());
  deps.lifecycle.addStartupHook(() =>
    atPriority('engine', () => worker.start()),
  );
  deps.lifecycle.addShutdownHook(() => worker.stop());
}
