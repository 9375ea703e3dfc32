import type { AuditEvent, AuditRecord } from '../../platform/audit/AuditLog';
import type { OperationRecord, StoredNeed } from '../../engine/types';
import type { Message } from '../message';

/** A kind that is sent at once, when an operation or a campaign has changed. */
export interface EventKind {
  /** Switch in the settings of Backstage, which show this name. */
  topic: string;
  /** Message about several operations at once, in place of one for each. Default: they are not combined. */
  many?: { title(notices: number): string; link: string };
  /** Audit records that may call for it. */
  on: readonly AuditEvent[];
  /** @param operation - the record's operation as it is now; absent when the record is about none or it was deleted */
  notice(
    record: EventRecord,
    operation?: OperationRecord,
  ): EventNotice | undefined;
}

export type EventRecord = Pick<
  AuditRecord,
  'seq' | 'at' | 'event' | 'actor' | 'details'
>;

export interface EventNotice {
  to: Recipients;
  /** Backstage keeps one notification for each recipient and scope. */
  scope: string;
  /** Entity ref of the user who knows already. */
  excluded?: string;
  /**
   * @param count - registries affected beside the operation's own, or members of a campaign that the recipient is
   *   asked about; 0 when there are none
   */
  message(count: number): Omit<Message, 'topic'>;
}

export type Recipients =
  | { requester: string }
  /** People who are asked for the approval of an operation. */
  | { approversOf: OperationRecord }
  /** People who got the message of this scope, which the new one replaces. */
  | { told: string }
  /** People who are asked for approvals of a campaign's members, owners in place of their entities. */
  | { approvals: readonly NeededApproval[] }
  /** Owners of the operation's registry and of the affected ones, and one more person. */
  | {
      ownersOf: OperationRecord;
      affected: ReadonlySet<string>;
      also?: string;
    };

/** Members of a campaign that need one agreement. */
export interface NeededApproval extends Pick<
  StoredNeed,
  'permission' | 'entityRef'
> {
  positions: number[];
}
