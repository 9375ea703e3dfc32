import type { KeyIdentifier } from 'backstage-plugin-acr-cmk-common';

/** An identity by which a consumer may reach a key. */
export interface ConsumerIdentity {
  /** ARM id, client id or object id as the resource names it, or `system`. */
  reference: string;
  /** Object id, in lower case. Absent when the resource does not show it. */
  principalId?: string;
}

/** One key in the settings of a consumer. */
export interface ConsumerUse {
  /** Versioned where a version can be read. */
  key: KeyIdentifier;
  /** Whether the version is known to be the one in use. Without it, another may be in use than the one that is set. */
  isInUse: boolean;
  /**
   * `current`: encrypts new data. `earlier`: an earlier key or version that some data still needs. `backup`: encrypts
   * copies of the data alone.
   */
  use: 'current' | 'earlier' | 'backup';
  /** Whether it takes new versions of the key by itself. Absent when not known. */
  follows?: boolean;
  /** Identities by which it may reach the key. */
  identities: ConsumerIdentity[];
}

/** A resource of another Azure service than Container Registry that names keys of a vault or Managed HSM. */
export interface Consumer {
  /** ARM id, as Azure spells it. */
  id: string;
  /** ARM type, in lower case; `consumerType` describes it. */
  type: string;
  name: string;
  subscriptionId: string;
  resourceGroup: string;
  location: string;
  /** Absent when there are none. */
  tags?: Record<string, string>;
  uses: ConsumerUse[];
  /** Number of resources that a disk encryption set encrypts, by ARM type in lower case. Absent when not counted. */
  behind?: Record<string, number>;
}

/** Reason why not everything could be looked at. */
export interface NotReadable {
  /** Subscription id. Absent when it is about no single one. */
  subscription?: string;
  problem: string;
}

/** Extent of what is known about consumers. */
export interface LookedAt {
  /** `all`: every type in every subscription. `no`: never listed, or no type may be read. */
  state: 'all' | 'partly' | 'no';
  /** Time when the oldest whole listing began. Absent when a subscription was never listed whole. */
  at?: number;
  /** Names of the services that were looked at in every subscription. */
  types: string[];
  notReadable: NotReadable[];
}
