import type { Check, RevokeMethodId } from 'backstage-plugin-acr-cmk-common';
import type { StepSpec } from '../../steps';
import type { EncryptedRegistry } from '../../encryptedRegistry';
import type { PlanContext } from '../draft';

/** Plan of one revoke method for this registry, as it is now. */
export interface MethodPlan {
  /** Reason why it cannot be used here, in one message; absent when it can. */
  unavailable?: string;
  /** The vault does not support this method at all; requesting it is a mistake. */
  unsuitable?: true;
  /** Effect, in one message. */
  message: string;
  /** Whether and until when it can be undone. */
  reversible: string;
  steps: StepSpec[];
  /** Steps that undo it. Each has `givesBack`, by which the revoke counts as undone. */
  inverse: StepSpec[];
  /** Proves that it worked. */
  confirm: StepSpec[];
  checks: Check[];
}

/** Plans a revoke by one method. */
export type RevokeMethodPlanner = (
  encrypted: EncryptedRegistry,
  context: PlanContext,
) => MethodPlan;

/** Some of the methods, by id. */
export type RevokeMethods = Partial<
  Record<RevokeMethodId, RevokeMethodPlanner>
>;

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
