import type {
  RegistryFacts,
  RoleAssignmentFacts,
  VaultFacts,
} from 'backstage-plugin-acr-cmk-common';
import type { IdentityFacts } from '../arm/identityFacts';
import type { AzureAnswer } from '../transport/answer';

/** Kinds of resources that Resource Graph lists from the table `resources`. */
export type GraphKind = 'registries' | 'vaults' | 'identities' | 'consumers';

/** Resources whose properties may name a key. */
export interface ConsumerQuery<T> {
  /** ARM types. */
  types: readonly string[];
  /** Throws for a row that cannot be understood. */
  toFacts(row: any): T;
}

/** One of several parts of a long list. Every thing is in the same one each time. */
export interface GraphPart {
  subscriptionIds: readonly string[];
  /** From 0. */
  part: number;
  of: number;
}

/** Things of one part, all of them. */
export interface GraphRows<T> {
  items: { subscriptionId: string; facts: T }[];
  /** Rows that could not be understood, and may be anything. */
  unusable: number;
}

/**
 * Azure Resource Graph: lists of much in few calls. It learns late, and nothing says how late; what
 * is to be changed is read from ARM. Subscriptions that cannot be read are left out of its answers
 * without a word.
 *
 * A method answers everything or throws `AzureError`: with the code `TooManyRows` when smaller parts are
 * needed, else with `PartialAnswer`.
 */
export interface ResourceGraphPort {
  /** The subscriptions of these that it can read. */
  readable(subscriptionIds: readonly string[]): Promise<AzureAnswer<string[]>>;
  /** Counts the resources of each kind in each subscription. Counts of zero are omitted. */
  counts(
    subscriptionIds: readonly string[],
  ): Promise<
    AzureAnswer<{ kind: GraphKind; subscriptionId: string; count: number }[]>
  >;
  countAssignments(
    subscriptionIds: readonly string[],
  ): Promise<AzureAnswer<number>>;
  registries(part: GraphPart): Promise<AzureAnswer<GraphRows<RegistryFacts>>>;
  vaults(part: GraphPart): Promise<AzureAnswer<GraphRows<VaultFacts>>>;
  identities(part: GraphPart): Promise<AzureAnswer<GraphRows<IdentityFacts>>>;
  /** Counts what `consumers` would show, in each subscription. Counts of zero are omitted. */
  countConsumers(
    subscriptionIds: readonly string[],
    types: readonly string[],
  ): Promise<AzureAnswer<{ subscriptionId: string; count: number }[]>>;
  /**
   * Resources of these types with the host of a vault or Managed HSM anywhere in their properties.
   *
   * @param part.hosts - only those with one of these hosts
   */
  consumers<T>(
    part: GraphPart & { hosts?: readonly string[] },
    query: ConsumerQuery<T>,
  ): Promise<AzureAnswer<GraphRows<T>>>;
  /** Numbers of resources that disk encryption sets encrypt: by the id of the set in lower case, and by type. */
  encryptedBySets(
    subscriptionIds: readonly string[],
  ): Promise<AzureAnswer<Map<string, Record<string, number>>>>;
  /**
   * Role assignments of service principals, which identities are, at the subscriptions, below and
   * above them. All of one principal are in one part. Those of groups are not shown.
   */
  assignments(
    part: GraphPart,
  ): Promise<AzureAnswer<GraphRows<RoleAssignmentFacts>>>;
  /**
   * Subscriptions below a management group. Asks ARM, which shows unreadable ones too; without the
   * right to that, those that can be read, and `complete` is false.
   */
  subscriptionsBelow(
    managementGroup: string,
  ): Promise<AzureAnswer<{ subscriptionIds: string[]; complete: boolean }>>;
}
