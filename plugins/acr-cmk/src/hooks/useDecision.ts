import { useApi } from '@backstage/core-plugin-api';
import {
  assertNever,
  type Operation,
  type OperationOffer,
} from 'backstage-plugin-acr-cmk-common';
import { useCallback, useRef, useState } from 'react';
import { acrCmkApiRef, type AcrCmkApi } from '../api';
import { readRefusal, type Refusal } from './refusal';

/** Decision about an operation. */
export type DecisionId = OperationOffer['action'];

/** Progress of a decision. */
type Decision =
  | { status: 'open' }
  | { status: 'sending' }
  | { status: 'refused'; action: DecisionId; refusal: Refusal }
  | { status: 'taken' };

/** Sends a decision about an operation, once however often the button is pressed. */
export function useDecision(
  operation: Operation,
  action: DecisionId,
): {
  decision: Decision;
  /** @returns the operation as it stands afterwards; nothing when it was refused */
  decide(reason: string, confirmation?: string): Promise<Operation | undefined>;
} {
  const api = useApi(acrCmkApiRef);
  const [decision, setDecision] = useState<Decision>({ status: 'open' });
  const sending = useRef<Promise<Operation | undefined>>();

  const decide = useCallback(
    (reason: string, confirmation?: string) => {
      const submit = async () => {
        setDecision({ status: 'sending' });
        try {
          const decided = await send(api, operation, {
            action,
            reason,
            confirmation,
          });
          setDecision({ status: 'taken' });
          return decided;
        } catch (error) {
          setDecision({
            status: 'refused',
            action,
            refusal: readRefusal(error),
          });
          // Only a refused decision can be sent again.
          sending.current = undefined;
          return undefined;
        }
      };
      sending.current ??= submit();
      return sending.current;
    },
    [api, operation, action],
  );
  // A refusal is about one decision, not about another that is chosen instead.
  const isOfOther = decision.status === 'refused' && decision.action !== action;
  return { decision: isOfOther ? { status: 'open' } : decision, decide };
}

function send(
  api: AcrCmkApi,
  { id, plan }: Operation,
  {
    action,
    reason,
    confirmation,
  }: { action: DecisionId; reason: string; confirmation?: string },
): Promise<Operation> {
  switch (action) {
    case 'approve':
      return api.approve(id, plan.hash, confirmation);
    case 'reject':
      return api.reject(id, reason);
    case 'cancel':
      return api.cancel(id, reason);
    case 'confirm':
      return api.confirm(id, reason);
    default:
      return assertNever(action);
  }
}
