import { createFrontendModule } from '@backstage/frontend-plugin-api';
import { TranslationBlueprint } from '@backstage/plugin-app-react';
import {
  acrCmkCardTranslations,
  acrCmkFleetTranslations,
  acrCmkTranslations,
} from './resources';

/**
 * The German texts, as a module of the app. The default export of the package brings it.
 *
 * @public
 */
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
    TranslationBlueprint.make({
      name: 'acr-cmk-fleet',
      params: { resource: acrCmkFleetTranslations },
    }),
  ],
});
