/**
 * Place of one key, or of a list of keys, in the properties of a resource. Paths have dots, and their names are
 * compared without case.
 */
export interface KeyPlace {
  /** Object of the key, below `properties`; with `[]` at its end a list of such objects. Absent for `properties`. */
  at?: string;
  /** Text with the key URI, with or without a version. This and the next fields are paths below `at`. */
  uri?: string;
  /** Object whose names are key URIs. */
  uris?: string;
  /** URI of the vault, where a type keeps vault, name and version apart. */
  vault?: string;
  name?: string;
  version?: string;
  /** Version in use, as a version or as a key URI. */
  versionInUse?: string;
  /** Boolean that is false when the key is not used any more. */
  enabled?: string;
  /** Default: `current`. */
  use?: 'earlier' | 'backup';
  /** Identity that reaches this key. Default: that of the type. */
  identity?: IdentityPlace;
  /** Default: that of the type. */
  follows?: Follows;
}

/**
 * Place of the identity that reaches a key: a path below the object of the key, or a path below `properties` after a
 * slash. Its value is an ARM id, a client id, or a text with `UserAssignedIdentity=<ARM id>`. Without a value, and for
 * `resource`, the identities of the resource reach the key.
 */
export type IdentityPlace = string;

/** Whether a consumer takes new versions of its key by itself. `when` is the path of a boolean below `properties`. */
export type Follows =
  | 'never'
  | 'unless-versioned'
  | 'unknown'
  | { when: string };

/** Azure service whose resources use keys: one ARM type. */
export interface ConsumerType {
  /** ARM type, as Microsoft spells it. */
  type: string;
  /** Name of one resource, for texts. */
  service: string;
  /** Published description of the properties: below `specification/` of Azure/azure-rest-api-specs, or a page. */
  source: string;
  keys: readonly KeyPlace[];
  identity: IdentityPlace;
  follows: Follows;
  /** Time in which it takes a new version, in words. Absent when not documented. */
  followsWithin?: string;
  /** Data that stays on earlier versions, in words. Absent when none is documented. */
  keepsEarlier?: string;
  /** Uses of keys that the ARM properties of these resources do not show, in words. */
  notShown?: string;
  /** Sentence about the loss of the key, and the page of Microsoft that tells it, or would if it were documented. */
  onLoss: { text: string; docs: string };
}
