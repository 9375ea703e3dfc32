import type { LoggerService } from '@backstage/backend-plugin-api';
import type { NotificationService } from '@backstage/plugin-notifications-node';
import type { Knex } from 'knex';
import type { AuditLog } from '../platform/audit/AuditLog';
import type { Bindings } from '../catalog/binding';
import type { Approvers, NotificationsConfig, Scope } from '../platform/config';
import type { Clock } from '../platform/database/clock';
import { InventoryRows } from '../inventory/rows';
import type { OperationQueries } from '../engine/OperationQueries';
import type { Sleep } from '../platform/time/realClock';
import { Digests } from './Digests';
import type { NamesOf } from './names';
import { Notifier } from './Notifier';
import { OperationNotices } from './OperationNotices';
import { Outbox } from './Outbox';
import { RegistryNotices } from './RegistryNotices';

/** Creates the notifier of one database. */
export function createNotifier(options: {
  db: Knex;
  clock: Clock;
  config: NotificationsConfig;
  /** Time between two digests. */
  digestEveryMs: number;
  /** `acrCmk.approvers` */
  approvers: Approvers;
  /** `acrCmk.bindings` */
  bindings: Bindings;
  /** May change while the plugin runs. */
  scopes: readonly Scope[];
  /** Subscriptions of the scopes; may change as well. */
  subscriptions: readonly string[];
  audit: Pick<AuditLog, 'list' | 'head'>;
  operations: Pick<OperationQueries, 'get'>;
  /** Names of people and groups in the catalog. */
  namesOf: NamesOf;
  notifications: Pick<NotificationService, 'send'>;
  sleep: Sleep;
  logger: Pick<LoggerService, 'warn' | 'info'>;
}): Notifier {
  const { db, clock, config, scopes, bindings } = options;
  return new Notifier({
    db,
    clock,
    digestEveryMs: options.digestEveryMs,
    operationNotices: new OperationNotices(options),
    registryNotices: new RegistryNotices({
      db,
      clock,
      config,
      bindings,
      scopes,
      listings: new InventoryRows(db, clock).listings,
      subscriptions: options.subscriptions,
    }),
    digests: new Digests({ db, clock, platform: config.platform }),
    outbox: new Outbox(options),
  });
}
