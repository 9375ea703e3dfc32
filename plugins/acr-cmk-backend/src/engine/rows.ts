import {
  type Approval,
  type Plan,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import type { AuditEntry } from '../platform/audit/AuditLog';
import type {
  OperationRow,
  OperationStepRow,
} from '../platform/database/tables';
import {
  actorOf,
  type OperationRecord,
  type StepRecord,
  type StoredNeed,
} from './types';

/** Columns that a change of an operation writes. */
export type Columns = Partial<OperationRow>;

/** Place of an operation in its campaign. */
export interface Held {
  stage: number;
  /** Operation that it tries again. */
  retries?: string;
}

/** The columns of an operation that may begin: now, or after its waiting period. */
export function beginning(now: number, waitingSeconds: number): Columns {
  if (waitingSeconds === 0) {
    return { state: 'queued', waiting_for: null, due_at: now };
  }
  const beginsAt = now + waitingSeconds * 1000;
  return {
    state: 'waiting',
    waiting_for: 'Waiting period. It can be cancelled until it begins',
    due_at: beginsAt,
    begins_at: beginsAt,
  };
}

/** The columns of an operation that waits for a second person. */
export function awaitingApproval(
  now: number,
  expiresAfterMs: number,
  needs: readonly StoredNeed[],
): Columns {
  const expiresAt = now + expiresAfterMs;
  return {
    state: 'awaiting-approval',
    waiting_for: 'Waiting for the approval of a second person',
    due_at: expiresAt,
    approval: 'pending',
    needs: JSON.stringify(needs),
    approval_expires_at: expiresAt,
  };
}

/** The columns of an operation that its campaign holds until its stage opens and there is room. */
export function held(
  { stage, retries }: Held,
  needs: readonly StoredNeed[] = [],
): Columns {
  return {
    state: 'held',
    due_at: null,
    stage,
    retries: retries ?? null,
    ...(needs.length > 0 && {
      approval: 'pending',
      needs: JSON.stringify(needs),
    }),
  };
}

const originOf = ({ origin }: Pick<OperationRow, 'origin'>) =>
  origin as OperationRecord['origin'];

/** Operation and actor of an audit entry. Default actor: the requester, or the timer that started it. */
export function auditSubjectOf(
  row: Pick<
    OperationRow,
    'id' | 'origin' | 'requested_by' | 'entity_ref' | 'plan'
  >,
  actor: string = actorOf({
    origin: originOf(row),
    requestedBy: row.requested_by,
  }),
): Required<
  Pick<AuditEntry, 'actor' | 'entityRef' | 'registryId' | 'operationId'>
> {
  return {
    actor,
    entityRef: row.entity_ref,
    registryId: JSON.parse(row.plan).registryId,
    operationId: row.id,
  };
}

/** Registry of an operation. */
export const registryIdOf = (
  row: Pick<OperationRow, 'registry_key'>,
): RegistryId => RegistryId.parse(row.registry_key);

const optional = (value: unknown): number | undefined =>
  value === null || value === undefined ? undefined : Number(value);

/** An operation as it is kept. The door for the ids in it. */
export function toRecord(
  row: OperationRow,
  steps: readonly OperationStepRow[],
): OperationRecord {
  const plan: Plan = JSON.parse(row.plan);
  return {
    id: row.id,
    revision: Number(row.revision),
    state: row.state,
    intent: plan.intent,
    entityRef: row.entity_ref,
    registryId: RegistryId.parse(plan.registryId),
    requestedBy: row.requested_by,
    origin: originOf(row),
    campaignId: row.campaign_id ?? undefined,
    stage: row.stage ?? undefined,
    retries: row.retries ?? undefined,
    findings: row.findings ? JSON.parse(row.findings) : undefined,
    provingSince: optional(row.proving_since),
    reason: row.reason,
    plan,
    inverse: JSON.parse(row.inverse),
    outputs: JSON.parse(row.outputs),
    result: row.result ? JSON.parse(row.result) : undefined,
    waitingFor: row.waiting_for ?? undefined,
    interruptions: Number(row.interruptions),
    settlesAt: optional(row.settles_at),
    silence:
      row.silent_since === null || row.lease_until === null
        ? undefined
        : {
            since: Number(row.silent_since),
            until: Number(row.lease_until),
          },
    createdAt: Number(row.created_at),
    approval: row.approval
      ? {
          state: row.approval as Approval['state'],
          needs: JSON.parse(row.needs ?? '[]'),
          by: row.approval_by ?? undefined,
          at: optional(row.approval_at),
          expiresAt: optional(row.approval_expires_at),
        }
      : undefined,
    authorities: JSON.parse(row.authorities ?? '[]'),
    effects: JSON.parse(row.effects ?? '[]'),
    beginsAt: optional(row.begins_at),
    restoresAt: optional(row.restores_at),
    restoreAfterMinutes: optional(row.restore_after_minutes),
    confirmedBy: row.confirmed_by ?? undefined,
    pulls: row.pulls ? JSON.parse(row.pulls) : undefined,
    undoneBy: row.undone_by ?? undefined,
    startedAt: optional(row.started_at),
    endedAt: optional(row.ended_at),
    dueAt: optional(row.due_at),
    steps: steps.map(toStepRecord),
  };
}

function toStepRecord(step: OperationStepRow): StepRecord {
  return {
    position: Number(step.position),
    spec: JSON.parse(step.spec),
    state: step.state as StepRecord['state'],
    checkpoint: JSON.parse(step.checkpoint),
    before: step.before ? JSON.parse(step.before) : undefined,
    after: step.after ? JSON.parse(step.after) : undefined,
    attempts: Number(step.attempts),
    correlationId: step.correlation_id ?? undefined,
    message: step.message ?? undefined,
    startedAt: optional(step.started_at),
    endedAt: optional(step.ended_at),
  };
}
