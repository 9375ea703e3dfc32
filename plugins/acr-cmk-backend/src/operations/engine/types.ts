import type {
  Approval,
  AzureProblem,
  Intent,
  OperationState,
  OperationStep,
  Plan,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import type { StepSpec } from '../../cmk/steps';

/** One thing that a step saw. */
export interface Observation {
  what: string;
  value: string;
}

/** What the steps of one operation tell each other. */
export interface StepOutputs {
  /** The version that this operation made: 32 hex digits. */
  newVersion?: string;
  /** Object id of the registry's system-assigned identity, which this operation switched on. */
  systemPrincipalId?: string;
  /** The identity that this operation made. */
  createdIdentity?: { clientId: string; principalId: string };
}

/** What a step has to remember beyond a crash. Plain data. */
export interface Checkpoint {
  /** Versions that were there before this step asked for a new one. */
  versionsBefore?: string[];
  /** The key was not there before this step asked for it. */
  keyWasFree?: boolean;
  /** The registry was not there before this step asked for it. */
  registryWasFree?: boolean;
  /** Where ARM's asynchronous operation can be polled. */
  operationUrl?: string;
  /** ARM has said that its operation succeeded. */
  azureSucceeded?: boolean;
  /** Since when Azure cannot be asked, or refuses for a cause that passes. Epoch milliseconds. */
  retryingSince?: number;
  retries?: number;
}

export interface StepRecord {
  position: number;
  spec: StepSpec;
  state: OperationStep['state'];
  checkpoint: Checkpoint;
  before?: Observation[];
  after?: Observation[];
  /** How often it wrote to Azure, or may have. */
  attempts: number;
  correlationId?: string;
  message?: string;
  startedAt?: number;
  endedAt?: number;
}

export interface OperationRecord {
  id: string;
  revision: number;
  state: OperationState;
  intent: Intent;
  entityRef: string;
  registryId: RegistryId;
  requestedBy: string;
  reason: string;
  plan: Plan;
  /** What undoes it, stored before the first write. */
  inverse: StepSpec[];
  outputs: StepOutputs;
  result?: { message: string; code?: string; correlationId?: string };
  waitingFor?: string;
  /** How often in a row a fault of ours, or the end of a process, stopped the work on it. */
  interruptions: number;
  /** Absent when no second person is needed. */
  approval?: {
    state: Approval['state'];
    by?: string;
    at?: number;
    expiresAt?: number;
  };
  /** End of the waiting period. */
  beginsAt?: number;
  /** When a revoke is undone by itself. */
  restoresAt?: number;
  confirmedBy?: string;
  /** Of a revoke: the restore that has undone it. */
  undoneBy?: string;
  createdAt: number;
  startedAt?: number;
  endedAt?: number;
  dueAt?: number;
  steps: StepRecord[];
}

/** The right to work on an operation: valid while nobody has claimed it since. */
export interface Lease {
  operationId: string;
  epoch: number;
}

/** What a step saw, and what follows from it. */
export type StepStatus =
  /** It is as the step wants it. */
  | {
      status: 'done';
      observations: Observation[];
      message?: string;
      outputs?: StepOutputs;
    }
  /** It is not yet as wanted, and a write would make it so. */
  | { status: 'needs-write'; observations: Observation[] }
  /** It is under way; look again later. */
  | {
      status: 'in-progress';
      observations: Observation[];
      message: string;
      checkAgainSeconds: number;
    }
  /** It will not become so. */
  | {
      status: 'failed';
      observations: Observation[];
      code: string;
      message: string;
    }
  /** Azure did not confirm it in the time that it has. */
  | { status: 'unverified'; observations: Observation[]; message: string };

export type { AzureProblem };
