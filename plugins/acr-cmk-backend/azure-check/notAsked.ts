const SECOND_PERSON =
  'it needs a second principal with fewer rights than the one that runs the check';
const LIMITS = "it would use up the subscription's limits";
const SOMEBODY_ELSE = 'it needs a resource of somebody else';
const PROTECTED =
  'it needs purge protection, with which the vault could not be removed for days';
const OF_THE_EMULATOR = "it is the emulator's own, not Azure's";
const DOCUMENTED = 'Microsoft documents it, and trying it takes days or months';
const NO_HSM =
  'the check makes no Managed HSM, which costs money by the hour from the moment it exists';
const ONE_PRINCIPAL =
  'it needs an application with a secret, and the check makes none';

/** Refusals that the check does not provoke, and why. */
export const REFUSALS_NOT_ASKED: Record<string, string> = {
  'arm.authorizationFailed': SECOND_PERSON,
  'arm.linkedAuthorizationFailed': SECOND_PERSON,
  'arm.scopeLocked':
    'a lock that is left behind would keep the group from being deleted',
  'arm.managementGroupNotFound':
    'it needs rights above the subscription, which the check does not ask for',
  'arm.managementGroupNotEmpty':
    'it needs rights above the subscription, which the check does not ask for',
  'arm.notFound': 'its words differ with what was asked for',
  'arm.groupBeingDeleted': 'the group is deleted when the report is written',
  'arm.invalidBody': 'its words differ with what is wrong',
  'arm.invalidQuery': 'its words differ with what is wrong',
  'arm.throttled': LIMITS,
  'eventGrid.urlValidation':
    'its reason is what the endpoint answered, and the check has one endpoint at most',
  'eventGrid.invalidSource': 'every source that the check makes has events',
  'eventGrid.oneTopicPerSource': 'the check makes no system topic',
  'hsm.invalidScope': NO_HSM,
  'hsm.notAuthorized': NO_HSM,
  'hsm.roleNotFound': NO_HSM,
  'hsm.assignmentExists': NO_HSM,
  'hsm.assignmentNotFound': NO_HSM,
  'resourceGraph.cannotIndex':
    'no resource is known that Resource Graph cannot index',
  'resourceGraph.throttled': LIMITS,
  'registry.nameTaken': SOMEBODY_ELSE,
  'registry.onlyAtCreation': 'it needs one more registry, without encryption',
  'registry.noSuchRegistry': 'in Azure the name does not resolve',
  'vault.noPublicAccess':
    'it would close the vault to the check for up to a quarter of an hour',
  'vault.purgeProtected': PROTECTED,
  'vault.throttled': LIMITS,
  'vaultArm.nameTaken': SOMEBODY_ELSE,
  'vaultArm.deletedNeedsRecover':
    'it needs a deleted vault while the check still runs',
  'vaultArm.purgeProtectionStays': PROTECTED,
  'vaultArm.purgeProtected': PROTECTED,
  'authorization.updateNotPermitted':
    'should Azure permit it, somebody else would have the right',
  'authorization.roleInUse':
    'it needs a role of its own, which outlives the group',
  'entra.wrongSecret': ONE_PRINCIPAL,
  'entra.noSuchResource': ONE_PRINCIPAL,
};

/** Constants of the emulator's assumptions.ts that the check does not ask for, and why. */
export const CONSTANTS_NOT_ASKED: Record<string, string> = {
  STATE_AFTER_FAILED_OPERATION:
    'no request is known that is accepted and fails later',
  DETACHED_IDENTITY_WORKS_MS: DOCUMENTED,
  DEFAULT_RETENTION_DAYS: 'Microsoft documents it',
  RETENTION_DAYS: 'Microsoft documents it',
  HSM_ROTATION_POLICY_ACTIONS: NO_HSM,
  DEFAULT_NOTICE_BEFORE_EXPIRY: 'Microsoft documents it',
  UNTAGGED_RETENTION_DAYS: 'it was recorded',
  MIN_ROTATION_MS: DOCUMENTED,
  MONTH_MS: DOCUMENTED,
  YEAR_MS: DOCUMENTED,
  TOKEN_LIFETIME_SECONDS: 'Microsoft documents it',
  ARM_PAGE_SIZE: 'it needs 200 registries',
  RESOURCE_GRAPH_PAGE_SIZE: 'Microsoft documents it, and it needs 1,000 rows',
  ARM_BUCKETS: LIMITS,
  RESOURCE_GRAPH_WINDOW: LIMITS,
  RESOURCE_GRAPH_READ_WINDOW: LIMITS,
  DEFAULT_EVENT_RETRY: DOCUMENTED,
  EVENT_RETRY_SECONDS: DOCUMENTED,
  RETRY_AFTER_STATUS_SECONDS: DOCUMENTED,
  STATUS_WITHOUT_RETRY: 'Microsoft documents it',
  DELIVERY_ANSWER_MS: 'Microsoft documents it',
  EVENT_TICK_MS: OF_THE_EMULATOR,
  DELIVERY_LOG_ENTRIES: OF_THE_EMULATOR,
  VAULT_WINDOW: LIMITS,
  ENDLESS_BODY_DRIP_MS: OF_THE_EMULATOR,
  LOG_ENTRIES: OF_THE_EMULATOR,
  MAX_BODY_BYTES: 'Microsoft documents it',
  COMPACT_AFTER_BYTES: OF_THE_EMULATOR,
  LINKED_CHECK_ON_EVERY_IDENTITY: SECOND_PERSON,
  IDLE_CONNECTION_MS: 'Microsoft documents it',
  AUTHORITY_DAYS: OF_THE_EMULATOR,
  CERTIFICATE_DAYS: OF_THE_EMULATOR,
  CERTIFICATE_BACKDATED_DAYS: OF_THE_EMULATOR,
  STRICT_TRANSPORT_SECONDS: 'it was recorded',
  DAY: OF_THE_EMULATOR,
};
