import { createFrontendModule } from '@backstage/frontend-plugin-api';
import { TranslationBlueprint } from '@backstage/plugin-app-react';
import { acrCmkCardTranslations, acrCmkTranslations } from './resources';

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
