/** Everything that a run has left behind, gathered once and then only read. */
import type { LoggedRequest } from 'azure-emulator';
import type {
  CampaignIntent,
  CampaignMemberState,
  CampaignOutcome,
  CampaignReport,
  CampaignState,
} from 'backstage-plugin-acr-cmk-common';
import { CampaignStore } from 'backstage-plugin-acr-cmk-backend/src/changes/campaigns/CampaignStore';
import type { Knex } from 'knex';
import type { History } from './client/History';
import type { AzureState } from './world/azureState';

/** A row of `operations` with its steps, as far as the checks need it. */
export interface OperationRow {
  id: string;
  kind: string;
  state: string;
  registryKey: string;
  registryName: string;
  requestedBy: string;
  /** `person`, `program` or `timer`. */
  origin: string;
  /** Campaign that started it. */
  campaignId?: string;
  idempotencyKey: string;
  undoneBy?: string;
  createdAt: number;
  endedAt?: number;
  /** Time when no write of a former worker can arrive any more. */
  settlesAt?: number;
  result?: string;
  /** The version in use when the plan was made, with its URI. */
  versionInUseBefore?: string;
  /** The key that the registry had when the plan was made, versionless and in lower case. */
  keyBefore?: string;
  outputs: {
    newVersion?: string;
    systemPrincipalId?: string;
    createdIdentity?: { principalId: string };
  };
  steps: StepRow[];
}

export interface StepRow {
  position: number;
  state: string;
  attempts: number;
  message?: string;
  spec: StepSpec;
}

/** A started campaign with the members that change by it, as they are stored. */
export interface CampaignRow {
  id: string;
  state: CampaignState;
  intent: CampaignIntent;
  requestedBy: string;
  stage: number;
  members: CampaignMemberRow[];
}

export interface CampaignMemberRow {
  position: number;
  /** In lower case. */
  registryName: string;
  outcome: CampaignOutcome;
  state: CampaignMemberState;
  stage?: number;
  attempt: number;
  operationId?: string;
}

/** A step's data. Read without the product's types: the suite is to see what is stored. */
export type StepSpec = { kind: string } & Record<string, any>;

/** A record of the audit chain. */
export interface AuditRow {
  seq: number;
  at: number;
  event: string;
  actor: string;
  operationId?: string;
  details: Record<string, any>;
}

/** Something that is made to happen in each run. */
export interface DrillReport {
  name: string;
  /** Reason why it did not go as it has to. */
  problem?: string;
}

export interface Timer {
  operationId: string;
  /** Epoch milliseconds, by the database's clock. */
  dueAt: number;
}

export interface Evidence {
  history: History;
  /** Every request that reached Azure, in order. */
  log: readonly LoggedRequest[];
  azure: { before: AzureState; after: AzureState };
  /** HTTP status of a pull, by registry. */
  pulls: {
    /** Time when all operations had ended. */
    ended: Record<string, number>;
    /** Time when whatever was revoked had been restored as well. */
    restored: Record<string, number>;
  };
  /** Restores that were refused though a pull was, and why. */
  restoresRefused: { registry: string; why: string }[];
  operations: readonly OperationRow[];
  /** Operations when all of them had ended, before revoked registries were restored. */
  operationsWhenEnded: readonly OperationRow[];
  campaigns: readonly CampaignRow[];
  /** Reports of all started campaigns, as the API gives them out, and how the tool finds them against the record. */
  reports: {
    reports: readonly CampaignReport[];
    exitCode: number;
    output: string;
  };
  /** Settings below `acrCmk.approvals` that require a second person. */
  approvals: readonly string[];
  locks: readonly { target: string; operationId: string }[];
  audit: readonly AuditRow[];
  /** Result of `acr-cmk-audit verify` on the exported record. */
  chain: { exitCode: number; output: string; records: number };
  /** Names of backends that ended without a request to stop. */
  endedByThemselves: readonly string[];
  drills: readonly DrillReport[];
  /** Revokes whose timer ran out, and when. */
  timers: readonly Timer[];
  /** Differences between the inventory and Azure, long after the last change. */
  inventory: readonly string[];
}

const text = (value: unknown) => (value === null ? undefined : String(value));
const number = (value: unknown) => (value === null ? undefined : Number(value));

export async function readOperations(db: Knex): Promise<OperationRow[]> {
  const steps = new Map<string, StepRow[]>();
  for (const row of await db('operation_steps').orderBy('position')) {
    const list = steps.get(row.operation_id) ?? [];
    list.push({
      position: Number(row.position),
      state: row.state,
      attempts: Number(row.attempts),
      message: text(row.message),
      spec: JSON.parse(row.spec),
    });
    steps.set(row.operation_id, list);
  }
  const rows = await db('operations').orderBy('created_at');
  return rows.map(row => {
    const plan = JSON.parse(row.plan);
    const versioned: string | null = plan.before?.versionedKeyIdentifier;
    return {
      id: row.id,
      kind: row.kind,
      state: row.state,
      registryKey: row.registry_key,
      registryName: String(plan.registryName).toLowerCase(),
      requestedBy: row.requested_by,
      origin: row.origin,
      campaignId: text(row.campaign_id),
      idempotencyKey: row.idempotency_key,
      undoneBy: text(row.undone_by),
      createdAt: Number(row.created_at),
      endedAt: number(row.ended_at),
      settlesAt: number(row.settles_at),
      result: row.result ? JSON.parse(row.result).message : undefined,
      versionInUseBefore: versioned?.toLowerCase(),
      keyBefore: versioned?.toLowerCase().replace(/\/[0-9a-f]{32}$/, ''),
      outputs: JSON.parse(row.outputs),
      steps: steps.get(row.id) ?? [],
    };
  });
}

export async function readCampaigns(db: Knex): Promise<CampaignRow[]> {
  const store = new CampaignStore({ db });
  const rows = await db('campaigns')
    .whereNotNull('started_at')
    .orderBy('created_at');
  return Promise.all(
    rows.map(async row => ({
      id: row.id,
      state: row.state,
      intent: JSON.parse(row.intent),
      requestedBy: row.requested_by,
      stage: Number(row.stage),
      members: (await store.members(row.id)).map(member => ({
        position: member.position,
        registryName: member.registryId.name.toLowerCase(),
        outcome: member.outcome,
        state: member.state,
        stage: member.stage,
        attempt: member.attempt,
        operationId: member.operationId,
      })),
    })),
  );
}

export async function readLocks(db: Knex): Promise<Evidence['locks']> {
  const rows = await db('operation_locks');
  return rows.map(row => ({
    target: row.target,
    operationId: row.operation_id,
  }));
}

export async function readAudit(db: Knex): Promise<AuditRow[]> {
  const rows = await db('audit').orderBy('seq');
  return rows.map(row => ({
    seq: Number(row.seq),
    at: Number(row.at),
    event: row.event,
    actor: row.actor,
    operationId: text(row.operation_id),
    details: JSON.parse(row.details),
  }));
}
