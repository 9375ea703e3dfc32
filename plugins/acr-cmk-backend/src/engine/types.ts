import type {
  Approval,
  Intent,
  OperationState,
  OperationStep,
  Plan,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import type { Effect } from '../domain/effects';
import type { StepSpec } from '../domain/steps';
import type { PullEffect } from '../domain/steps/pull';
import type {
  Checkpoint,
  Observation,
  StepOutputs,
  PullTest,
} from '../domain/steps/step';
import type { RetryState } from './retry';

export interface StepRecord {
  position: number;
  spec: StepSpec;
  state: OperationStep['state'];
  /** Durable before each write, with the runner's own count of retries. */
  checkpoint: Checkpoint & RetryState;
  before?: Observation[];
  after?: Observation[];
  /** Number of writes to Azure that were sent, or may have been. */
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
  /** Text after "because". */
  because: string;
  /** Entity ref of the person who has met it. Absent until then. */
  by?: string;
  at?: number;
  /** Relations by which that person could have the permission then: each has to hold until the first write. */
  standing?: readonly string[];
}

/** Findings of registries by `RegistryId.key`: ids of warnings and errors; of an undecided one with a question mark. */
export type FindingIds = Record<string, string[]>;

/** Source of a request. */
export type Origin = 'person' | 'program';

/** Actor of what the plugin does by itself, in the audit record. */
export const PLUGIN_ACTOR = 'plugin:acr-cmk';

/** Actor of an operation in the audit record: its requester, or the timer. */
export function actorOf({
  origin,
  requestedBy,
}: Pick<OperationRecord, 'origin' | 'requestedBy'>): string {
  return origin === 'timer' ? PLUGIN_ACTOR : requestedBy;
}

/**
 * Watch of pulls after an operation has ended. Pulls are repeated until they show its effect or the watch ends.
 */
export interface PullWatch {
  wanted: 'refused' | 'answered';
  /**
   * `reached`: they do. `unreached`: not in time. `untested`: no test can show it, for `reason`. `stopped`: a later
   * operation has changed it.
   */
  state: 'watching' | 'reached' | 'unreached' | 'untested' | 'stopped';
  reason?: Exclude<PullEffect, 'reached' | 'not-yet'>;
  /** Test before the operation. Without it, no answer counts. */
  before?: PullTest;
  /** The last test that got an answer. */
  last?: PullTest;
  /** Time since which pulls show the effect. Epoch milliseconds. */
  since?: number;
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
  /** Person who requested it; of a timer's restore, the requester of the revoke. */
  requestedBy: string;
  /** A person in the portal, a program in the name of one, the timer of a revoke, or a campaign. */
  origin: Origin | 'timer' | 'campaign';
  /** Campaign that it belongs to. */
  campaignId?: string;
  /** Stage of that campaign, from 1. */
  stage?: number;
  /** Operation of the same member that this one tries again. */
  retries?: string;
  /** Findings on its registries before its first write: with these its end is compared. Of campaigns alone. */
  findings?: FindingIds;
  /** Time since which its registries are read again, after everything was done. Of campaigns alone. */
  provingSince?: number;
  reason: string;
  plan: Plan;
  /** Steps that undo it, stored before the first write. */
  inverse: StepSpec[];
  outputs: StepOutputs;
  result?: { message: string; code?: string; correlationId?: string };
  waitingFor?: string;
  /** Number of consecutive interruptions, by a fault of the plugin or the end of a process. */
  interruptions: number;
  /** Another worker had it, and a write that it sent may arrive until then. */
  settlesAt?: number;
  /** Its worker has given no sign of life for some time; another one takes over at the end of the lease. */
  silence?: { since: number; until: number };
  /** Absent when no second person is needed. */
  approval?: {
    /** Agreements that it needs, and the people who have given them. */
    needs: StoredNeed[];
    state: Approval['state'];
    by?: string;
    at?: number;
    expiresAt?: number;
  };
  /**
   * Authorities that its effects required, including those that the requester had. Empty where no person accepted
   * it: the timer and campaigns revoke nothing that could be confirmed.
   */
  authorities: StoredAuthority[];
  /** Effects of its plan. */
  effects: readonly Effect[];
  /** End of the waiting period. */
  beginsAt?: number;
  /** Time at which a revoke is restored automatically. Known once it has ended. */
  restoresAt?: number;
  /**
   * Minutes after its end at which a revoke is restored automatically. Absent once it is permanent or undone.
   */
  restoreAfterMinutes?: number;
  confirmedBy?: string;
  pulls?: PullWatch;
  /** Operation that has undone this revoke. */
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
   * Nobody else can have the operation before then, by the monotonic clock of this process. Each write of
   * the store that lands moves it.
   */
  validUntil: number;
}
