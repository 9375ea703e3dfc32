import type { Intent, RegistryFacts } from 'backstage-plugin-acr-cmk-common';
import type { EncryptedRegistry } from '../encryptedRegistry';

/** What a rule finds out about one registry. Unknown is never `ok`. */
export type Verdict =
  | { verdict: 'ok' }
  | {
      verdict: 'found';
      message: string;
      remedy?: string;
      /** What would fix it, when this portal can. */
      intent?: Intent;
    }
  | { verdict: 'undecided'; message: string };

/** One health rule for registries with a customer-managed key. */
export interface FindingRule {
  /** Stable id, in kebab case. */
  id: string;
  severity: 'info' | 'warning' | 'error';
  check(encrypted: EncryptedRegistry): Verdict;
  /**
   * The moments at which time alone changes what `check` says, in Azure's time: the first
   * millisecond of the new answer. Absent for a rule that does not look at the clock.
   */
  changesAt?(encrypted: EncryptedRegistry): number[];
}

/** One health rule for registries without one. */
export interface PlainRegistryRule {
  id: string;
  severity: 'info' | 'warning' | 'error';
  check(registry: RegistryFacts): Verdict;
}

export const OK: Verdict = { verdict: 'ok' };
