import { useApi } from '@backstage/core-plugin-api';
import {
  assertNever,
  type Operation,
  type OperationOffer,
} from 'backstage-plugin-acr-cmk-common';
import { useCallback, useRef, useState } from 'react';
import { acrCmkApiRef, type AcrCmkApi } from '../api';
import { readRefusal, type Refusal } from './refusal';

/** What a person may say to an operation. */
export type DecisionId = OperationOffer['action'];

/** How far a decision is. */
export type Decision =
  | { status: 'open' }
  | { status: 'sending' }
  | { status: 'refused'; refusal: Refusal }
  | { status: 'taken' };

/** Says something to an operation, once however often it is pressed. */
export function useDecision(
  operation: Operation,
  action: DecisionId,
): {
  decision: Decision;
  /** @returns the operation as it stands afterwards; nothing when it was refused */
  decide(
    reason: string,
    confirmation?: string,
  ): Promise<Operation | undefined>;
} {
  const api = useApi(acrCmkApiRef);
  const [decision, setDecision] = useState<Decision>({ status: 'open' });
  const sending = useRef<Promise<Operation | undefined>>();

  const decide = useCallback(
    (reason: string, confirmation?: string) => {
      const send = async () => {
        setDecision({ status: 'sending' });
        try {
          const decided = await say(api, operation, action, {
            reason,
            confirmation,
          });
          setDecision({ status: 'taken' });
          return decided;
        } catch (error) {
          setDecision({ status: 'refused', refusal: readRefusal(error) });
          // Only a refused one can be said again.
          sending.current = undefined;
          return undefined;
        }
      };
      sending.current ??= send();
      return sending.current;
    },
    [api, operation, action],
  );
  return { decision, decide };
}

function say(
  api: AcrCmkApi,
  { id, plan }: Operation,
  action: DecisionId,
  { reason, confirmation }: { reason: string; confirmation?: string },
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
