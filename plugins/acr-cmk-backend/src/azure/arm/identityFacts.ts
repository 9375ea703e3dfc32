/** A user-assigned identity, as ARM answers. */
export interface IdentityFacts {
  id: string;
  name: string;
  location: string;
  tenantId: string;
  /** Id that a registry's encryption names. */
  clientId: string;
  /** Id of the principal to which the vault gives rights. */
  principalId: string;
  /** Absent when there are none. */
  tags?: Record<string, string>;
}
