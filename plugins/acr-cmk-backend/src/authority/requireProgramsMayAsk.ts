import { ActionRefused, type Plan } from 'backstage-plugin-acr-cmk-common';
import type { OperationRecord } from '../operations/engine/types';

/**
 * Refuses programs that want to take something away, when a plan is made and when it is accepted.
 *
 * @param options.programsRevoke - `acrCmk.actions.revoke`
 * @throws ActionRefused
 */
export function requireProgramsMayAsk(
  { plan, origin }: { plan: Plan; origin: OperationRecord['origin'] },
  { programsRevoke }: { programsRevoke: boolean },
): void {
  const { kind } = plan.intent;
  const takesAway = plan.confirmation.typedName !== null;
  if (origin === 'program' && takesAway && !programsRevoke) {
    throw new ActionRefused(
      kind,
      `Programs may not ask to ${kind} here, because acrCmk.actions.revoke is not true. A person can do it on the registry's Encryption tab`,
      'intent.kind',
    );
  }
}
