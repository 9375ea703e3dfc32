/** Records of campaigns as rows, and back. The door for the ids in them. */
import {
  type CampaignMemberState,
  KeyIdentifier,
  type OperationState,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import type {
  BigInteger,
  CampaignMemberRow,
  CampaignRow,
} from '../../platform/database/tables';
import type { ProgressMember } from './progress';
import type {
  CampaignRecord,
  Changes,
  MemberChanges,
  MemberPlan,
  MemberRecord,
  NewMember,
} from './types';

const time = (value: BigInteger | null): number | undefined =>
  value === null ? undefined : Number(value);

const parsed = <T>(text: string | null): T | undefined =>
  text === null ? undefined : (JSON.parse(text) as T);

export function toCampaign(row: CampaignRow): CampaignRecord {
  return {
    id: row.id,
    revision: row.revision,
    state: row.state,
    intent: JSON.parse(row.intent),
    selection: JSON.parse(row.selection),
    requestedBy: row.requested_by,
    reason: row.reason ?? undefined,
    strategy: parsed(row.strategy),
    hash: row.hash ?? undefined,
    stage: row.stage,
    stageOpenedAt: time(row.stage_opened_at),
    soakUntil: time(row.soak_until),
    pause: parsed(row.pause),
    retry: parsed(row.retry),
    failuresAccepted: row.failures_accepted,
    unlinkedCommands: parsed(row.unlinked_commands),
    totals: parsed(row.totals),
    problem: row.problem ?? undefined,
    waitingFor: row.waiting_for ?? undefined,
    createdAt: Number(row.created_at),
    startedAt: time(row.started_at),
    endedAt: time(row.ended_at),
    dueAt: time(row.due_at),
  };
}

/** A row of a member, joined with its newest operation. */
export interface JoinedMemberRow extends Omit<CampaignMemberRow, 'state'> {
  state: CampaignMemberState;
  operation_state: OperationState | null;
  operation_needs: string | null;
  result: string | null;
  waiting_for: string | null;
  approval_expires_at: BigInteger | null;
  started_at: BigInteger | null;
  ended_at: BigInteger | null;
}

const toPlan = ({
  plan,
  seconds,
}: Pick<CampaignMemberRow, 'plan' | 'seconds'>): MemberPlan | undefined =>
  plan === null ? undefined : { ...JSON.parse(plan), seconds: seconds ?? 0 };

export function toMember(row: JoinedMemberRow): MemberRecord {
  const needs = row.operation_id ? row.operation_needs : row.needs;
  return {
    campaignId: row.campaign_id,
    position: row.position,
    name: row.name,
    registryId: RegistryId.parse(row.registry_id),
    key: row.key_id === null ? undefined : KeyIdentifier.parse(row.key_id),
    vaultHost: row.vault_host ?? undefined,
    subscriptionId: row.subscription_id,
    entityRef: row.entity_ref ?? undefined,
    owner: row.owner ?? undefined,
    registries: (JSON.parse(row.registries) as string[]).map(id =>
      RegistryId.parse(id),
    ),
    outcome: row.outcome,
    state: row.state,
    stage: row.stage ?? undefined,
    plan: toPlan(row),
    needs: parsed<MemberRecord['needs']>(needs) ?? [],
    before: row.before ?? undefined,
    after: row.after ?? undefined,
    message: messageOf(row),
    attempt: row.attempt,
    operationId: row.operation_id ?? undefined,
    approvalExpiresAt: time(row.approval_expires_at),
    startedAt: time(row.started_at),
    endedAt: time(row.ended_at),
  };
}

/** Message of its operation, and the reason why it was not tried again. */
function messageOf(row: JoinedMemberRow): string | undefined {
  const own = row.message ?? undefined;
  const said =
    row.state === 'succeeded' || row.state === 'approval'
      ? undefined
      : (parsed<{ message: string }>(row.result)?.message ?? row.waiting_for);
  if (!said || !own) return said ?? own;
  return `${said}${/[.!?]$/.test(said) ? '' : '.'} ${own}`;
}

/** A row of the part of a member that progress depends on. */
export interface ProgressRow extends Pick<
  JoinedMemberRow,
  | 'position'
  | 'subscription_id'
  | 'vault_host'
  | 'state'
  | 'stage'
  | 'seconds'
  | 'operation_id'
  | 'approval_expires_at'
> {
  /** Only of those that are held for an approval. */
  needs: string | null;
  /** Only of those that are held. */
  waiting_for: string | null;
}

export function toProgressMember(row: ProgressRow): ProgressMember {
  return {
    position: row.position,
    subscriptionId: row.subscription_id,
    vaultHost: row.vault_host ?? undefined,
    state: row.state,
    stage: row.stage ?? undefined,
    seconds: row.seconds ?? 0,
    needs: parsed<MemberRecord['needs']>(row.needs) ?? [],
    operationId: row.operation_id ?? undefined,
    approvalExpiresAt: time(row.approval_expires_at),
    waitingFor: row.waiting_for ?? undefined,
  };
}

/** Seconds have a column of their own. */
const fromPlan = ({ seconds: _, ...plan }: MemberPlan): string =>
  JSON.stringify(plan);

const present = (columns: object) =>
  Object.fromEntries(
    Object.entries(columns).filter(([, value]) => value !== undefined),
  );

const json = (value: unknown): string | null | undefined =>
  value === undefined || value === null ? value : JSON.stringify(value);

/** Columns of those fields that are given. */
export function campaignColumns(
  of: Changes<Omit<CampaignRecord, 'revision'>>,
): Partial<CampaignRow> {
  return present({
    id: of.id,
    state: of.state,
    intent: json(of.intent),
    selection: json(of.selection),
    requested_by: of.requestedBy,
    reason: of.reason,
    strategy: json(of.strategy),
    hash: of.hash,
    stage: of.stage,
    stage_opened_at: of.stageOpenedAt,
    soak_until: of.soakUntil,
    pause: json(of.pause),
    retry: json(of.retry),
    failures_accepted: of.failuresAccepted,
    unlinked_commands: json(of.unlinkedCommands),
    totals: json(of.totals),
    problem: of.problem,
    waiting_for: of.waitingFor,
    created_at: of.createdAt,
    started_at: of.startedAt,
    ended_at: of.endedAt,
    due_at: of.dueAt,
  } satisfies Partial<Record<keyof CampaignRow, unknown>>);
}

/** Columns of those fields that are given. */
export function memberColumns(
  of: Partial<Omit<NewMember, keyof MemberChanges>> &
    MemberChanges & { campaignId?: string },
): Partial<CampaignMemberRow> {
  return present({
    campaign_id: of.campaignId,
    position: of.position,
    name: of.name,
    registry_id: of.registryId?.toString(),
    key_id: of.key && of.key.versionless.toString(),
    vault_host: of.vaultHost,
    subscription_id: of.subscriptionId,
    entity_ref: of.entityRef,
    owner: of.owner,
    registries: json(of.registries?.map(id => id.toString())),
    outcome: of.outcome,
    state: of.state,
    stage: of.stage,
    plan: of.plan && fromPlan(of.plan),
    seconds: of.plan && of.plan.seconds,
    needs: json(of.needs),
    before: of.before,
    after: of.after,
    message: of.message,
    attempt: of.attempt,
    operation_id: of.operationId,
    retries: of.retries,
  } satisfies Partial<Record<keyof CampaignMemberRow, unknown>>);
}
