/** Records of campaigns as rows, and back. The door for the ids in them. */
import {
  type AzureCloudName,
  KeyIdentifier,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import type {
  BigInteger,
  CampaignMemberRow,
  CampaignRow,
} from '../../platform/database/tables';
import { changeOf } from '../plans/PlanService';
import type { ProgressMember } from './progress';
import type {
  Changes,
  CampaignRecord,
  MemberPlan,
  MemberRecord,
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
    approvalExpiresAt: time(row.approval_expires_at),
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

export function toMember(
  row: CampaignMemberRow,
  cloud: AzureCloudName,
): MemberRecord {
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
    plan: toPlan(row, cloud),
    needs: parsed<MemberRecord['needs']>(row.needs) ?? [],
    before: row.before ?? undefined,
    after: row.after ?? undefined,
    message: row.message ?? undefined,
    decidedBy: row.decided_by ?? undefined,
    attempt: row.attempt,
    operationId: row.operation_id ?? undefined,
    startedAt: time(row.started_at),
    endedAt: time(row.ended_at),
  };
}

/** Columns of which `toProgressMember` makes its part of a member. */
export const PROGRESS_COLUMNS = [
  'campaign_id',
  'position',
  'subscription_id',
  'vault_host',
  'state',
  'stage',
  'seconds',
  'attempt',
  'operation_id',
] as const satisfies (keyof CampaignMemberRow)[];

export function toProgressMember(
  row: Pick<CampaignMemberRow, (typeof PROGRESS_COLUMNS)[number]> & {
    needs?: string | null;
  },
): ProgressMember {
  return {
    campaignId: row.campaign_id,
    position: row.position,
    subscriptionId: row.subscription_id,
    vaultHost: row.vault_host ?? undefined,
    state: row.state,
    stage: row.stage ?? undefined,
    ...(row.seconds !== null && { plan: { seconds: row.seconds } }),
    needs: parsed<MemberRecord['needs']>(row.needs ?? null) ?? [],
    attempt: row.attempt,
    operationId: row.operation_id ?? undefined,
  };
}

function toPlan(
  { plan: text, seconds }: CampaignMemberRow,
  cloud: AzureCloudName,
): MemberPlan | undefined {
  if (text === null) return undefined;
  const plan = JSON.parse(text);
  return {
    ...plan,
    change: changeOf(plan.change, cloud),
    seconds: seconds ?? 0,
  };
}

/** A change as JSON: the key that it names is read from its intent. */
function fromPlan({ change, seconds: _, ...plan }: MemberPlan): string {
  const { entityRef, registryId, intent } = change;
  return JSON.stringify({
    ...plan,
    change: { entityRef, registryId: registryId.toString(), intent },
  });
}

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
    approval_expires_at: of.approvalExpiresAt,
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
  of: Changes<MemberRecord>,
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
    decided_by: of.decidedBy,
    attempt: of.attempt,
    operation_id: of.operationId,
    started_at: of.startedAt,
    ended_at: of.endedAt,
  } satisfies Partial<Record<keyof CampaignMemberRow, unknown>>);
}
