import { useApi } from '@backstage/core-plugin-api';
import { useCallback, useRef, useState } from 'react';
import { acrCmkApiRef, type AcrCmkApi } from '../api';
import { readRefusal, type Refusal } from './refusal';

type Progress<T> =
  | { status: 'open' }
  | { status: 'sending' }
  | { status: 'refused'; refusal: Refusal }
  | { status: 'done'; answer: T };

/** A request that a person sends with a button. */
export interface SendOnce<T> {
  /** It is under way. */
  pending: boolean;
  /** Reason why the last one was refused. */
  refusal?: Refusal;
  /** Answer to the last one. */
  answer?: T;
  /**
   * Sends it. While it is under way, a further press gets its answer.
   *
   * @returns the answer; undefined when it was refused
   */
  send(
    request: (api: AcrCmkApi, idempotencyKey: string) => Promise<T>,
  ): Promise<T | undefined>;
  /** Forgets the answer or the refusal, because another request follows. */
  reopen(): void;
}

/**
 * Sends a request, once however often its button is pressed.
 *
 * The idempotency key lives as long as the hook: a retry after an answer that was lost is the same request.
 */
export function useSendOnce<T>(): SendOnce<T> {
  const api = useApi(acrCmkApiRef);
  const [progress, setProgress] = useState<Progress<T>>({ status: 'open' });
  const [idempotencyKey] = useState(makeKey);
  const sending = useRef<Promise<T | undefined>>();

  const send = useCallback<SendOnce<T>['send']>(
    request => {
      const ask = async () => {
        setProgress({ status: 'sending' });
        try {
          const answer = await request(api, idempotencyKey);
          setProgress({ status: 'done', answer });
          return answer;
        } catch (error) {
          setProgress({ status: 'refused', refusal: readRefusal(error) });
          return undefined;
        }
      };
      sending.current ??= ask().finally(() => {
        sending.current = undefined;
      });
      return sending.current;
    },
    [api, idempotencyKey],
  );
  const reopen = useCallback(
    () =>
      setProgress(now => (now.status === 'sending' ? now : { status: 'open' })),
    [],
  );
  return {
    pending: progress.status === 'sending',
    refusal: progress.status === 'refused' ? progress.refusal : undefined,
    answer: progress.status === 'done' ? progress.answer : undefined,
    send,
    reopen,
  };
}

/** 32 hex digits. `randomUUID` is missing where the portal is not served over HTTPS. */
function makeKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
