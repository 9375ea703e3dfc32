import type {
  Intent,
  RegistryFacts,
  RegistryStateId,
  VersionMode,
} from 'backstage-plugin-acr-cmk-common';
import type {
  EncryptedRegistry,
  EncryptedRegistryFacts,
} from '../encryptedRegistry';

/** Answer of a rule for one registry. `ok` for a fact that is not known only where another rule reports that. */
export type Verdict =
  | { verdict: 'ok' }
  | {
      verdict: 'found';
      /** One sentence of at most 15 words. */
      message: string;
      /** More about it, such as the words of Azure. */
      detail?: string;
      remedy?: string;
      /** A change that would fix it, when this portal can make it. */
      intent?: Intent;
    }
  | {
      verdict: 'undecided';
      message: string;
      /** Reason why the fact is not known. Findings with the same one are shown as one. */
      detail?: string;
    };

/**
 * States that findings make, in the order in which they win: `unreachable` is a fault on the path to
 * the key, `revoked` is missing access to the key (removed, disabled or deleted).
 */
export const FINDING_STATES = [
  'unreachable',
  'revoked',
  'expired',
  'last-change-failed',
  'pinned-key-trap',
  'behind',
  'at-risk',
] as const satisfies readonly RegistryStateId[];

/**
 * Effect of a finding on the registry's access to its key:
 *
 * - `none`: the registry reaches its key all the same.
 * - `restorable`: a restore gives back what is missing.
 * - `blocked`: no restore helps. `rotation` says whether a rotation does.
 */
export type AccessEffect =
  | 'none'
  | 'restorable'
  | {
      blocked: {
        rotation: 'helps' | 'helps-with-another-identity' | 'no-help';
      };
    };

interface UntimedCheck {
  // A property and not a method: the types of parameters of methods are compared loosely.
  check: (encrypted: EncryptedRegistryFacts) => Verdict;
  checkAt?: undefined;
}

interface TimedCheck {
  check?: undefined;
  /** Check that looks at the clock. */
  checkAt: (encrypted: EncryptedRegistry) => Verdict;
  /**
   * Moments at which time alone changes the answer of `checkAt`, in Azure's time: the first
   * millisecond of the new answer.
   */
  changesAt: (encrypted: EncryptedRegistryFacts) => number[];
}

type Notifying =
  | {
      severity: 'warning' | 'error';
      /** Condition that owners are notified of (`notifications/kinds/conditionKinds.ts`); `null` for none. */
      notifies: string | null;
    }
  /** A digest links to a list of warnings and errors. */
  | { severity: 'info'; notifies: null };

/**
 * Health rule for registries with a customer-managed key. The severity, then the state, decide its
 * place among the others.
 */
export type FindingRule = {
  /** Stable id, in kebab case: "key-too-small" has the title "Key too small". */
  id: string;
  /** Version mode of the registries that the rule is about. Default: both. */
  mode?: VersionMode;
  /** State of a registry with this finding, unless a worse finding decides; `null` for none. */
  state: (typeof FINDING_STATES)[number] | null;
  access: AccessEffect;
} & Notifying &
  (UntimedCheck | TimedCheck);

export const OK: Verdict = { verdict: 'ok' };

/** Answer of a rule at the moment of `encrypted`. */
export const checkOf = (
  rule: FindingRule,
  encrypted: EncryptedRegistry,
): Verdict => {
  if (rule.mode && rule.mode !== encrypted.mode) return OK;
  return rule.check ? rule.check(encrypted) : rule.checkAt(encrypted);
};

/** Health rule for registries without a customer-managed key. */
export interface PlainRegistryRule {
  id: string;
  severity: 'info' | 'warning' | 'error';
  check(registry: RegistryFacts): Verdict;
}
