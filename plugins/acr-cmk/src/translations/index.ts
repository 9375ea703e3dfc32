/**
 * The German texts. The new frontend system takes the default export as a feature; the old one
 * takes `acrCmkTranslations` among its translation resources.
 *
 * @packageDocumentation
 */
import {
  createFrontendModule,
  createTranslationResource,
} from '@backstage/frontend-plugin-api';
import { TranslationBlueprint } from '@backstage/plugin-app-react';
import { acrCmkTranslationRef } from './ref';

/** @public */
export const acrCmkTranslations = createTranslationResource({
  ref: acrCmkTranslationRef,
  translations: { de: () => import('./de') },
});

/** @public */
export default createFrontendModule({
  pluginId: 'app',
  extensions: [
    TranslationBlueprint.make({
      name: 'acr-cmk',
      params: { resource: acrCmkTranslations },
    }),
  ],
});

export { acrCmkTranslationRef } from './ref';
