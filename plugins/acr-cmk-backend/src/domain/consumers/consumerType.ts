/**
 * Place of one key, or of a list of keys, in the properties of a resource. Names are compared without case.
 *
 * `at` is the path of an object below `properties`, and `at[]` of a list of objects; absent for `properties`. Other
 * names are paths below it.
 */
export interface KeyPlace {
  at?: string;
  /** Text with the key URI, with or without a version. */
  uri?: string;
  /** Object whose names are key URIs. */
  uris?: string;
  /** URI of the vault, for types that keep vault, name and version apart. */
  vault?: string;
  name?: string;
  version?: string;
  /** Version in use, as a version or as a key URI. */
  versionInUse?: string;
  /** Default: `current`. */
  use?: 'earlier' | 'backup';
  /** Default: that of the type. */
  identity?: IdentityPlace;
  /** Default: that of the type. */
  follows?: Follows;
}

/**
 * Place of the identity that reaches the key: a path below the object of the key, or `/` and a path below `properties`.
 * `cosmos` is a text such as `UserAssignedIdentity=<ARM id>`. Without a value there, and for `resource`, it is the
 * resource's own.
 */
export type IdentityPlace = 'resource' | { id: string } | { cosmos: string };

/** Whether a consumer takes new versions of its key by itself. `when` is a path of a boolean below `properties`. */
export type Follows =
  | 'always'
  | 'never'
  | 'unless-versioned'
  | 'unknown'
  | { when: string };

/** Azure service whose resources use keys: one ARM type. */
export interface ConsumerType {
  /** ARM type, as Microsoft spells it. */
  type: string;
  /** Name for texts, such as `Azure SQL server`. */
  service: string;
  /** Published specification of the properties, below `specification/` of Azure/azure-rest-api-specs. */
  source: string;
  keys: readonly KeyPlace[];
  identity: IdentityPlace;
  follows: Follows;
  /** Time in which it follows a new version, in words. Absent when not documented. */
  followsWithin?: string;
  /** Old data that stays on old versions, in words. Absent when there is none. */
  keepsOldVersions?: string;
  /** Use of keys by these resources that their ARM properties do not show, in words. */
  notShown?: string;
  /** Sentence about the loss of the key or of its version. */
  onLoss: string;
  /** Page of Microsoft that says so. */
  docs: string;
}
