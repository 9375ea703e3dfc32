import type {
  Operation,
  OperationRequest,
} from 'backstage-plugin-acr-cmk-common';
import type { AcrCmkApi } from '../../api';
import { readRefusal } from '../../hooks/refusal';

/** An operation that was requested, and its first state where that is known. */
export interface Accepted {
  id: string;
  first?: Operation;
}

/** Accepts a plan; after a lost answer, finds the operation of the first request. */
export async function acceptPlan(
  api: AcrCmkApi,
  request: OperationRequest,
): Promise<Accepted> {
  try {
    const first = await api.accept(request);
    return { id: first.id, first };
  } catch (error) {
    const { code, operationId } = readRefusal(error);
    // Something was changed between the presses: the operation that runs is the one to show.
    if (code === 'IDEMPOTENCY_KEY_REUSED' && operationId) {
      return { id: operationId };
    }
    throw error;
  }
}
