import type { Check, RevokeMethodId } from 'backstage-plugin-acr-cmk-common';
import type { StepSpec } from '../../../steps';
import type { EncryptedRegistry } from '../../encryptedRegistry';
import type { PlanContext } from '../draft';

/** What one revoke method would do to this registry now. */
export interface MethodPlan {
  /** Why it cannot be used here, in one message; absent when it can. */
  unavailable?: string;
  /** The vault does not support this method at all: asking for it is a mistake. */
  unsuitable?: true;
  /** What it does, in one message. */
  message: string;
  /** Whether and until when it can be undone. */
  reversible: string;
  steps: StepSpec[];
  inverse: StepSpec[];
  /** Proves that it worked. */
  confirm: StepSpec[];
  checks: Check[];
}

/** A revoke method by its id. A new one is a file beside this one and a line in the index. */
export interface RevokeMethodDefinition {
  method: RevokeMethodId;
  plan(encrypted: EncryptedRegistry, context: PlanContext): MethodPlan;
}

/** The plan of a method that cannot be used for this registry. */
export function unavailableMethod(
  message: string,
  unavailable: string,
  checks: Check[] = [],
): MethodPlan {
  return {
    unavailable,
    message,
    reversible: 'There is nothing to undo.',
    steps: [],
    inverse: [],
    confirm: [],
    checks,
  };
}
