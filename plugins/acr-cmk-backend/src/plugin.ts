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
import { acrCmkPermissions } from 'backstage-plugin-acr-cmk-common';
import { AuditLog } from './audit/AuditLog';
import { watchAudit } from './audit/watchAudit';
import { PermissionChecker } from './authority/PermissionChecker';
import { atPriority } from './azure/transport/budget';
import { describeCredentials, readConfig } from './config';
import { DatabaseClock } from './database/clock';
import { DatabaseUnusable, openDatabase } from './database/migrate';
import { outOfService } from './http/outOfService';
import { NOTIFICATION_KINDS } from './notifications/kinds';
import { ApprovalStore } from './operations/engine/ApprovalStore';
import { sleep } from './time/realClock';
import { createEngine } from './wiring/createEngine';
import { createKnowledge } from './wiring/createKnowledge';
import { createServices } from './wiring/createServices';
import { openRoutes } from './wiring/openRoutes';
import type { Base } from './wiring/PluginServices';
import { scheduleTasks } from './wiring/scheduleTasks';
import { Tasks } from './time/Tasks';

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
        logger: coreServices.logger,
        metrics: metricsServiceRef,
        notifications: notificationService,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        scheduler: coreServices.scheduler,
        signals: signalsServiceRef,
        tracing: tracingServiceRef,
      },
      async init(deps) {
        const config = readConfig(deps.config, NOTIFICATION_KINDS);
        if (config.scopes.length + config.managementGroups.length === 0) {
          deps.logger.warn(
            'acrCmk.scopes is empty: no registry can be viewed or changed',
          );
        }
        for (const line of describeCredentials(config.credentials)) {
          deps.logger.info(line);
        }
        deps.permissionsRegistry.addPermissions(acrCmkPermissions);

        deps.httpRouter.addAuthPolicy({
          path: '/health',
          allow: 'unauthenticated',
        });
        const db = await openDatabase(deps.database, {
          sleep,
        }).catch(error => {
          if (!(error instanceof DatabaseUnusable)) throw error;
          // The other plugins of the backend have nothing to do with it.
          deps.logger.error(error.message);
          deps.httpRouter.use(outOfService(error.message));
        });
        if (!db) return;
        const clock = await DatabaseClock.open(db);
        const audit = new AuditLog({ db, clock });
        const tasks = new Tasks({ scheduler: deps.scheduler, db, sleep });
        deps.lifecycle.addShutdownHook(() => tasks.stop());
        const base: Base = { deps, tasks, config, db, clock, audit };
        const integrity = await watchAudit({
          clock,
          audit,
          ...config.audit,
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
        const knowledge = await createKnowledge(base);
        const engine = await createEngine(base, {
          knowledge,
          permissionChecker,
        });
        const approvals = new ApprovalStore({ db, clock, audit });
        const services = createServices(base, {
          knowledge,
          engine,
          approvals,
          integrity,
          permissionChecker,
        });
        openRoutes(base, { services, knowledge, integrity });
        await scheduleTasks(base, {
          knowledge,
          engine,
          approvals,
          planService: services.plans,
        });
        const { background, signals } = knowledge;
        const { worker } = engine;
        deps.lifecycle.addShutdownHook(() => background.stop());
        deps.lifecycle.addShutdownHook(() => signals.stop());
        deps.lifecycle.addStartupHook(() =>
          atPriority('engine', () => worker.start()),
        );
        deps.lifecycle.addShutdownHook(() => worker.stop());
      },
    });
  },
});
