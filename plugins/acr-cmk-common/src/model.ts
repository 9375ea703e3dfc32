/**
 * The read model, intents, plans and operations, as the API document says them.
 *
 * `openapi/openapi.yaml` is the one source; these are names for its schemas.
 */
import type { components } from './generated/types';

type Schemas = components['schemas'];

export type EntityRegistries = Schemas['EntityRegistries'];
export type UnreadableRegistry = Schemas['UnreadableRegistry'];
export type UnreadableReason = Schemas['UnreadableReason'];
export type RegistryEncryption = Schemas['RegistryEncryption'];
export type RegistryState = Schemas['RegistryState'];
export type RegistryStateId = Schemas['RegistryStateId'];
export type RevokedBy = Schemas['RevokedBy'];
/** @public */
export type Pulls = Schemas['Pulls'];
export type VersionMode = Schemas['VersionMode'];
export type EncryptionFields = Schemas['EncryptionFields'];
export type EncryptionIdentity = Schemas['EncryptionIdentity'];
export type AccessPaths = Schemas['AccessPaths'];
export type AccessPath = Schemas['AccessPath'];
export type KeyView = Schemas['KeyView'];
export type KeyVersion = Schemas['KeyVersion'];
export type VaultView = Schemas['VaultView'];
export type UnknownView = Schemas['UnknownView'];
export type Finding = Schemas['Finding'];
export type Consumer = Schemas['Consumer'];
export type ActionId = Schemas['ActionId'];
export type ActionOffer = Schemas['ActionOffer'];
export type Binding = Schemas['Binding'];
export type Freshness = Schemas['Freshness'];

export type Intent = Schemas['Intent'];
export type RotateIntent = Schemas['RotateIntent'];
export type RevokeIntent = Schemas['RevokeIntent'];
export type RestoreIntent = Schemas['RestoreIntent'];
export type RetireIntent = Schemas['RetireIntent'];
export type CreateRegistryIntent = Schemas['CreateRegistryIntent'];
export type NewKey = Schemas['NewKey'];
export type RevokeMethodId = Schemas['RevokeMethodId'];
export type RevokeMethod = Schemas['RevokeMethod'];
export type PlanRequest = Schemas['PlanRequest'];
export type Plan = Schemas['Plan'];
export type Check = Schemas['Check'];
export type PlannedStep = Schemas['PlannedStep'];
export type Inverse = Schemas['Inverse'];

export type OperationRequest = Schemas['OperationRequest'];
export type Operation = Schemas['Operation'];
export type OperationStep = Schemas['OperationStep'];
export type OperationResult = Schemas['OperationResult'];
export type OperationOffer = Schemas['OperationOffer'];
export type Need = Schemas['Need'];
export type Approval = Schemas['Approval'];

export type VaultChoice = Schemas['VaultChoice'];
export type KeyChoice = Schemas['KeyChoice'];
export type IdentityChoice = Schemas['IdentityChoice'];
export type RegistryChoice = Schemas['RegistryChoice'];

export type AuditRecord = Schemas['AuditRecord'];

export type DoctorReport = Schemas['DoctorReport'];
export type DoctorCheck = Schemas['DoctorCheck'];
export type DoctorLine = Schemas['DoctorLine'];
export type DoctorStatus = Schemas['DoctorStatus'];

/**
 * Where an operation stands.
 *
 * | state | what holds | what ends it |
 * |---|---|---|
 * | `awaiting-approval` | accepted and durable; a second person has not spoken yet | the answer, or its time runs out |
 * | `queued` | accepted and durable, nothing written to Azure | a worker takes it, or it is cancelled |
 * | `running` | a worker holds its lease | the worker ends it or lets it wait |
 * | `waiting` | nobody holds it; it has a due time | the due time |
 * | `succeeded` | Azure's own read-back says what the plan said | nothing |
 * | `failed` | stopped with an error; the steps say what was done | nothing |
 * | `cancelled` | stopped by a person before the first write | nothing |
 * | `rejected` | a second person said no, or nobody spoke in time | nothing |
 * | `unverified` | everything was sent, and Azure did not confirm it in its time | nothing |
 */
export type OperationState = Schemas['OperationState'];

/** States that an operation never leaves. */
export const TERMINAL_STATES = [
  'succeeded',
  'failed',
  'cancelled',
  'rejected',
  'unverified',
] as const satisfies readonly OperationState[];

/** Has the operation ended? */
export function isTerminal(state: OperationState): boolean {
  return (TERMINAL_STATES as readonly OperationState[]).includes(state);
}
