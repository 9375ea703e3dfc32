import { isTerminal, type Operation } from 'backstage-plugin-acr-cmk-common';
import { isAbout } from '../OperationView/isAbout';
import { isUnbegun } from '../OperationView/isUnbegun';
import { isSame } from '../shared/isSame';

/** Time for which the outcome of a decision is shown after its end. Our choice. */
const OUTCOME_SHOWN_MS = 24 * 60 * 60_000;

/**
 * Requests for other registries that affect those of this entity and wait for approval or for their start, and
 * those that the viewer has decided about, newest first. What is asked for the entity's own registries is in their sections.
 *
 * @param of.registryIds - registries of the entity
 * @param of.now - epoch milliseconds
 */
export function requestsOfOthers(
  operations: readonly Operation[],
  of: { registryIds: readonly string[]; now: number },
): Operation[] {
  return operations.filter(operation => {
    const { approval, state, endedAt } = operation;
    if (of.registryIds.some(id => isAbout(operation, id))) return false;
    if (state === 'awaiting-approval' || isUnbegun(operation)) return true;
    const isRecent =
      !isTerminal(state) ||
      (endedAt !== undefined &&
        of.now - Date.parse(endedAt) < OUTCOME_SHOWN_MS);
    return approval?.byCaller !== undefined && isRecent;
  });
}

/** Names of the entity's registries that an operation affects. */
export function affectedOf(
  { plan }: Operation,
  registryIds: readonly string[],
): string[] {
  return plan.consumers
    .filter(({ registryId }) => registryIds.some(id => isSame(id, registryId)))
    .map(({ registryName }) => registryName);
}
