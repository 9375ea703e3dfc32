import { useApi } from '@backstage/core-plugin-api';
import type {
  Operation,
  OperationRequest,
} from 'backstage-plugin-acr-cmk-common';
import { useCallback, useRef, useState } from 'react';
import { acrCmkApiRef, type AcrCmkApi } from '../api';
import { readRefusal, type Refusal } from './refusal';

/** Result of a request to accept a plan. */
type Outcome =
  | { status: 'refused'; refusal: Refusal }
  | { status: 'accepted'; operationId: string; operation?: Operation };

/** Progress of accepting a plan. */
export type Acceptance = { status: 'open' } | { status: 'sending' } | Outcome;

/**
 * Accepts a plan, once.
 *
 * The idempotency key lives as long as the hook: a second press, or a retry after an answer that
 * was lost, gets the operation of the first.
 */
export function useAcceptance(): {
  acceptance: Acceptance;
  accept(request: Omit<OperationRequest, 'idempotencyKey'>): Promise<Outcome>;
  /** Clears a refusal, because what was refused has changed. */
  reopen(): void;
} {
  const api = useApi(acrCmkApiRef);
  const [acceptance, setAcceptance] = useState<Acceptance>({ status: 'open' });
  const [idempotencyKey] = useState(makeKey);
  const sending = useRef<Promise<Outcome>>();

  const accept = useCallback(
    (request: Omit<OperationRequest, 'idempotencyKey'>) => {
      const send = async (): Promise<Outcome> => {
        setAcceptance({ status: 'sending' });
        const outcome = await ask(api, { ...request, idempotencyKey });
        sending.current = undefined;
        setAcceptance(outcome);
        return outcome;
      };
      sending.current ??= send();
      return sending.current;
    },
    [api, idempotencyKey],
  );
  const reopen = useCallback(
    () =>
      setAcceptance(now =>
        now.status === 'refused' ? { status: 'open' } : now,
      ),
    [],
  );
  return { acceptance, accept, reopen };
}

async function ask(
  api: AcrCmkApi,
  request: OperationRequest,
): Promise<Outcome> {
  try {
    const operation = await api.accept(request);
    return { status: 'accepted', operationId: operation.id, operation };
  } catch (error) {
    const refusal = readRefusal(error);
    // The first answer was lost, and something was changed before the second press: the
    // operation that runs is the one to show.
    return refusal.code === 'IDEMPOTENCY_KEY_REUSED' && refusal.operationId
      ? { status: 'accepted', operationId: refusal.operationId }
      : { status: 'refused', refusal };
  }
}

/** 32 hex digits. `randomUUID` is missing where the portal is not served over HTTPS. */
function makeKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
