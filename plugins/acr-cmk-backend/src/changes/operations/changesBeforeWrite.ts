import {
  assertNever,
  type FieldChange,
  FactsUnavailable,
} from 'backstage-plugin-acr-cmk-common';
import type { Gate, Verdict } from '../gate/Gate';
import { canonicalJson } from '../../domain/canonicalJson';
import { changeOf } from '../../domain/plan/change';
import { fieldChangesInWords } from '../../domain/plan/fingerprint';
import type { PlanStore } from '../plans/PlanStore';
import { PreconditionUnavailable } from '../../engine/PreconditionUnavailable';
import type { OperationRecord } from '../../engine/types';

/**
 * Finds the changes since people agreed to an operation. Called before its first write: up to a day may lie
 * between, in which the entity may have been deleted, named another registry, or lost its proof.
 *
 * @returns every difference; nothing when it may go on
 * @throws PreconditionUnavailable when the catalog or Azure does not answer now
 */
export async function changesBeforeWrite(
  operation: Pick<
    OperationRecord,
    'id' | 'plan' | 'requestedBy' | 'steps' | 'approval' | 'campaignId'
  >,
  { gate, plans }: { gate: Pick<Gate, 'ask'>; plans: Pick<PlanStore, 'get'> },
): Promise<FieldChange[]> {
  const { plan } = operation;
  const stored = await plans.get(plan.id);
  const agreed = stored?.fingerprint ?? {};
  // The steps that a worker carries out are stored beside the plan; they have to be the plan's.
  const steps = canonicalJson(operation.steps.map(({ spec }) => spec));
  if (stored && steps !== agreed.steps) {
    return [{ field: 'steps', shown: agreed.steps ?? 'not there', now: steps }];
  }
  let verdict: Verdict;
  try {
    verdict = await gate.ask({
      asker: { kind: 'plugin', onBehalfOf: operation.requestedBy },
      change: stored?.change ?? changeOf(plan),
      planId: plan.id,
      agreed,
      operationId: operation.id,
      needs: operation.approval?.needs,
    });
  } catch (error) {
    if (!(error instanceof FactsUnavailable)) throw error;
    throw new PreconditionUnavailable(error.code, error.message);
  }
  switch (verdict.verdict) {
    case 'allowed':
      return [];
    case 'changed':
      requireDecided(operation, verdict.changes);
      return verdict.changes;
    case 'refused':
      return [verdict.refusal.change];
    default:
      return assertNever(verdict);
  }
}

/**
 * A check that cannot be decided now may be a reading that failed, which is no change: a campaign's operation waits for it.
 *
 * @throws PreconditionUnavailable when there is one
 */
function requireDecided(
  { campaignId }: Pick<OperationRecord, 'campaignId'>,
  changes: readonly FieldChange[],
): void {
  const isUndecided = changes.some(
    ({ field, now }) => field.startsWith('check ') && now === 'unknown',
  );
  if (campaignId === undefined || !isUndecided) return;
  throw new PreconditionUnavailable(
    'PLAN_UNDECIDED',
    `Some of what its plan depends on could not be read: ${fieldChangesInWords(changes)}`,
  );
}
