import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { actionsRegistryServiceRef } from '@backstage/backend-plugin-api/alpha';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { acrCmkPermissions } from 'backstage-plugin-acr-cmk-common';
import { AcrCmkService } from './AcrCmkService';
import { registerActions } from './actions';
import { AuditLog } from './audit/AuditLog';
import { tellAuditor } from './audit/tellAuditor';
import { createAzurePorts, createCredentials } from './azure/clients';
import { CatalogLinks } from './catalog/CatalogLinks';
import { FormOptions } from './registries/FormOptions';
import { inScope, readConfig, subscriptionsOf, vaultAllowed } from './config';
import { isDatabaseAway } from './database/away';
import { DatabaseClock } from './database/clock';
import { openDatabase } from './database/migrate';
import { PreWriteCheck } from './authority/PreWriteCheck';
import { createRouter } from './http/router';
import { FactStore } from './inventory/FactStore';
import { Inventory } from './inventory/Inventory';
import { ApprovalStore } from './operations/engine/ApprovalStore';
import { OperationStore } from './operations/engine/OperationStore';
import { OperationsWorker } from './operations/engine/OperationsWorker';
import { Planner } from './plans/Planner';
import { PlanStore } from './plans/PlanStore';
import { PermissionChecker } from './authority/PermissionChecker';
import { RestoreTimer } from './operations/RestoreTimer';

/** Operations that one process carries on at once. Each is mostly waiting for Azure. */
const CONCURRENCY = 4;

/** Waits, or less when the signal is given. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}

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
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        scheduler: coreServices.scheduler,
      },
      async init(deps) {
        const config = readConfig(deps.config);
        if (config.scopes.length === 0) {
          deps.logger.warn(
            'acrCmk.scopes is empty: no registry can be looked at or changed',
          );
        }
        deps.permissionsRegistry.addPermissions(acrCmkPermissions);

        const db = await openDatabase(deps.database);
        const clock = new DatabaseClock(db);
        const audit = new AuditLog({ db, clock });
        const azure = createAzurePorts({
          credentials: createCredentials(config.credentials),
        });
        const inventory = new Inventory({
          facts: new FactStore({ db, clock }),
          azure,
        });
        const operations = new OperationStore({
          db,
          clock,
          audit,
          leaseSeconds: config.leaseSeconds,
        });
        const plans = new PlanStore({ db });
        const subscriptions = subscriptionsOf(config);
        const planner = new Planner({
          inventory,
          operations,
          plans,
          azure,
          subscriptions,
          inScope: id => inScope(config.scopes, id),
          vaultAllowed: key => vaultAllowed(config, key),
          allows: config.allows,
        });
        const catalog = new CatalogLinks({
          catalog: deps.catalog,
          auth: deps.auth,
        });
        const preWriteCheck = new PreWriteCheck({ config, catalog, planner });
        const decisions = new ApprovalStore({ db, clock, audit });
        const worker = new OperationsWorker({
          deps: {
            store: operations,
            azure,
            clock,
            changesSincePlan: operation => preWriteCheck.changes(operation),
            invalidate: operation => planner.invalidate(operation),
          },
          owner: `${hostname()}:${process.pid}`,
          logger: deps.logger,
          pause,
          pollMs: config.pollMs,
          concurrency: CONCURRENCY,
          ended: ({ id, requestedBy, state, intent, plan, result }) =>
            tellAuditor(deps.auditor, {
              eventId: 'operation-ended',
              actor: requestedBy,
              meta: {
                operationId: id,
                intent: intent.kind,
                registryId: plan.registryId,
                state,
              },
              failure: state === 'succeeded' ? undefined : result?.message,
            }),
        });
        const service = new AcrCmkService({
          config,
          clock,
          azure,
          inventory,
          planner,
          plans,
          operations,
          decisions,
          worker,
          catalog,
          permissionChecker: new PermissionChecker({
            permissions: deps.permissions,
          }),
          formOptions: new FormOptions({ config, inventory, planner, catalog }),
          audit,
          auditor: deps.auditor,
        });
        deps.httpRouter.use(
          createRouter({
            service,
            httpAuth: deps.httpAuth,
            logger: deps.logger,
            pause,
            isDatabaseAway,
          }),
        );
        registerActions({
          registry: deps.actionsRegistry,
          service,
          auth: deps.auth,
          revokes: config.actionsRevoke,
        });
        const timer = new RestoreTimer({
          store: operations,
          decisions,
          planner,
          plans,
          clock,
          logger: deps.logger,
          newId: randomUUID,
          accepted: async restore => {
            worker.wake();
            await tellAuditor(deps.auditor, {
              eventId: 'restore-timer',
              actor: restore.requestedBy,
              meta: {
                operationId: restore.id,
                registryId: restore.plan.registryId,
              },
            });
          },
        });
        await deps.scheduler.scheduleTask({
          id: 'acr-cmk-restore-timer',
          frequency: { minutes: 1 },
          timeout: { minutes: 5 },
          fn: () => timer.sweep(),
        });
        deps.lifecycle.addStartupHook(() => worker.start());
        deps.lifecycle.addShutdownHook(() => worker.stop());
      },
    });
  },
});
