import type { OperationQueries } from '../engine/OperationQueries';
import { InventoryRows } from '../inventory/rows';
import type { AcrCmkConfig, NotificationsConfig } from '../platform/config';
import type { Context } from '../platform/context';
import type { Limits } from '../platform/limits';
import { Digests } from './Digests';
import type { NamesOf } from './names';
import { Notifier } from './Notifier';
import { OperationNotices } from './OperationNotices';
import { Outbox } from './Outbox';
import { RegistryNotices } from './RegistryNotices';

/** Services and settings of the notifier. */
export interface NotifierContext extends Pick<
  Context,
  'db' | 'clock' | 'audit' | 'sleep'
> {
  config: Pick<AcrCmkConfig, 'approvers' | 'bindings' | 'scopes'>;
  limits: Pick<Limits, 'digestEveryMs'>;
  notifications: Pick<Context['notifications'], 'send'>;
  logger: Pick<Context['logger'], 'warn' | 'info'>;
}

/** Parts of the plugin that the notifier reads from. */
export interface NotifierParts {
  settings: NotificationsConfig;
  /** Subscriptions of the scopes; may change while the plugin runs. */
  subscriptions: readonly string[];
  operations: Pick<OperationQueries, 'get'>;
  /** Names of people and groups in the catalog. */
  namesOf: NamesOf;
}

/** Creates the notifier of one database. */
export function createNotifier(
  context: NotifierContext,
  { settings, subscriptions, operations, namesOf }: NotifierParts,
): Notifier {
  const { db, clock, audit } = context;
  const { approvers, bindings, scopes } = context.config;
  const { platform } = settings;
  return new Notifier({
    db,
    clock,
    digestEveryMs: context.limits.digestEveryMs,
    operationNotices: new OperationNotices({
      db,
      clock,
      audit,
      operations,
      config: settings,
      approvers,
      bindings,
      namesOf,
    }),
    registryNotices: new RegistryNotices({
      db,
      clock,
      config: settings,
      bindings,
      scopes,
      listings: new InventoryRows(db, clock).listings,
      subscriptions,
    }),
    digests: new Digests({ db, clock, platform }),
    outbox: new Outbox(context),
  });
}
