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
import type { AuditLog } from '../platform/audit/AuditLog';
import type { Credentials } from '../azure/credentials/credentials';
import type { AcrCmkConfig } from '../platform/config';
import type { Clock } from '../platform/database/clock';
import type { TaskScheduler } from '../platform/time/Tasks';

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

/** Dependencies shared by all parts of the plugin. */
export interface Base {
  deps: PluginServices;
  tasks: TaskScheduler;
  config: AcrCmkConfig;
  credentials: Credentials;
  db: Knex;
  clock: Clock;
  audit: AuditLog;
}
