/**
 * The German texts. The new frontend system takes the default export as a feature; the old one
 * takes `acrCmkTranslations` and `acrCmkCardTranslations` among its translation resources.
 *
 * @packageDocumentation
 */
import {
  createFrontendModule,
  createTranslationResource,
} from '@backstage/frontend-plugin-api';
import { TranslationBlueprint } from '@backstage/plugin-app-react';
import { acrCmkCardTranslationRef } from './card';
import { acrCmkTranslationRef } from './ref';

/** @public */
export const acrCmkTranslations = createTranslationResource({
  ref: acrCmkTranslationRef,
  translations: { de: () => import('./de') },
});

/** @public */
export const acrCmkCardTranslations = createTranslationResource({
  ref: acrCmkCardTranslationRef,
  translations: { de: () => import('./cardDe') },
});

/** @public */
export default createFrontendModule({
  pluginId: 'app',
  extensions: [
    TranslationBlueprint.make({
      name: 'acr-cmk',
      params: { resource: acrCmkTranslations },
    }),
    TranslationBlueprint.make({
      name: 'acr-cmk-card',
      params: { resource: acrCmkCardTranslations },
    }),
  ],
});

export { acrCmkCardTranslationRef } from './card';
export { acrCmkTranslationRef } from './ref';
