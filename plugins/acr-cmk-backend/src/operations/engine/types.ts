import type {
  Approval,
  Intent,
  OperationState,
  OperationStep,
  Plan,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import type { StepSpec } from '../../steps';
import type { Checkpoint, Observation, StepOutputs } from '../../steps/step';
import type { RetryState } from './retry';

export interface StepRecord {
  position: number;
  spec: StepSpec;
  state: OperationStep['state'];
  /** Durable before each write, with the runner's own count of retries. */
  checkpoint: Checkpoint & RetryState;
  before?: Observation[];
  after?: Observation[];
  /** How often it wrote to Azure, or may have. */
  attempts: number;
  correlationId?: string;
  message?: string;
  startedAt?: number;
  endedAt?: number;
}

/** A permission, most of them on an entity. */
export interface StoredAuthority {
  permission: string;
  entityRef?: string;
}

/** A need of an operation. */
export interface StoredNeed extends StoredAuthority {
  /** What follows "because". */
  because: string;
  /** Who has met it, and when. */
  by?: string;
  at?: number;
}

/** By what a request came. */
export type Origin = 'person' | 'program';

/** What pulls show after an operation has ended: tried, in no hurry, until they show its effect. */
export interface PullWatch {
  loginServer: string;
  wanted: 'refused' | 'answered';
  /** `reached`: they do. `unreached`: not in time. `stopped`: a later operation has changed it. */
  state: 'watching' | 'reached' | 'unreached' | 'stopped';
  /** Since when they do: epoch milliseconds. */
  since?: number;
  /** HTTP status of the last one that got an answer. */
  status?: number;
  checkedAt?: number;
  /** No longer than that. */
  until: number;
}

export interface OperationRecord {
  id: string;
  revision: number;
  state: OperationState;
  intent: Intent;
  entityRef: string;
  registryId: RegistryId;
  requestedBy: string;
  /** Did a person ask in the portal, or a program in the name of one? */
  origin: Origin;
  reason: string;
  plan: Plan;
  /** What undoes it, stored before the first write. */
  inverse: StepSpec[];
  outputs: StepOutputs;
  result?: { message: string; code?: string; correlationId?: string };
  waitingFor?: string;
  /** How often in a row a fault of ours, or the end of a process, stopped the work on it. */
  interruptions: number;
  /** Another worker had it, and a write that it sent may arrive until then. */
  settlesAt?: number;
  /** Its worker has given no sign of life for some time; another one takes over at the end of the lease. */
  silence?: { since: number; until: number };
  /** Absent when no second person is needed. */
  approval?: {
    /** Whose agreement it needs, and who has given it. */
    needs: StoredNeed[];
    state: Approval['state'];
    by?: string;
    at?: number;
    expiresAt?: number;
  };
  /** What its effects needed of somebody, whoever had it. Absent in operations of an earlier release. */
  authorities?: StoredAuthority[];
  /** End of the waiting period. */
  beginsAt?: number;
  /** When a revoke is restored automatically. Known once it has ended. */
  restoresAt?: number;
  /** How long after its end a revoke is restored automatically. Absent once it is permanent or undone. */
  restoreAfterMinutes?: number;
  confirmedBy?: string;
  pulls?: PullWatch;
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
  /**
   * Nobody else can have the operation before then, by the stopwatch of this process. Each write of
   * the store that lands moves it.
   */
  validUntil: number;
}
