import { hostname } from 'node:os';
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
import { acrCmkPermissions, RegistryId } from 'backstage-plugin-acr-cmk-common';
import { registerActions } from './actions';
import { AuditLog } from './audit/AuditLog';
import { tellAuditor } from './audit/tellAuditor';
import { watchAudit } from './audit/watchAudit';
import { atPriority, CallBudget } from './azure/budget';
import { createAzurePorts, createCredentials } from './azure/clients';
import { createDeliveryVerifier, entraKeys } from './azure/deliveryToken';
import { CatalogLinks } from './catalog/CatalogLinks';
import { CatalogSweep } from './catalog/CatalogSweep';
import { FormOptions } from './registries/FormOptions';
import { NameChecks } from './registries/NameChecks';
import { describeCredentials, inScope, readConfig } from './config';
import { isDatabaseAway } from './database/away';
import { DatabaseClock } from './database/clock';
import { DatabaseHealth } from './database/DatabaseHealth';
import { AZURE_EVENTS_PATH, azureEventsRouter } from './http/azureEventsRouter';
import { healthRouter } from './http/healthRouter';
import { outOfService } from './http/outOfService';
import { DatabaseUnusable, openDatabase } from './database/migrate';
import { createFleet } from './fleet/createFleet';
import { DoctorService } from './doctor/DoctorService';
import { portsOf } from './doctor/portsOf';
import { runDoctor } from './doctor/runDoctor';
import { runningBackend } from './doctor/runningBackend';
import { secretsIn } from './doctor/secretsIn';
import { AzureEventService } from './fleet/AzureEventService';
import { InventoryService } from './fleet/InventoryService';
import { Gate } from './authority/Gate';
import { createRouter, type Services } from './http/router';
import { createInventory } from './inventory/createInventory';
import { scheduleInventory } from './inventory/scheduleInventory';
import { createSyncStores, openScopes, startSync } from './inventory/startSync';
import { startNotifications } from './notifications/startNotifications';
import { ApprovalStore } from './operations/engine/ApprovalStore';
import { OperationStore } from './operations/engine/OperationStore';
import { OperationsWorker } from './operations/engine/OperationsWorker';
import { PlanMaker } from './plans/PlanMaker';
import { PlanService } from './plans/PlanService';
import { PlanStore } from './plans/PlanStore';
import { PermissionChecker } from './authority/PermissionChecker';
import { PersonalLimits } from './authority/PersonalLimits';
import { AcceptanceService } from './operations/AcceptanceService';
import { AuditAcknowledgement } from './operations/AuditAcknowledgement';
import { AuditReader } from './operations/AuditReader';
import { changesBeforeWrite } from './operations/changesBeforeWrite';
import { DecisionService } from './operations/DecisionService';
import { invalidate } from './operations/invalidate';
import { OperationReader } from './operations/OperationReader';
import { OperationStreams } from './operations/OperationStreams';
import { OperationRecorder } from './operations/OperationRecorder';
import { PullFollowUp } from './operations/PullFollowUp';
import { PullStore } from './operations/engine/PullStore';
import { RestoreTimer } from './operations/RestoreTimer';
import { realPause } from './realPause';
import { machineStopwatch } from './Stopwatch';
import { ChangeSignals } from './signals/ChangeSignals';
import { openChangeTokens } from './signals/changeTokens';
import { Telemetry } from './telemetry/Telemetry';
import { RegistryService } from './registries/RegistryService';

/** Operations that one process carries on at once. Each is mostly waiting for Azure. */
const CONCURRENCY = 4;

function countBy(states: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const state of states) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
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
        const config = readConfig(deps.config);
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
          pause: realPause,
        }).catch(error => {
          if (!(error instanceof DatabaseUnusable)) throw error;
          // The other plugins of the backend have nothing to do with it.
          deps.logger.error(error.message);
          deps.httpRouter.use(outOfService(error.message));
        });
        if (!db) return;
        const clock = await DatabaseClock.open(db);
        const audit = new AuditLog({ db, clock });
        const integrity = await watchAudit({
          db,
          clock,
          audit,
          checkpoints: config.audit.checkpoints,
          auditor: deps.auditor,
          logger: deps.logger,
          lifecycle: deps.lifecycle,
          scheduler: deps.scheduler,
        });
        const budget = new CallBudget();
        const telemetry = new Telemetry({
          metrics: deps.metrics,
          tracing: deps.tracing,
          stopwatch: machineStopwatch,
        });
        const azure = createAzurePorts({
          budget,
          observer: telemetry,
          cloud: config.cloud,
          credentials: createCredentials(
            config.credentials,
            process.env,
            config.cloud,
          ),
        });
        const stores = createSyncStores({ db, clock });
        const managed = await openScopes({
          settings: config,
          stores,
          azure,
          logger: deps.logger,
        });
        const includes = (id: RegistryId) => inScope(config.scopes, id);
        const changeTokenOf = await openChangeTokens(db, clock);
        const signals = new ChangeSignals({
          signals: deps.signals,
          tokenOf: changeTokenOf,
          pause: realPause,
          logger: deps.logger,
        });
        const { inventory, rows, listings, judge, background } =
          createInventory({
            db,
            clock,
            azure,
            logger: deps.logger,
            scope: { subscriptions: managed.subscriptions, includes },
            sync: config.sync,
            judged: keys => signals.changed(keys.map(key => ({ key }))),
          });
        const { sync, events, status, byState } = await startSync({
          db,
          clock,
          azure,
          rows,
          judge,
          managed,
          stores,
          settings: config,
          includes,
          scheduler: deps.scheduler,
          logger: deps.logger,
          span: (name, work) => telemetry.span(name, work),
        });
        telemetry.watch({
          budget: () => budget.left(),
          figures: async () => {
            const [known, states, now] = await Promise.all([
              status(),
              byState(),
              clock.now(),
            ]);
            return {
              ...known,
              now,
              byState: states,
              bySubscriptionState: countBy(
                known.scopes.map(({ state }) => state),
              ),
            };
          },
        });
        const operations = new OperationStore({
          db,
          clock,
          audit,
          leaseSeconds: config.leaseSeconds,
          settleMs: azure.callLimitMs,
          stopwatch: azure.stopwatch,
        });
        const notifications = await startNotifications({
          db,
          clock,
          config: config.notifications,
          scopes: config.scopes,
          subscriptions: managed.subscriptions,
          audit,
          operations,
          notifications: deps.notifications,
          pause: realPause,
          logger: deps.logger,
          scheduler: deps.scheduler,
          background,
        });
        /** An operation of this registry was accepted, decided about, or has ended. */
        const happened = ({ registryId }: { registryId: string }) => {
          signals.changed([RegistryId.parse(registryId)]);
          notifications.tellAtOnce();
        };
        const plans = new PlanStore({ db, cloud: config.cloud });
        const approvals = new ApprovalStore({ db, clock, audit });
        const catalog = new CatalogLinks({
          catalog: deps.catalog,
          auth: deps.auth,
          links: rows.links,
        });
        const permissionChecker = new PermissionChecker({
          permissions: deps.permissions,
        });
        const gate = new Gate({
          config,
          catalog,
          permissionChecker,
          plans: new PlanMaker({
            inventory,
            operations,
            azure,
            allows: config.allows,
          }),
        });
        const worker = new OperationsWorker({
          deps: {
            store: operations,
            azure,
            clock,
            changesSincePlan: operation =>
              changesBeforeWrite(operation, { gate, plans }),
            invalidate: operation => invalidate(operation, inventory),
          },
          owner: `${hostname()}:${process.pid}`,
          logger: deps.logger,
          pause: realPause,
          pollMs: config.pollMs,
          concurrency: CONCURRENCY,
          ended: async ({
            id,
            requestedBy,
            state,
            intent,
            plan,
            result,
            ...ended
          }) => {
            happened(plan);
            telemetry.operationEnded({
              intent: intent.kind,
              end: state,
              seconds:
                ((ended.endedAt ?? ended.createdAt) - ended.createdAt) / 1000,
            });
            await tellAuditor(deps.auditor, {
              eventId: 'operation-ended',
              actor: requestedBy,
              meta: {
                operationId: id,
                intent: intent.kind,
                registryId: plan.registryId,
                state,
              },
              failure: state === 'succeeded' ? undefined : result?.message,
            });
          },
        });
        const recorder = new OperationRecorder({
          audit,
          permissionChecker,
          auditor: deps.auditor,
          changed: happened,
        });
        const limits = new PersonalLimits({ db, clock, limits: config.limits });
        const planService = new PlanService({
          recorder,
          gate,
          plans,
          catalog,
          clock,
          limits,
          waitingSeconds: config.waitingSeconds,
          cloud: config.cloud,
        });
        const reader = new OperationReader({
          operations,
          catalog,
          permissionChecker,
        });
        const backend = runningBackend({
          db,
          clock,
          catalog,
          discovery: deps.discovery,
          auth: deps.auth,
          loadedFiles: () => Object.keys(require.cache),
        });
        const services: Services = {
          ...createFleet({
            db,
            clock,
            config,
            subscriptions: managed.subscriptions,
            inventory,
            listings,
            operations,
            catalog: deps.catalog,
            permissions: deps.permissions,
            permissionsRegistry: deps.permissionsRegistry,
            permissionChecker,
          }),
          registries: new RegistryService({
            config,
            clock,
            azure,
            inventory,
            operations,
            catalog,
            permissionChecker,
            changeTokenOf,
          }),
          formOptions: new FormOptions({
            config,
            inventory,
            catalog,
            links: rows.links,
            catalogSweep: new CatalogSweep({
              sweep: () => catalog.refreshLinks(clock),
              last: () => rows.links.lastSweep(),
              clock,
              background,
            }),
            permissionChecker,
          }),
          nameChecks: new NameChecks({
            config,
            inventory,
            canAskForRegistries: () => azure.has('provision'),
            permissionChecker,
          }),
          plans: planService,
          acceptance: new AcceptanceService({
            gate,
            plans,
            operations,
            reader,
            recorder,
            clock,
            limits,
            approvalExpiresAfterMs: config.approvalExpiresAfterMs,
            programsRevoke: config.actionsRevoke,
            accepted: () => worker.wake(),
          }),
          operations: reader,
          streams: new OperationStreams({
            reader,
            operations,
            pause: realPause,
            openStreams: config.limits.openStreams,
          }),
          decisions: new DecisionService({
            gate,
            plans,
            operations,
            approvals,
            permissionChecker,
            reader,
            recorder,
            approved: () => worker.wake(),
          }),
          audit: new AuditReader({ audit, permissionChecker }),
          doctor: new DoctorService({
            permissionChecker,
            examine: () =>
              runDoctor(portsOf(deps.config, { now: Date.now, backend }), {
                pause: realPause,
                secrets: secretsIn(deps.config),
              }),
          }),
          inventory: new InventoryService({
            permissionChecker,
            clock,
            status,
            budget: () => budget.left(),
            askForSync: () => sync.ask(),
            enabled: config.sync.enabled,
          }),
          auditAcknowledgement: new AuditAcknowledgement({
            integrity,
            permissionChecker,
            auditor: deps.auditor,
          }),
        };
        const health = new DatabaseHealth({
          probe: () => db.raw('select 1'),
          pause: realPause,
        });
        deps.httpRouter.use(healthRouter(health));
        if (config.events) {
          deps.httpRouter.addAuthPolicy({
            path: AZURE_EVENTS_PATH,
            allow: 'unauthenticated',
          });
          deps.httpRouter.use(
            azureEventsRouter(
              new AzureEventService({
                verify: createDeliveryVerifier(
                  { ...config.events, cloud: config.cloud },
                  entraKeys(config.events.tenantId, config.cloud),
                  Date.now,
                ),
                take: each => events.take(each),
                marked: () =>
                  background.add('reading what events name', () =>
                    sync.readDirty(),
                  ),
                logger: deps.logger,
                now: Date.now,
              }),
            ),
          );
        }
        deps.httpRouter.use(
          createRouter({
            services,
            health,
            httpAuth: deps.httpAuth,
            logger: deps.logger,
            isDatabaseAway,
          }),
        );
        registerActions({
          registry: deps.actionsRegistry,
          services,
          auth: deps.auth,
          revokes: config.actionsRevoke,
        });
        const timer = new RestoreTimer({
          operations,
          approvals,
          plans: planService,
          clock,
          logger: deps.logger,
          accepted: async restore => {
            worker.wake();
            happened(restore.plan);
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
        const followUp = new PullFollowUp({
          pulls: new PullStore({ db, clock, audit }),
          registries: azure.registries,
          clock,
          logger: deps.logger,
        });
        await deps.scheduler.scheduleTask({
          id: 'acr-cmk-pulls',
          frequency: { minutes: 1 },
          timeout: { minutes: 5 },
          fn: () => followUp.sweep(),
        });
        await deps.scheduler.scheduleTask({
          id: 'acr-cmk-restore-timer',
          frequency: { minutes: 1 },
          timeout: { minutes: 5 },
          fn: () => timer.sweep(),
        });
        await deps.scheduler.scheduleTask({
          id: 'acr-cmk-expired-plans',
          frequency: { minutes: 10 },
          timeout: { minutes: 5 },
          fn: () => planService.sweep(),
        });
        await scheduleInventory({
          scheduler: deps.scheduler,
          listings: config.sync.enabled ? undefined : listings,
          judge,
          refreshLinks: () => catalog.refreshLinks(clock),
        });
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
