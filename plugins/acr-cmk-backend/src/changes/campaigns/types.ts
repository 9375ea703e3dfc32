import type {
  CampaignIntent,
  CampaignMemberState,
  CampaignOutcome,
  CampaignSelection,
  CampaignState,
  CampaignStrategy,
  KeyIdentifier,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import type { StoredAuthority, StoredNeed } from '../../engine/types';

/** Cause of a pause. */
interface CampaignPause {
  /** Entity ref of the person who paused it. Absent when a limit did. */
  by?: string;
  /** In a sentence. */
  message: string;
  at: number;
  /** Somebody aborted it: it ends when the members that have begun have ended. */
  aborts?: true;
}

/** Planning of members that are retried. */
export type CampaignRetry =
  | {
      planned: number;
      total: number;
      /** Without progress until then it was interrupted. */
      until: number;
    }
  /** Cause in a sentence for which none was retried. */
  | { problem: string; until?: undefined };

/** Sums over the members of a campaign. */
export interface CampaignTotals {
  /** Registries of the members that will change. */
  registries: number;
  /** Writes to Azure in their plans. */
  writes: number;
  /** Estimated duration by the strategy, or by the default one in a preview. */
  seconds: number;
}

/** A campaign as it is kept. Times are epoch milliseconds by the database's clock. */
export interface CampaignRecord {
  id: string;
  /** Grows with each change of this record or of a member. */
  revision: number;
  state: CampaignState;
  intent: CampaignIntent;
  selection: CampaignSelection;
  requestedBy: string;
  /** Absent until it was started. */
  reason?: string;
  /** Absent until it was started. */
  strategy?: CampaignStrategy;
  /** Absent until all members are planned. */
  hash?: string;
  /** The current one, from 1; 0 before its start. */
  stage: number;
  /** Absent until the current stage has opened. */
  stageOpenedAt?: number;
  soakUntil?: number;
  pause?: CampaignPause;
  /** Absent unless members are being retried, or could not be. */
  retry?: CampaignRetry;
  /** Failures of the current stage with which a person has resumed it. */
  failuresAccepted?: number;
  /** Commands of `az` that link the unlinked registries to entities. */
  unlinkedCommands?: string[];
  /** Absent until all members are planned. */
  totals?: CampaignTotals;
  /** Reason why its members could not be planned. */
  problem?: string;
  /** Cause in a sentence, while the current stage waits for a time or for a setting. As of the last turn. */
  waitingFor?: string;
  createdAt: number;
  startedAt?: number;
  endedAt?: number;
  /**
   * `previewing`: it is interrupted if no member was planned until then. `running`, `paused`: the runner looks at it
   * then. Absent otherwise.
   */
  dueAt?: number;
}

/** Version mode of a member that follows new versions, in words. */
export const AUTOMATIC = 'Automatic';

/** Facts of a member's kept plan that its campaign needs. */
export interface MemberPlan {
  planId: string;
  /** Hash of the plan. */
  hash: string;
  /** Authorities that it required of its requester, including those that they lacked: these are its needs. */
  authorities: StoredAuthority[];
  /** Writes to Azure that it contains. */
  writes: number;
  /** Estimated duration of its operation, from Azure's documented limits. */
  seconds: number;
}

/**
 * A member of a campaign: what was selected, its plan, and its newest operation, from which state, stage, needs, message and
 * times are once there is one.
 */
export interface MemberRecord extends NewMember {
  campaignId: string;
  state: CampaignMemberState;
  /** Number of its next operation, from 0. */
  attempt: number;
  /** The newest one. */
  operationId?: string;
  /** End of the time for its approval. */
  approvalExpiresAt?: number;
  startedAt?: number;
  endedAt?: number;
}

/** A member without an operation. */
export interface NewMember {
  /** From 1. */
  position: number;
  name: string;
  /** Registry that its operation names. */
  registryId: RegistryId;
  /** Key of a member that is a key, without a version. */
  key?: KeyIdentifier;
  vaultHost?: string;
  subscriptionId: string;
  entityRef?: string;
  owner?: string;
  /** Registries that change with it, with its own. */
  registries: RegistryId[];
  outcome: CampaignOutcome;
  /** Absent until its campaign was started, and where its outcome is not `change`. */
  stage?: number;
  /** Absent unless its outcome is `change`. */
  plan?: MemberPlan;
  /** Approvals that it needs, and the people who have given them. */
  needs: StoredNeed[];
  before?: string;
  after?: string;
  message?: string;
}

/** Columns of a member that campaigns write. */
export type MemberChanges = Changes<
  Pick<
    MemberRecord,
    | 'entityRef'
    | 'registries'
    | 'outcome'
    | 'stage'
    | 'plan'
    | 'needs'
    | 'before'
    | 'after'
    | 'message'
    | 'attempt'
    | 'operationId'
  >
> & {
  /** State of a member that has no operation, and gets none. */
  state?: CampaignMemberState | null;
  /** Operation that the next one tries again. */
  retries?: string | null;
};

/** Counts of the members in one stage, state and outcome. */
export interface MemberCount {
  stage?: number;
  state: CampaignMemberState;
  outcome: CampaignOutcome;
  count: number;
}

/** Part of a record to store; `null` empties a column, and `undefined` leaves it. */
export type Changes<R> = {
  [K in keyof R]?: undefined extends R[K] ? R[K] | null : R[K];
};
