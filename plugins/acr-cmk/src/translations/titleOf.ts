import type { TranslationRefTuple } from '@backstage/frontend-plugin-api';
import { acrCmkCardTranslationRef, cardMessages } from './card';

/**
 * Title of an extension in the language of the portal. Before Backstage 1.57 titles are plain texts, and refs
 * cannot be called: there it is in English.
 */
export function titleOf(
  key: keyof typeof cardMessages & `${'page' | 'tab'}.${string}`,
): string | TranslationRefTuple<undefined> {
  return typeof acrCmkCardTranslationRef === 'function'
    ? acrCmkCardTranslationRef(key)
    : cardMessages[key];
}
