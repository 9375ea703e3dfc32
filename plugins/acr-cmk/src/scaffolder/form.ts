import type { ApiHolder } from '@backstage/core-plugin-api';
import {
  translationApiRef,
  type TranslationFunction,
} from '@backstage/frontend-plugin-api';
import { acrCmkTranslationRef } from '../translations/ref';

/** The texts of the plugin in the language of the portal. */
export type Texts = TranslationFunction<(typeof acrCmkTranslationRef)['T']>;

/** The texts where there is no component. */
export function textsOf(apis: ApiHolder): Texts {
  const translations = apis.get(translationApiRef);
  if (!translations) throw new Error('This portal has no translations');
  return translations.getTranslation(acrCmkTranslationRef).t;
}

/** Value of the form at a path such as `key.vaultName`. */
export function valueAt(form: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null
          ? (value as Record<string, unknown>)[name]
          : undefined,
      form,
    );
}

/** Non-empty text of the form at a path; undefined for anything else. */
export function textAt(form: unknown, path: string): string | undefined {
  const value = valueAt(form, path);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
