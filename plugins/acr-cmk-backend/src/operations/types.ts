import type {
  Approval,
  AzureProblem,
  Intent,
  OperationState,
  OperationStep,
  Plan,
} from 'backstage-plugin-acr-cmk-common';
import type { StepSpec } from '../cmk/steps';

/** One thing that a step saw. */
export interface Look {
  what: string;
  value: string;
}

/** What the steps of one operation tell each other. */
export interface Shared {
  /** The version that this operation made: 32 hex digits. */
  newVersion?: string;
  /** Object id of the registry's system-assigned identity, which this operation switched on. */
  systemPrincipalId?: string;
  /** The identity that this operation made. */
  createdIdentity?: { clientId: string; principalId: string };
}

/** What a step has to remember beyond a crash. Plain data. */
export interface Memo {
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
  troubleSince?: number;
  troubles?: number;
}

export interface StepRecord {
  position: number;
  spec: StepSpec;
  state: OperationStep['state'];
  memo: Memo;
  before?: Look[];
  after?: Look[];
  /** How often it wrote to Azure, or may have. */
  attempts: number;
  correlationId?: string;
  sentence?: string;
  startedAt?: number;
  endedAt?: number;
}

export interface OperationRecord {
  id: string;
  revision: number;
  state: OperationState;
  intent: Intent;
  entityRef: string;
  registryKey: string;
  requestedBy: string;
  reason: string;
  plan: Plan;
  /** The way back, stored before the first write. */
  inverse: StepSpec[];
  shared: Shared;
  result?: { sentence: string; code?: string; correlationId?: string };
  waitingFor?: string;
  /** How often in a row a fault of ours, or the end of a process, stopped the work on it. */
  interruptions: number;
  /** Absent when no second person is needed. */
  approval?: {
    state: Approval['state'];
    by?: string;
    at?: number;
    lapsesAt?: number;
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
export type Sight =
  /** It is as the step wants it. */
  | { is: 'done'; looks: Look[]; sentence?: string; shared?: Shared }
  /** It is not yet as wanted, and a write would make it so. */
  | { is: 'to-do'; looks: Look[] }
  /** It is under way; look again later. */
  | { is: 'not-yet'; looks: Look[]; sentence: string; lookAgainSeconds: number }
  /** It will not become so. */
  | { is: 'hopeless'; looks: Look[]; code: string; sentence: string }
  /** Azure did not confirm it in the time that it has. */
  | { is: 'unconfirmed'; looks: Look[]; sentence: string };

export type { AzureProblem };
