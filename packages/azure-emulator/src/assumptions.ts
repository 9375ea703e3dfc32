/**
 * The assumptions about Azure: every number and choice that is not part of the API, with its unit and its
 * reason. [V] measured or recorded, [D] documented by Microsoft, [?] assumed. No other file contains a
 * duration, so a change here applies everywhere.
 */
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Defaults of the assumptions about time, in milliseconds; `Assumptions` explains them. The worlds are built
 *  with them. */
export const FOLLOW_DELAY_MS = 60 * MINUTE;
export const FOLLOW_RETRY_MS = 60 * MINUTE;
export const OPERATION_MS = 10 * SECOND;
export const ROLE_PROPAGATION_MS = 5 * SECOND;
export const SOFT_DELETE_VISIBLE_MS = 5 * SECOND;
export const RECOVER_VISIBLE_MS = 2 * SECOND;

/** The provisioning state after a failed operation, until the next one succeeds [?]. */
export const STATE_AFTER_FAILED_OPERATION = 'Failed';

/** An identity that was removed from the registry (or deleted) keeps working until its certificate
 *  expires, "usually three months" [D]. Milliseconds. */
export const DETACHED_IDENTITY_WORKS_MS = 90 * DAY;

/** Default retention of soft-deleted vaults and keys [D]. Days. */
export const DEFAULT_RETENTION_DAYS = 90;

/** Shortest and longest retention that a vault may be given [D]. Days. */
export const RETENTION_DAYS = { least: 7, most: 90 };

/** The data actions that a Managed HSM asks for rotation policies, below `Microsoft.KeyVault/managedHsm`: its
 *  built-in roles name none of their own. Setting one requires "Key Write" [D: managed-hsm/key-rotation.md];
 *  that this is the name of that action, and the one for reading, are assumed [?]. */
export const HSM_ROTATION_POLICY_ACTIONS = {
  read: 'keys/read/action',
  write: 'keys/write/action',
};

/** The default rotation policy notifies this long before the expiry and does not rotate [D]. An
 *  ISO 8601 duration. */
export const DEFAULT_NOTICE_BEFORE_EXPIRY = 'P30D';

/** Days of a registry's retention policy that was never turned on [V]. Days. */
export const UNTAGGED_RETENTION_DAYS = 7;

/** Shortest time between two rotations by a policy, and between a rotation and the expiry, in a vault [D:
 *  key-vault/keys/how-to-configure-key-rotation.md]. Milliseconds. */
export const MIN_ROTATION_MS = 7 * DAY;

/** Shortest time between two rotations by a policy in a Managed HSM [D: managed-hsm/key-rotation.md].
 *  Milliseconds. */
export const MIN_HSM_ROTATION_MS = 28 * DAY;

/** Shortest life of a version that a policy may set [D: `expiryTime` in keys.json of the published
 *  specification; managed-hsm/key-rotation.md]. Milliseconds. */
export const MIN_EXPIRY_MS = 28 * DAY;

/** Days of a month and of a year in an ISO 8601 duration, such as one of a rotation policy [?]. */
export const MONTH_DAYS = 30;
export const YEAR_DAYS = 365;

/** Versions that a key of a Managed HSM may have [D: managed-hsm/key-rotation.md]. Count. */
export const HSM_KEY_VERSIONS = 100;

/** An access token lives this long, as Entra's do [D]. On the wall clock, not on the emulator's: a
 *  client caches its token by its own clock, and moving the emulator's must not invalidate it. Seconds. */
export const TOKEN_LIFETIME_SECONDS = 3599;

/** Entries that one page of a list of ARM holds [?], and one of Resource Graph [D]. Count. */
export const ARM_PAGE_SIZE = 200;
export const RESOURCE_GRAPH_PAGE_SIZE = 1000;

/** ARM's token buckets, per principal and subscription [D]: size, and refill per second. */
export const ARM_BUCKETS = {
  reads: { size: 250, refillPerSecond: 25 },
  writes: { size: 200, refillPerSecond: 10 },
  deletes: { size: 200, refillPerSecond: 10 },
};

/** Resource Graph answers 15 queries in 5 seconds per principal [D]. */
export const RESOURCE_GRAPH_WINDOW = { queries: 15, seconds: 5 };

/** The changes that take a registry's key away, by what was done to it. */
export const REVOKE_KINDS = [
  'roleRemoved',
  'accessPolicyRemoved',
  'versionDisabled',
  'keyDisabled',
  'keyDeleted',
] as const;
export type RevokeKind = (typeof REVOKE_KINDS)[number];

/** Answers to pulls after one kind of revoke. */
export interface PullAssumption {
  /** Time for which a registry keeps serving from memory after its vault refuses it [?]. Null: it never stops. */
  stopAfterSeconds: number | null;
  /** Time for which it keeps refusing after its vault serves it again [?]. Null: it never returns. */
  returnAfterSeconds: number | null;
  /** The HTTP status: 403 [D]. */
  status: number;
  /** The code of the error [?]. */
  code: string;
}

/** Behaviour that only a real subscription can tell, and that a test may want either way. The defaults are
 *  DEFAULT_ASSUMPTIONS; an emulator can be started with others, and they can be changed while it runs. */
export interface Assumptions {
  /** An automatic registry follows a new key version this long after the version was created: "within one
   *  hour" [D]. */
  followDelaySeconds: number;
  /** An automatic registry that could not access its key tries to follow again after this long [?]. */
  followRetrySeconds: number;
  /** Creating or updating a registry takes this long: about ten seconds [V]. `operationSeconds` overrides it. */
  registryOperationSeconds: number;
  /** `Retry-After` on a running operation. Real answers carried none [V], which is null, but without one the
   *  Azure CLI waits half a minute between polls. */
  operationRetryAfterSeconds: number | null;
  /** The status of a running operation. Only `Succeeded` and `Failed` were recorded; clients treat any other
   *  word as "still running" [?]. */
  operationRunningStatus: string;
  /** A new role assignment takes effect after this long. Microsoft says "up to ten minutes" [D]; in practice it
   *  is far less [?]. `rolePropagationSeconds` overrides it. */
  roleAssignmentDelaySeconds: number;
  /** A removed role assignment is effective for this long. `rolePropagationSeconds` overrides it. */
  roleRemovalDelaySeconds: number;
  /** A changed access policy takes effect after this long: "fast" [D]. */
  accessPolicyDelaySeconds: number;
  /** Whether a user-assigned identity passes a vault's firewall with `bypass: AzureServices`. The documentation
   *  of 2021 said no, today's does not say [?]. */
  userAssignedPassesBypass: boolean;
  /** The service answers 404 for a deleted key, and 409 for its name, during this window [V]. */
  deletedKeyDelaySeconds: number;
  /** A recovered key is not found during this window: "a few seconds" [V]. */
  recoveredKeyDelaySeconds: number;
  /** The answer about the rotation policy of a Managed HSM's key that has none: an empty policy, or 404
   *  [?]. Only that there is no default one is documented. */
  hsmKeyWithoutPolicy: 'empty' | 'not-found';
  /** Entries that one page of a list of keys holds: 25 [V]. */
  keyPageSize: number;
  /** Whether the role assignments at a single key are there again after its recovery. It is documented that
   *  those of a recovered vault are not [?]. */
  recoveredKeyKeepsRoles: boolean;
  /** Whether a PATCH adds identities to those that are attached, and does not replace them [?]. */
  identitiesAreMerged: boolean;
  /** Whether a registry that cannot access its key answers 403 before it asks for credentials. The
   *  documentation says that operations on it are answered with 403, not which ones [?]. */
  revokedRegistryRefusesSignIn: boolean;
  /** Answers to pulls after each kind of revoke. */
  pulls: Record<RevokeKind, PullAssumption>;
  /** Delay after which a write is in the tables of Resource Graph: "usually seconds" [D]. */
  resourceGraphDelaySeconds: number;
  /** Whether a registry's row has `versionedKeyIdentifier` and `lastKeyRotationTimestamp` [?]. */
  resourceGraphShowsVersionInUse: boolean;
  /** Delay after which Resource Graph shows that an automatic registry followed its key, which is no write
   *  through ARM [?]. Null: not before the next write. */
  resourceGraphFollowDelaySeconds: number | null;
  /** Behaviour of the pages after the first one when rows come and go meanwhile [D]; `looping` returns the
   *  same token again, `shrinking` returns smaller pages than requested. */
  resourceGraphPaging:
    | 'exact'
    | 'losing'
    | 'doubling'
    | 'looping'
    | 'shrinking';
}

const PULLS_STOP_AT_ONCE: PullAssumption = {
  stopAfterSeconds: 0,
  returnAfterSeconds: 0,
  status: 403,
  code: 'DENIED',
};

/** An automatic registry follows as late as is documented, and what is not documented happens at once.
 *  Resource Graph is up to date, shows everything and pages exactly, unless a test asks for something else. */
export const DEFAULT_ASSUMPTIONS: Assumptions = {
  followDelaySeconds: FOLLOW_DELAY_MS / SECOND,
  followRetrySeconds: FOLLOW_RETRY_MS / SECOND,
  registryOperationSeconds: OPERATION_MS / SECOND,
  operationRetryAfterSeconds: 1,
  operationRunningStatus: 'InProgress',
  roleAssignmentDelaySeconds: ROLE_PROPAGATION_MS / SECOND,
  roleRemovalDelaySeconds: ROLE_PROPAGATION_MS / SECOND,
  accessPolicyDelaySeconds: 0,
  userAssignedPassesBypass: true,
  deletedKeyDelaySeconds: SOFT_DELETE_VISIBLE_MS / SECOND,
  recoveredKeyDelaySeconds: RECOVER_VISIBLE_MS / SECOND,
  hsmKeyWithoutPolicy: 'empty',
  keyPageSize: 25,
  recoveredKeyKeepsRoles: true,
  identitiesAreMerged: true,
  revokedRegistryRefusesSignIn: true,
  pulls: {
    roleRemoved: PULLS_STOP_AT_ONCE,
    accessPolicyRemoved: PULLS_STOP_AT_ONCE,
    versionDisabled: PULLS_STOP_AT_ONCE,
    keyDisabled: PULLS_STOP_AT_ONCE,
    keyDeleted: PULLS_STOP_AT_ONCE,
  },
  resourceGraphDelaySeconds: 0,
  resourceGraphShowsVersionInUse: true,
  resourceGraphFollowDelaySeconds: 0,
  resourceGraphPaging: 'exact',
};

/** Key Vault per vault, in 10 seconds: 4,000 operations on software RSA 2048, 20 creations [D]. */
export const VAULT_WINDOW = { seconds: 10, operations: 4000, creations: 20 };

/** The endless body of a fault sends one space this often. Milliseconds. */
export const ENDLESS_BODY_DRIP_MS = 250;

/** Requests that the log keeps; older ones are dropped. Count. */
export const LOG_ENTRIES = 50_000;

/** Largest request body that is read; ARM's own limit is 4 MB [D]. Bytes. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** Size of the journal after which the whole state is written again. Bytes. */
export const COMPACT_AFTER_BYTES = 8 * 1024 * 1024;

/** Whether ARM checks `userAssignedIdentities/assign/action` on every identity that a write names, even
 *  if the registry has it already. The Azure CLI's whole-object writes suggest so [?]. */
export const LINKED_CHECK_ON_EVERY_IDENTITY = true;

/** Idle time after which a connection is closed. Azure's load balancers do so after four minutes [D].
 *  Milliseconds. */
export const IDLE_CONNECTION_MS = 4 * MINUTE;

/** Life of the emulator's own authority and of the certificate it issues at each start. Days. */
export const AUTHORITY_DAYS = 3650;
export const CERTIFICATE_DAYS = 365;

/** Both are valid from this long before they are issued, for clients whose clock is behind. Days. */
export const CERTIFICATE_BACKDATED_DAYS = 1;

/** `max-age` of `Strict-Transport-Security`: a year [V]. Seconds. */
export const STRICT_TRANSPORT_SECONDS = 31_536_000;
