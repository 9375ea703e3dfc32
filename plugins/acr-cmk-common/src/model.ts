/**
 * Types of the read model, intents, plans and operations, by their names in the API document.
 *
 * `openapi/openapi.yaml` is the one source.
 */
import type { OperationState as State } from './generated/api';

export type {
  AccessPath,
  AccessPaths,
  ActionId,
  ActionOffer,
  Afterwards,
  Approval,
  AuditRecord,
  AutomaticRotationIntent,
  Binding,
  Campaign,
  CampaignCommand,
  CampaignCounts,
  CampaignDecision,
  CampaignEstimate,
  CampaignFilter,
  CampaignIntent,
  CampaignMember,
  CampaignMembers,
  CampaignMemberState,
  CampaignOutcome,
  CampaignReport,
  CampaignRequest,
  Campaigns,
  CampaignSelection,
  CampaignStage,
  CampaignStageRule,
  CampaignStart,
  CampaignState,
  CampaignStrategy,
  Check,
  Consumer,
  CreateRegistryIntent,
  DecidedOperation,
  DecidedStage,
  Dependents,
  DoctorCheck,
  DoctorLine,
  DoctorReport,
  InventoryRegistries,
  InventoryRegistry,
  InventoryFreshness,
  InventoryStatus,
  InventorySweep,
  ListedScope,
  DoctorStatus,
  EncryptionFields,
  EncryptionIdentity,
  EntityCampaign,
  EntityRegistries,
  Finding,
  FleetCount,
  FleetEntity,
  FleetExpiries,
  FleetExpiry,
  FleetHolder,
  FleetKey,
  FleetKeyVersion,
  FleetKeys,
  FleetOperation,
  FleetRegistries,
  FleetRegistry,
  FleetRegistryView,
  FleetRetirement,
  FleetScope,
  FleetSeverity,
  FleetSort,
  FleetSummary,
  FleetWaiting,
  FleetWeek,
  Freshness,
  IdentityChoice,
  Intent,
  Inverse,
  KeyChoice,
  KeyVersion,
  KeyVersionChoice,
  KeyView,
  Need,
  NameCheck,
  NewKey,
  Operation,
  OperationOffer,
  OperationRequest,
  OperationResult,
  OperationStep,
  Plan,
  PlanEffect,
  ChangedOutside,
  RegistryEvent,
  PlannedChange,
  PlannedStep,
  PlanRequest,
  Pulls,
  RegistryChoice,
  ResourceGroupChoice,
  RegistryEncryption,
  RegistryState,
  RegistryStateId,
  RestoreIntent,
  RetireIntent,
  RevokedBy,
  RevokeIntent,
  RevokeMethod,
  RevokeMethodId,
  RotateIntent,
  RegistryNetwork,
  RotationPolicy,
  KeyService,
  ServiceCount,
  ServiceResource,
  ServicesLookedAt,
  ServicesLookedAtState,
  UnknownView,
  UnreadableReason,
  UnreadableRegistry,
  VaultChoice,
  VaultView,
  VersionMode,
  WaitingOperation,
  WaitingStage,
} from './generated/api';

/**
 * State of an operation.
 *
 * | state | what holds | what ends it |
 * |---|---|---|
 * | `held` | accepted for a campaign and durable; it holds no locks, and no worker takes it | the campaign asks for its approval, or releases it |
 * | `awaiting-approval` | accepted and durable; a second person has not decided yet | the answer, or its time runs out |
 * | `queued` | accepted and durable, nothing written to Azure | a worker takes it, it is cancelled, or it goes back to its campaign as `held` |
 * | `running` | a worker holds its lease | the worker ends it, lets it wait, or returns it to its campaign as `held` before any write |
 * | `waiting` | no worker holds it; it has a due time | the due time |
 * | `succeeded` | Azure confirms the result of the plan | pulls that still work when their test after a revoke ends: `unverified` |
 * | `failed` | stopped with an error; the steps say what was done | nothing |
 * | `cancelled` | stopped by a person, or by a revoke in whose way it was, before the first write | nothing |
 * | `rejected` | a second person rejected it, or the time for approval ran out | nothing |
 * | `unverified` | everything was sent, and Azure did not confirm it in its time | nothing |
 */
export type OperationState = State;

/** Ends of an operation. Only `succeeded` is left, for `unverified`. */
export const TERMINAL_STATES = [
  'succeeded',
  'failed',
  'cancelled',
  'rejected',
  'unverified',
] as const satisfies readonly OperationState[];

/** True when the operation has ended. */
export function isTerminal(state: OperationState): boolean {
  return (TERMINAL_STATES as readonly OperationState[]).includes(state);
}
