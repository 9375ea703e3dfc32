import type { CredentialName } from '../ports';
import type { HeaderReader } from './retryAfter';

/** Purpose and required rights of a call, for the message about its failure. */
export interface CallTarget {
  /** Action that completes "Could not …": `read the registry shop`. */
  doing: string;
  /** Target of the call: an ARM id, or the URI of a key. */
  scope: string;
  /** The action of ARM, or the data action of Key Vault, that the call needs. */
  action: string;
  /** Equivalent permission in an access policy, for a vault that uses access policies. */
  permission?: string;
  /** The built-in role with the fewest rights that has the action. */
  role: string;
  /** Nothing for a call that is made without a credential. */
  credential?: CredentialName;
  /** Does the call change anything at Azure? */
  writes: boolean;
}

/** The last answer of Azure in a call, as far as errors and receipts need it. */
export interface LastAnswer {
  status: number;
  headers: HeaderReader;
  /** Text of a refusal. Read for its code and message, and never passed on whole. */
  body?: string;
}
