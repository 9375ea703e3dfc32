/* Made by `yarn generate` from openapi/openapi.yaml. Do not edit. */

import type { components } from './types';

export type ErrorBody = components['schemas']['ErrorBody'];
export type Uuid = components['schemas']['Uuid'];
export type Sha256 = components['schemas']['Sha256'];
/** ISO 8601 in UTC */
export type Time = components['schemas']['Time'];
/** Full, such as `resource:default/shop-images`. */
export type EntityRef = components['schemas']['EntityRef'];
export type ArmId = components['schemas']['ArmId'];
/** Why, in one line, for the record: 3 to 500 characters with a letter or digit among them, none that control, change direction or are not seen, not beginning with =, +, - or @. */
export type Reason = components['schemas']['Reason'];
export type FieldChange = components['schemas']['FieldChange'];
/** Every registry that an entity names, in the order of its annotation. */
export type EntityRegistries = components['schemas']['EntityRegistries'];
/** A registry of which nothing is known, with the reason. */
export type UnreadableRegistry = components['schemas']['UnreadableRegistry'];
/** Why nothing is known of a registry that an entity names. */
export type UnreadableReason = components['schemas']['UnreadableReason'];
/** The encryption of one registry, as the caller may see it. */
export type RegistryEncryption = components['schemas']['RegistryEncryption'];
/** `converging` and `behind`: it follows new versions, within or beyond the hour that Azure takes. `behind-by-choice`: it is pinned to an older version. `pinned-key-trap`: it is pinned while the vault rotates the key. `at-risk`: the version in use expires soon. `unreachable`: it cannot use its key. `unknown`: Azure could not be read. */
export type RegistryStateId = components['schemas']['RegistryStateId'];
/** The one word for how a registry stands, with a sentence that explains it. */
export type RegistryState = components['schemas']['RegistryState'];
/** Who revoked access to the key by an operation of this plugin, why, and until when. */
export type RevokedBy = components['schemas']['RevokedBy'];
/** What pulls from the registry get after an operation. They are tried, without a lock, until they show its effect, and no longer than `until`. */
export type Pulls = components['schemas']['Pulls'];
/** `automatic`: a versionless key URI, new versions are used within about an hour. `manual`: one version, until it is changed. */
export type VersionMode = components['schemas']['VersionMode'];
/** The five fields of `properties.encryption`, as Azure names them. */
export type EncryptionFields = components['schemas']['EncryptionFields'];
/** The identity with which a registry reaches its key. */
export type EncryptionIdentity = components['schemas']['EncryptionIdentity'];
/** How the identity may use the key, or why that is not known. */
export type AccessPaths = components['schemas']['AccessPaths'];
/** One way by which the identity may wrap and unwrap with the key. */
export type AccessPath = components['schemas']['AccessPath'];
/** What could not be read, and how Azure refused. */
export type UnknownView = components['schemas']['UnknownView'];
/** The key with all of its versions, newest first. */
export type KeyView = components['schemas']['KeyView'];
/** One version of a key. Times are ISO 8601, by the vault. */
export type KeyVersion = components['schemas']['KeyVersion'];
/** The vault of the key. */
export type VaultView = components['schemas']['VaultView'];
/** What one health rule says of a registry. */
export type Finding = components['schemas']['Finding'];
/** A registry that uses the same key. Entities that the caller may not see are counted, not named. */
export type Consumer = components['schemas']['Consumer'];
/** What a registry offers. */
export type ActionId = components['schemas']['ActionId'];
/** Whether the caller may do this now; if not, why. */
export type ActionOffer = components['schemas']['ActionOffer'];
/** Whether it is proven that the registry belongs to the entity: by its tag, or by `acrCmk.bindings`. */
export type Binding = components['schemas']['Binding'];
/** How old the facts behind an answer are. `ageSeconds` is counted when the answer is made. */
export type Freshness = components['schemas']['Freshness'];
/** What a person asks for. `kind` says which. */
export type Intent = components['schemas']['Intent'];
/** Have a registry use a new version of its key, another key, another identity or the other version mode. */
export type RotateIntent = components['schemas']['RotateIntent'];
/** Have the vault make new versions of the registry's key by its rotation policy, and the registry follow them; or turn that off again. The policy is the key's: it holds for every registry that uses the key. */
export type AutomaticRotationIntent =
  components['schemas']['AutomaticRotationIntent'];
/** The vault rotates the key by this policy, and the registry stores the key without a version. */
export type RotationOn = components['schemas']['RotationOn'];
/** The vault makes no new versions by itself any more. Expiry and notice of the policy stay, and so does the version mode of the registry. */
export type RotationOff = components['schemas']['RotationOff'];
/** The rotation policy and the key identifier that were there before an operation of this portal changed them. */
export type RotationAsBefore = components['schemas']['RotationAsBefore'];
/** Rotation policy of a key, as in Key Vault. To rotate, it has one of timeAfterCreate (at least 7 days) and timeBeforeExpiry (at least 7 days; needs expiryTime). */
export type RotationPolicy = components['schemas']['RotationPolicy'];
/** ISO 8601 duration in years, months, weeks and days, such as `P90D` or `P1Y6M`. */
export type PolicyDuration = components['schemas']['PolicyDuration'];
/** The encryption identity: resource id, name or client id of a user-assigned identity, or `system`. It is attached to the registry, or turned on, if it is not. The current one by default. */
export type IdentityText = components['schemas']['IdentityText'];
export type NewVersion = components['schemas']['NewVersion'];
/** The key and version that the registry uses now, in the mode that is said. */
export type CurrentKey = components['schemas']['CurrentKey'];
export type ExistingKey = components['schemas']['ExistingKey'];
/** A key that the plan makes in a vault. */
export type NewKey = components['schemas']['NewKey'];
/** Of a vault, or of a Managed HSM with `.managedhsm` at its end. */
export type VaultName = components['schemas']['VaultName'];
export type KeyName = components['schemas']['KeyName'];
/** `access-policy` and `role-assignment` remove the identity's access to the key, `disable-version` disables the version in use, `disable-all-versions` every version of the key, `delete-key` soft-deletes the key. */
export type RevokeMethodId = components['schemas']['RevokeMethodId'];
/** Take the access to its key away from a registry. */
export type RevokeIntent = components['schemas']['RevokeIntent'];
/** Give a registry its access back: all that is missing now. */
export type RestoreIntent = components['schemas']['RestoreIntent'];
/** Disable an old version of the registry's key, once no known registry uses it. Off unless acrCmk.operations.retire is true. */
export type RetireIntent = components['schemas']['RetireIntent'];
/** A Premium registry, encrypted with a customer-managed key: that can be chosen only when a registry is created. `registryId` of the request is the id of the new registry; `entityRef` is written into its tag, as the proof of its binding. */
export type CreateRegistryIntent =
  components['schemas']['CreateRegistryIntent'];
/** For which registry of which entity a plan is to be made. */
export type PlanRequest = components['schemas']['PlanRequest'];
/** What would happen: checks, steps, state before and after, affected registries and the inverse. `hash` is over all of it. */
export type Plan = components['schemas']['Plan'];
/** One way to revoke: whether it is there for this registry, and which other registries it affects. */
export type RevokeMethod = components['schemas']['RevokeMethod'];
/** One thing that has to hold before a plan may be accepted. */
export type Check = components['schemas']['Check'];
/** One write or one wait of a plan. */
export type PlannedStep = components['schemas']['PlannedStep'];
/** Whether the plan can be undone, and how. */
export type Inverse = components['schemas']['Inverse'];
/** Accepts a plan. The same `idempotencyKey` of the same person gives the same operation. */
export type OperationRequest = components['schemas']['OperationRequest'];
/** Where an operation stands. */
export type OperationState = components['schemas']['OperationState'];
/** An accepted plan and how far it is. It is never deleted. */
export type Operation = components['schemas']['Operation'];
/** How an operation ended. `code` is set when it did not succeed. */
export type OperationResult = components['schemas']['OperationResult'];
/** One step of an operation, with what was seen in Azure before and after it. */
export type OperationStep = components['schemas']['OperationStep'];
/** Whether the caller may take this decision about an operation now; if not, why. */
export type OperationOffer = components['schemas']['OperationOffer'];
/** Whose approval an operation needs: of whoever has the permission, on the entity where one is named. */
export type Need = components['schemas']['Need'];
/** Whether other people have to agree, what they have said, and until when they may. */
export type Approval = components['schemas']['Approval'];
/** False when something that should be listed could not be read. */
export type Complete = components['schemas']['Complete'];
/** A vault that a form may offer. */
export type VaultChoice = components['schemas']['VaultChoice'];
/** A key that a form may offer. `keyIdentifier` has no version. */
export type KeyChoice = components['schemas']['KeyChoice'];
/** A version of a key that a form may offer. */
export type KeyVersionChoice = components['schemas']['KeyVersionChoice'];
/** Whether a name is free. `soft-deleted`: a deleted key has it until it is purged. */
export type NameCheck = components['schemas']['NameCheck'];
/** A user-assigned identity that a form may offer. */
export type IdentityChoice = components['schemas']['IdentityChoice'];
/** A registry that a form may offer, with the entities of the caller that name it. */
export type RegistryChoice = components['schemas']['RegistryChoice'];
export type ResourceGroup = components['schemas']['ResourceGroup'];
/** Of the worst finding. `none` says that there is no finding, and of an unknown state that none is known. */
export type FleetSeverity = components['schemas']['FleetSeverity'];
/** An entity that names a registry. */
export type FleetEntity = components['schemas']['FleetEntity'];
/** The latest operation of a registry. Absent for callers who neither see the whole fleet nor asked for it themselves nor have acr-cmk.registry.read on its entity or on one that the registry is linked to. */
export type FleetOperation = components['schemas']['FleetOperation'];
/** A registry of the fleet, with what it is filtered and sorted by. */
export type FleetRegistry = components['schemas']['FleetRegistry'];
/** One page of registries of the fleet. */
export type FleetRegistries = components['schemas']['FleetRegistries'];
/** More than 500 entities match the search, so names of entities were left out of it. A longer text finds them. */
export type SearchIncomplete = components['schemas']['SearchIncomplete'];
/** A registry as the Encryption tab shows it, and the entities that name it. */
export type FleetRegistryView = components['schemas']['FleetRegistryView'];
/** How many registries have a value. */
export type FleetCount = components['schemas']['FleetCount'];
/** What of the fleet is seen, and what is not. */
export type FleetScope = components['schemas']['FleetScope'];
/** Counts of registries of the fleet. */
export type FleetSummary = components['schemas']['FleetSummary'];
/** A registry that uses a key. */
export type FleetHolder = components['schemas']['FleetHolder'];
/** Of an enabled version that is not the newest one. */
export type FleetRetirement = components['schemas']['FleetRetirement'];
/** A version of a key, with who uses it. */
export type FleetKeyVersion = components['schemas']['FleetKeyVersion'];
/** A key that registries of the fleet use. */
export type FleetKey = components['schemas']['FleetKey'];
/** One page of keys of the fleet. */
export type FleetKeys = components['schemas']['FleetKeys'];
/** Something that time will do to a key. */
export type FleetExpiry = components['schemas']['FleetExpiry'];
/** What happens to keys in one week. */
export type FleetWeek = components['schemas']['FleetWeek'];
/** What expires and what vaults rotate, by week. */
export type FleetExpiries = components['schemas']['FleetExpiries'];
/** An operation that the caller may approve. */
export type WaitingOperation = components['schemas']['WaitingOperation'];
/** Operations that wait for the caller's approval. */
export type FleetWaiting = components['schemas']['FleetWaiting'];
/** `failed`: something does not work. `unknown`: it could not be found out. `warning`: it works, and may not be what is wanted. */
export type DoctorStatus = components['schemas']['DoctorStatus'];
/** One thing that a check found. */
export type DoctorLine = components['schemas']['DoctorLine'];
/** One check of the doctor. */
export type DoctorCheck = components['schemas']['DoctorCheck'];
/** What the doctor found, check by check. */
export type DoctorReport = components['schemas']['DoctorReport'];
/** One subscription of the scopes, as the last sweep that has ended saw it. */
export type ListedScope = components['schemas']['ListedScope'];
/** One listing of everything. */
export type InventorySweep = components['schemas']['InventorySweep'];
/** What is left of one of Azure's limits, as the backend that answers knows it. */
export type CallBudget = components['schemas']['CallBudget'];
/** One page of registries by what identifies them. */
export type InventoryRegistries = components['schemas']['InventoryRegistries'];
/** One registry by what identifies it. Ids and names are lower case, however Azure spells them. */
export type InventoryRegistry = components['schemas']['InventoryRegistry'];
/** Full refs in lower case, in order, each once. */
export type NamedEntities = components['schemas']['NamedEntities'];
/** Those of the tags that were asked for, by their names in lower case. */
export type ChosenTags = components['schemas']['ChosenTags'];
/** What the inventory knows of Azure, and how well. */
export type InventoryStatus = components['schemas']['InventoryStatus'];
/** One record of the permanent chain. */
export type AuditRecord = components['schemas']['AuditRecord'];
