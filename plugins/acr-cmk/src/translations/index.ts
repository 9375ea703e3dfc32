/**
 * The German texts, and the references by which an app can put other words in their place. The
 * package's main entry brings the default export already; the old frontend system takes
 * `acrCmkTranslations` and `acrCmkCardTranslations` among its translation resources.
 *
 * @packageDocumentation
 */
export { default } from './module';
export { acrCmkCardTranslations, acrCmkTranslations } from './resources';
export { acrCmkCardTranslationRef } from './card';
export { acrCmkTranslationRef } from './ref';
