import type { CredentialName } from '../ports';
import type { HeaderReader } from './retryAfter';

/** What a call is about, for the message that a person reads when it fails. */
export interface CallTarget {
  /** What was tried, to stand after "Could not": `read the registry shop`. */
  doing: string;
  /** What it was tried on: an ARM id, or the URI of a key. */
  scope: string;
  /** The action of ARM, or the data action of Key Vault, that the call needs. */
  action: string;
  /** What an access policy calls the same, in a vault that works with policies. */
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
