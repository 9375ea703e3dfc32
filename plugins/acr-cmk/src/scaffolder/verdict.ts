import type { ApiHolder } from '@backstage/core-plugin-api';
import { acrCmkApiRef, type AcrCmkApi } from '../api';
import { missingPermission, readRefusal } from '../hooks/refusal';
import type { Texts } from './form';

/** Verdict on a value. Only `fine` lets the form continue; `waits` means that another value is needed first. */
export interface Verdict {
  status: 'fine' | 'wrong' | 'unknown' | 'waits';
  /** A sentence for the person. */
  text: string;
  /** Entity that already has the name. */
  entityRef?: string;
}

export const fine = (text = ''): Verdict => ({ status: 'fine', text });
export const wrong = (text: string): Verdict => ({ status: 'wrong', text });

/** Context in which a value is judged. */
export interface Circumstances<Options> {
  apis: ApiHolder;
  t: Texts;
  /** Every value of the form so far, also of earlier pages. */
  form: unknown;
  /** `ui:options` of the field. */
  options: Options;
  signal?: AbortSignal;
}

/** Judges a value. */
export type Judge<Value, Options> = (
  value: Value,
  circumstances: Circumstances<Options> & { api: AcrCmkApi },
) => Promise<Verdict>;

/** Runs a judge; a failure is the verdict `unknown` or `wrong`, never `fine`. */
export async function judged<Value, Options>(
  judge: Judge<Value, Options>,
  value: Value,
  circumstances: Circumstances<Options>,
): Promise<Verdict> {
  const { apis, t, signal } = circumstances;
  try {
    return await judge(value, {
      ...circumstances,
      api: apis.get(acrCmkApiRef)!,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    const denied = missingPermission(error);
    return denied
      ? wrong(denied.message)
      : {
          status: 'unknown',
          text: t('fields.notChecked', { message: readRefusal(error).message }),
        };
  }
}
