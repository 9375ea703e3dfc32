import type {
  BackstageCredentials,
  BackstageUserPrincipal,
} from '@backstage/backend-plugin-api';
import {
  type ActionRefused,
  assertNever,
  type EntityUnknown,
  type FieldChange,
  type InvalidInput,
  type PermissionMissing,
  PlanDrifted,
  type RegistryNotOfEntity,
} from 'backstage-plugin-acr-cmk-common';
import type { Change } from '../../domain/plan/change';
import type { MadePlan } from '../../domain/plan/draft';
import type { Freshness } from '../../inventory/Inventory';
import type { StoredNeed } from '../../engine/types';
import type { Requirement } from './authoritiesOf';
import type { DecisionRequest } from './deciders';

/** A person, as every way in has to bring one. */
export type UserCredentials = BackstageCredentials<BackstageUserPrincipal>;

/** Person in whose name a change is to happen. */
export type Asker =
  /** A person who plans a change or requests its operation. */
  | { kind: 'requester'; credentials: UserCredentials }
  /** A person who approves the request of somebody else. */
  | {
      kind: 'approver';
      credentials: UserCredentials;
      operation: DecisionRequest['operation'];
    }
  /**
   * The plugin, where no person is present: before the first write, and when a revoke is restored
   * automatically. The permission policy cannot be evaluated for a person without their credentials;
   * everything else is checked as for them.
   */
  | { kind: 'plugin'; onBehalfOf: string };

/** A plan that people have agreed to. */
export interface AgreedPlan {
  change: Change;
  plan: { id: string };
  fingerprint: Record<string, string>;
}

/** Question whether a change may happen, or may still happen. */
export interface Question {
  asker: Asker;
  change: Change;
  /** Seed of everything that the plan has to make up. */
  planId: string;
  /** The fingerprint that was agreed to; absent while the plan is only being made. */
  agreed?: Record<string, string>;
  /** Highest age of facts of a plan that nobody has agreed to yet. Default: `JUST_NOW`. */
  freshness?: Freshness;
  /** The operation that the plan is of, once there is one: it is not in its own way. */
  operationId?: string;
  /** Needs of that operation. Those who have met some have to be who they were. */
  needs?: readonly StoredNeed[];
}

/** Reason for which a change may not happen: as an error for the caller, and as a change since the agreement. */
export interface Refusal {
  error:
    | PermissionMissing
    | EntityUnknown
    | RegistryNotOfEntity
    | ActionRefused
    | InvalidInput;
  change: FieldChange;
}

/** A change that may happen. */
export interface Allowed {
  verdict: 'allowed';
  /** Entity ref in the catalog's spelling. */
  entityRef: string;
  made: MadePlan;
  /** Requirements of its effects, including those that the requester meets. */
  requirements: readonly Requirement[];
  /** Requirements that the requester lacks: others have to agree before the operation begins. */
  needs: readonly Requirement[];
}

/** The answer. */
export type Verdict =
  | Allowed
  /** The plan, made again from fresh facts, is not the one that was agreed to. */
  | { verdict: 'changed'; changes: FieldChange[] }
  | { verdict: 'refused'; refusal: Refusal };

/** Person in whose name a change is requested. */
export function requesterOf(asker: Asker): string {
  switch (asker.kind) {
    case 'requester':
      return asker.credentials.principal.userEntityRef;
    case 'approver':
      return asker.operation.requestedBy;
    case 'plugin':
      return asker.onBehalfOf;
    default:
      return assertNever(asker);
  }
}

/** @throws whatever kept it from happening */
export function requireAllowed(planId: string, verdict: Verdict): Allowed {
  switch (verdict.verdict) {
    case 'allowed':
      return verdict;
    case 'changed':
      throw new PlanDrifted(planId, verdict.changes);
    case 'refused':
      throw verdict.refusal.error;
    default:
      return assertNever(verdict);
  }
}
