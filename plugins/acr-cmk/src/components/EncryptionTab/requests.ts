import { isTerminal, type Operation } from 'backstage-plugin-acr-cmk-common';
import { isUnbegun } from '../OperationView/isUnbegun';

/** Time for which the outcome of a decision is shown after its end. Our choice. */
const OUTCOME_SHOWN_MS = 24 * 60 * 60_000;

const lower = (id: string) => id.toLowerCase();

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
  const own = new Set(of.registryIds.map(lower));
  return operations.filter(operation => {
    const { registryId, approval, state, endedAt, plan } = operation;
    const isInSection =
      own.has(lower(registryId)) ||
      plan.consumers.some(
        consumer => consumer.losesKey && own.has(lower(consumer.registryId)),
      );
    if (isInSection) return false;
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
  const own = new Set(registryIds.map(lower));
  return plan.consumers.flatMap(({ registryId, registryName }) =>
    own.has(lower(registryId)) ? [registryName] : [],
  );
}
