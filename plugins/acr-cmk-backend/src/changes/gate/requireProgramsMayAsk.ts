import { ActionRefused, type Plan } from 'backstage-plugin-acr-cmk-common';
import type { OperationRecord } from '../../engine/types';

/** Whether the plan needs a second person because a program requests it. */
export const programNeedsApproval = ({
  plan,
  origin,
}: {
  plan: Pick<Plan, 'confirmation'>;
  origin: OperationRecord['origin'];
}): boolean => origin === 'program' && plan.confirmation.typedName !== null;

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
  if (programNeedsApproval({ plan, origin }) && !programsRevoke) {
    throw new ActionRefused(
      kind,
      `Programs may not ask to ${kind} here, because acrCmk.actions.revoke is not true. A person can do it on the registry's Encryption tab`,
      'intent.kind',
    );
  }
}
