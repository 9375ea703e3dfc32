import type { OperationQueries } from '../engine/OperationQueries';
import type { Judge } from '../inventory/Judge';
import type { AcrCmkConfig } from '../platform/config';
import type { Context } from '../platform/context';
import type { Limits } from '../platform/limits';
import type { NamesOf } from './names';

/** Services, settings and parts of the plugin that notifications are made of. */
export interface NotifierContext extends Pick<
  Context,
  'db' | 'clock' | 'audit' | 'sleep'
> {
  config: Pick<AcrCmkConfig, 'approvers' | 'bindings' | 'scopes'>;
  limits: Pick<Limits, 'digestEveryMs'>;
  notifications: Pick<Context['notifications'], 'send'>;
  logger: Pick<Context['logger'], 'warn' | 'info'>;
  /** Recipients of what concerns registries without an owner. */
  platform: readonly string[];
  /** Subscriptions of the scopes; may change while the plugin runs. */
  subscriptions: readonly string[];
  operations: Pick<OperationQueries, 'get' | 'revokesBehind'>;
  judge: Pick<Judge, 'findingsOf' | 'judgeDue'>;
  /** Names of people and groups in the catalog. */
  namesOf: NamesOf;
}
