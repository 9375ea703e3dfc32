import type { ApiHolder } from '@backstage/core-plugin-api';
import type { CustomFieldValidator } from '@backstage/plugin-scaffolder-react';
import { missingPermission, readRefusal } from '../hooks/refusal';
import { type Texts, textsOf } from './form';

/** Verdict on a value. Only `fine` lets the form continue; `waits` means that another value is needed first. */
export interface Verdict {
  status: 'fine' | 'wrong' | 'unknown' | 'waits';
  /** A sentence for the person. */
  text: string;
  /** Entity that already has the name. */
  entityRef?: string;
}

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

/** Judges a value that is there. */
export type Judge<Value, Options> = (
  value: Value,
  circumstances: Circumstances<Options>,
) => Promise<Verdict>;

/** Runs a judge; a failure is the verdict `unknown` or `wrong`, never `fine`. */
export async function judged<Value, Options>(
  judge: Judge<Value, Options>,
  value: Value,
  circumstances: Circumstances<Options>,
): Promise<Verdict> {
  const { t, signal } = circumstances;
  try {
    return await judge(value, circumstances);
  } catch (error) {
    if (signal?.aborted) throw error;
    const denied = missingPermission(error);
    return denied
      ? { status: 'wrong', text: denied.message }
      : {
          status: 'unknown',
          text: t('fields.notChecked', { message: readRefusal(error).message }),
        };
  }
}

/** Validation of a form field: only `fine` lets the form continue. Empty values are left to the schema. */
export function validationBy<Value, Options>(
  judge: Judge<Value, Options>,
): CustomFieldValidator<Value, Options> {
  const validate = validationOfAll(judge);
  return async (value, field, context) => {
    if (value === undefined || value === null || value === '') return;
    await validate(value, field, context);
  };
}

/** Validation of a form field that also judges empty values. */
export function validationOfAll<Value, Options>(
  judge: Judge<Value, Options>,
): CustomFieldValidator<Value, Options> {
  return async (value, field, { apiHolder, formData, uiSchema }) => {
    const verdict = await judged(judge, value, {
      apis: apiHolder,
      t: textsOf(apiHolder),
      form: formData,
      options: (uiSchema?.['ui:options'] ?? {}) as Options,
    });
    if (verdict.status !== 'fine') field.addError(verdict.text);
  };
}
