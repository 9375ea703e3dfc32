/*
 * The rows of the plugin's tables, as `migrations/` makes them. Knex has the types of its statements from here:
 * `db('registries')` knows the columns of `RegistryRow`.
 *
 * Columns without `null` are `not null`. JSON is text. An interface may lack columns that a newer release has added.
 */

import type {
  CampaignMemberState,
  CampaignOutcome,
  CampaignState,
  OperationKind,
  OperationState,
  RegistryStateId,
} from 'backstage-plugin-acr-cmk-common';

/** Value of a `bigint`: SQLite's driver returns numbers, PostgreSQL's text. */
export type BigInteger = number | string;

/** Value of a `boolean`, which SQLite keeps as 0 or 1. */
export type Bool = boolean | number;

/** Columns of each thing that is read from Azure. */
export interface ReadingColumns {
  /** JSON; null when it was never read. */
  facts: string | null;
  read_at: BigInteger | null;
  lag_ms: number;
  azure_at: BigInteger | null;
  seen_at: BigInteger | null;
  changed_at: BigInteger | null;
  expired_at: BigInteger | null;
  /** JSON. */
  problem: string | null;
  problem_kind: string | null;
  problem_at: BigInteger | null;
}

/** Columns of each thing that is read one by one. */
export interface QueueColumns {
  /** Null while lists keep it. */
  next_read_at: BigInteger | null;
  read_why: string | null;
  read_attempts: number;
}

/** Columns of the verdict on a registry. */
export interface VerdictColumns {
  state: RegistryStateId | null;
  /** Time when the state was first seen; null where that is not known. */
  state_since: BigInteger | null;
  state_message: string | null;
  severity: number | null;
  /** JSON: ids. */
  findings: string | null;
  /** JSON: ids. */
  undecided: string | null;
  behind_since: BigInteger | null;
  expires_at: BigInteger | null;
  version_created_at: BigInteger | null;
  judge_at: BigInteger | null;
}

export interface RegistryRow
  extends ReadingColumns, QueueColumns, VerdictColumns {
  /** ARM id, lower case. */
  id: string;
  /** ARM id as Azure spells it. */
  arm_id: string | null;
  subscription_id: string;
  resource_group: string;
  /** Lower case. */
  name: string;
  /** Name as Azure spells it. */
  display_name: string | null;
  location: string | null;
  vault_host: string | null;
  key_name: string | null;
  version_mode: 'automatic' | 'manual' | null;
  version_in_use: string | null;
  identity: string | null;
  principal_id: string | null;
  listed_as: string | null;
}

/** A change of a registry or of its state, as it was seen. */
export interface RegistryHistoryRow {
  id: number;
  registry_id: string;
  seen_at: BigInteger;
  /** JSON: `RegistryEvent` without its time. */
  event: string;
}

export interface VaultRow extends ReadingColumns, QueueColumns {
  /** ARM id, lower case. */
  id: string;
  subscription_id: string;
  host: string;
  permission_model: string | null;
  purge_protection: Bool | null;
  network: string | null;
  /** Time when it last delivered an event of a key; null while its events do not arrive. */
  events_at: BigInteger | null;
  listed_as: string | null;
}

export interface KeyRow extends ReadingColumns, QueueColumns {
  vault_host: string;
  name: string;
  newest_version: string | null;
  listed_version: string | null;
  /** Times of the newest enabled version. */
  created_at: BigInteger | null;
  expires_at: BigInteger | null;
  rotates_by_policy: Bool | null;
  rotates_at: BigInteger | null;
  versions: number | null;
  /** JSON. */
  listed: string | null;
}

export interface AccessRow extends ReadingColumns, QueueColumns {
  principal_id: string;
  vault_host: string;
  key_name: string;
  path: 'direct' | 'inherited' | 'group' | 'none' | null;
  listed_as: string | null;
}

export interface IdentityRow extends ReadingColumns, QueueColumns {
  /** ARM id, lower case. */
  id: string;
  subscription_id: string;
  name: string;
  client_id: string | null;
  principal_id: string | null;
  listed_as: string | null;
}

export interface ConsumerRow {
  /** ARM id, lower case. */
  id: string;
  vault_host: string;
  key_name: string;
  /** Empty where none can be read. */
  version: string;
  use: string;
  /** Object id, or what the resource names; empty for none. */
  identity: string;
  subscription_id: string;
  /** ARM type, lower case. */
  type: string;
  /** JSON. */
  facts: string;
  /** JSON. */
  behind?: string | null;
  seen_at: BigInteger;
}

export interface LinkRow {
  registry_id: string;
  entity_ref: string;
  source: 'annotation' | 'tag';
  owner: string | null;
  read_at: BigInteger;
}

export interface FactRow extends ReadingColumns {
  kind: string;
  subject: string;
}

export interface EventSeenRow {
  id: string;
  received_at: BigInteger;
}

export interface SyncStateRow {
  name: string;
  /** JSON. */
  value: string;
  at: BigInteger;
}

export interface PlanRow {
  id: string;
  hash: string;
  entity_ref: string;
  registry_key: string;
  requested_by: string;
  /** JSON. */
  plan: string;
  /** JSON. */
  draft: string;
  expires_at: BigInteger;
}

export interface OperationRow {
  id: string;
  revision: number;
  state: OperationState;
  kind: string;
  label: OperationKind;
  plan_id: string;
  entity_ref: string;
  registry_key: string;
  requested_by: string;
  origin: string;
  campaign_id: string | null;
  /** Stage of its campaign. */
  stage: number | null;
  /** Operation that it tries again. */
  retries: string | null;
  /** JSON. Before its first write. Of campaigns alone. */
  findings: string | null;
  proving_since: BigInteger | null;
  idempotency_key: string;
  request_hash: string;
  reason: string;
  /** JSON. */
  plan: string;
  /** JSON. */
  inverse: string;
  /** JSON. */
  outputs: string;
  /** JSON. */
  result: string | null;
  waiting_for: string | null;
  created_at: BigInteger;
  started_at: BigInteger | null;
  ended_at: BigInteger | null;
  due_at: BigInteger | null;
  attempts: number;
  epoch: number;
  lease_owner: string | null;
  lease_until: BigInteger | null;
  silent_since: BigInteger | null;
  settles_at: BigInteger | null;
  interruptions: number;
  approval: string | null;
  approval_by: string | null;
  approval_at: BigInteger | null;
  approval_expires_at: BigInteger | null;
  /** JSON. */
  needs: string | null;
  /** JSON. Null where no person accepted it, in rows of a database from before the column required it. */
  authorities: string | null;
  /** JSON. */
  effects: string | null;
  waiting_seconds: number;
  begins_at: BigInteger | null;
  restore_after_minutes: number | null;
  restores_at: BigInteger | null;
  confirmed_by: string | null;
  undone_by: string | null;
  /** JSON. */
  pulls: string | null;
  pulls_due_at: BigInteger | null;
}

export interface CampaignRow {
  id: string;
  revision: number;
  state: CampaignState;
  /** JSON. */
  intent: string;
  /** JSON. */
  selection: string;
  requested_by: string;
  reason: string | null;
  /** JSON. */
  strategy: string | null;
  hash: string | null;
  stage: number;
  stage_opened_at: BigInteger | null;
  soak_until: BigInteger | null;
  /** JSON. */
  pause: string | null;
  /** JSON. */
  retry: string | null;
  failures_accepted: number;
  /** JSON. */
  unlinked_commands: string | null;
  /** JSON. */
  totals: string | null;
  problem: string | null;
  waiting_for: string | null;
  created_at: BigInteger;
  started_at: BigInteger | null;
  ended_at: BigInteger | null;
  due_at: BigInteger | null;
}

export interface CampaignMemberRow {
  campaign_id: string;
  position: number;
  name: string;
  registry_id: string;
  key_id: string | null;
  vault_host: string | null;
  subscription_id: string;
  entity_ref: string | null;
  owner: string | null;
  /** JSON. */
  registries: string;
  outcome: CampaignOutcome;
  /** Only of a member that has no operation, and gets none. */
  state: CampaignMemberState | null;
  /** Stage of its next operation, until there is one. */
  stage: number | null;
  /** JSON. */
  plan: string | null;
  seconds: number | null;
  /** JSON: needs of the plan. */
  needs: string | null;
  before: string | null;
  after: string | null;
  message: string | null;
  /** Number of its next operation, from 0. */
  attempt: number;
  /** The newest one. */
  operation_id: string | null;
  /** Operation that the next one tries again. */
  retries: string | null;
}

export interface OperationLockRow {
  target: string;
  operation_id: string;
}

export interface RevokeClaimRow {
  target: string;
  /** Ref of the person whose revoke goes first. */
  requested_by: string;
  until: number;
}

export interface OperationStepRow {
  operation_id: string;
  position: number;
  state: string;
  /** JSON. */
  spec: string;
  /** JSON. */
  checkpoint: string;
  /** JSON. */
  before: string | null;
  /** JSON. */
  after: string | null;
  attempts: number;
  correlation_id: string | null;
  message: string | null;
  started_at: BigInteger | null;
  ended_at: BigInteger | null;
}

/** Another registry that loses its key by an operation, or regains it. */
export interface RegistryLossRow {
  operation_id: string;
  registry_key: string;
}

export interface AuditRow {
  seq: number;
  at: BigInteger;
  actor: string;
  event: string;
  entity_ref: string | null;
  registry_id: string | null;
  operation_id: string | null;
  campaign_id: string | null;
  /** JSON. */
  details: string;
  previous_hash: string;
  hash: string;
}

export interface AuditHeadRow {
  id: number;
  seq: number;
  hash: string;
}

export interface RegistryConditionRow {
  registry_id: string;
  condition: string;
  subject: string;
  level: number;
  holds: Bool;
  since: BigInteger;
}

export interface NotificationMessageRow {
  id: string;
  scope: string;
  recipient: string;
  excluded: string | null;
  /** JSON. */
  payload: string;
  created_at: BigInteger;
  attempts: number;
  due_at: BigInteger | null;
  sent_at: BigInteger | null;
  problem: string | null;
}

export interface NotificationLedgerRow {
  thing: string;
  recipient: string;
  kind: string;
  registry_id: string;
  /** JSON. */
  details: string;
  created_at: BigInteger;
  message_id: string | null;
}

declare module 'knex/types/tables' {
  interface Tables {
    registries: RegistryRow;
    registry_history: RegistryHistoryRow;
    vaults: VaultRow;
    keys: KeyRow;
    access: AccessRow;
    identities: IdentityRow;
    key_consumers: ConsumerRow;
    links: LinkRow;
    facts: FactRow;
    events_seen: EventSeenRow;
    sync_state: SyncStateRow;
    plans: PlanRow;
    operations: OperationRow;
    campaigns: CampaignRow;
    campaign_members: CampaignMemberRow;
    operation_locks: OperationLockRow;
    revoke_claims: RevokeClaimRow;
    operation_steps: OperationStepRow;
    registry_losses: RegistryLossRow;
    audit: AuditRow;
    audit_head: AuditHeadRow;
    registry_conditions: RegistryConditionRow;
    notification_messages: NotificationMessageRow;
    notification_ledger: NotificationLedgerRow;
  }
}
