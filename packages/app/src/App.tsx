import { createApp } from '@backstage/frontend-defaults';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import catalogGraphPlugin from '@backstage/plugin-catalog-graph/alpha';
import orgPlugin from '@backstage/plugin-org/alpha';
import scaffolderPlugin from '@backstage/plugin-scaffolder/alpha';
import signalsPlugin from '@backstage/plugin-signals/alpha';
import userSettingsPlugin from '@backstage/plugin-user-settings/alpha';
import acrCmkPlugin from 'backstage-plugin-acr-cmk';
import acrCmkTemplateFields from 'backstage-plugin-acr-cmk/scaffolder';
import acrCmkTranslations from 'backstage-plugin-acr-cmk/translations';
import { navModule } from './modules/nav';
import { signInModule } from './modules/signIn';

export default createApp({
  features: [
    catalogPlugin,
    catalogGraphPlugin,
    orgPlugin,
    scaffolderPlugin,
    signalsPlugin,
    userSettingsPlugin,
    acrCmkPlugin,
    acrCmkTemplateFields,
    acrCmkTranslations,
    navModule,
    signInModule,
  ],
});
