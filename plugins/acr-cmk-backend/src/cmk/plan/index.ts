import {
  assertNever,
  type CreateRegistryIntent,
  type Intent,
} from 'backstage-plugin-acr-cmk-common';
import type { EncryptedRegistry } from '../encryptedRegistry';
import type { PlanContext, PlanDraft } from './draft';
import { planRestore } from './restore';
import { planRetire } from './retire';
import { planRevoke } from './revoke';
import { planRotate } from './rotate';

export { type CreateContext, planCreate } from './create';
export * from './draft';
export { usingKey } from './consumers';

/**
 * Intent and facts to plan. The same input gives the same plan.
 *
 * @throws InvalidInput when the intent does not fit the registry at all
 */
export function makePlan(
  encrypted: EncryptedRegistry,
  intent: Exclude<Intent, CreateRegistryIntent>,
  context: PlanContext,
): PlanDraft {
  switch (intent.kind) {
    case 'rotate':
      return planRotate(encrypted, intent, context);
    case 'revoke':
      return planRevoke(encrypted, intent, context);
    case 'restore':
      return planRestore(encrypted, context);
    case 'retire':
      return planRetire(encrypted, intent, context);
    default:
      return assertNever(intent);
  }
}
