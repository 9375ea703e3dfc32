/**
 * The German texts, and the references by which an app can put other words in their place. The
 * package's main entry brings the default export already; the old frontend system takes
 * `acrCmkTranslations`, `acrCmkCardTranslations` and `acrCmkFleetTranslations` among its translation resources.
 *
 * @packageDocumentation
 */
export { default } from './module';
export {
  acrCmkCardTranslations,
  acrCmkFleetTranslations,
  acrCmkTranslations,
} from './resources';
export { acrCmkCardTranslationRef } from './card';
export { acrCmkFleetTranslationRef } from './fleet';
export { acrCmkTranslationRef } from './ref';
