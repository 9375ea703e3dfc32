import type {
  AuditorService,
  AuthService,
  DatabaseService,
  DiscoveryService,
  HttpAuthService,
  HttpRouterService,
  LifecycleService,
  LoggerService,
  PermissionsRegistryService,
  PermissionsService,
  RootConfigService,
  RootLifecycleService,
  SchedulerService,
} from '@backstage/backend-plugin-api';
import type {
  ActionsRegistryService,
  MetricsService,
  TracingService,
} from '@backstage/backend-plugin-api/alpha';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { NotificationService } from '@backstage/plugin-notifications-node';
import type { SignalsService } from '@backstage/plugin-signals-node';
import type { Knex } from 'knex';
import type { AuditLog } from './audit/AuditLog';
import type { Credentials } from '../azure/credentials/credentials';
import type { AcrCmkConfig, Backends } from './config';
import type { AzurePorts } from '../azure/ports';
import type { CallBudget } from '../azure/transport/budget';
import type { Clock } from './database/clock';
import type { Telemetry } from './telemetry/Telemetry';
import type { Limits } from './limits';
import type { Sleep } from './time/realClock';
import type { TaskScheduler } from './time/Tasks';

/** Backstage services that the plugin uses. */
export interface PluginServices {
  actionsRegistry: ActionsRegistryService;
  auditor: AuditorService;
  auth: AuthService;
  catalog: CatalogService;
  config: RootConfigService;
  database: DatabaseService;
  discovery: DiscoveryService;
  httpAuth: HttpAuthService;
  httpRouter: HttpRouterService;
  lifecycle: LifecycleService;
  /** Limits that differ from the usual ones: none, except in tests and in the demo. */
  limits: Partial<Limits>;
  logger: LoggerService;
  metrics: MetricsService;
  notifications: NotificationService;
  permissions: PermissionsService;
  permissionsRegistry: PermissionsRegistryService;
  rootLifecycle: RootLifecycleService;
  scheduler: SchedulerService;
  signals: SignalsService;
  /** Absent before Backstage 1.53. */
  tracing?: TracingService;
}

/** Services that every module may use: one bag for the plugin, built by `plugin.ts`. Tests pass the part that they need. */
export interface Context extends Omit<
  PluginServices,
  'config' | 'database' | 'limits'
> {
  /** All of app-config, for the doctor. */
  rootConfig: RootConfigService;
  config: AcrCmkConfig;
  limits: Limits;
  credentials: Credentials;
  /** Backends of the same database. */
  backends: Backends;
  db: Knex;
  clock: Clock;
  audit: AuditLog;
  tasks: TaskScheduler;
  /** Calls to Azure, each within its budget and observed by the telemetry. */
  azure: AzurePorts;
  budget: CallBudget;
  telemetry: Telemetry;
  sleep: Sleep;
}
