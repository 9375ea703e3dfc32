import VpnKeyIcon from '@material-ui/icons/VpnKey';
import { fetchApiRef } from '@backstage/core-plugin-api';
import {
  ApiBlueprint,
  createFrontendPlugin,
  PageBlueprint,
  SubPageBlueprint,
} from '@backstage/frontend-plugin-api';
import { AcrCmkClient } from 'backstage-plugin-acr-cmk-common';
import { acrCmkApiRef } from './api';
import { encryptionContent, overviewCard } from './entityExtensions';
import { acrCmkCardTranslationRef } from './translations/card';

const api = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: acrCmkApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new AcrCmkClient({ fetch: fetchApi.fetch }),
    }),
});

/**
 * Without a title of its own, so it is not in the navigation: what it holds is for those who operate
 * the portal. No `if` by permission either: with one, no portal starts while permissions cannot be asked.
 */
const page = PageBlueprint.make({ params: { path: '/acr-cmk' } });

const installation = SubPageBlueprint.make({
  name: 'installation',
  params: {
    path: 'installation',
    title: acrCmkCardTranslationRef('page.installation'),
    loader: () =>
      import('./components/InstallationCheck').then(m => (
        <m.InstallationCheck />
      )),
  },
});

/**
 * Encryption keys of Azure Container Registries: the tab and the card of the entity page, the page
 * for those who operate the portal, and the client of the backend.
 *
 * @public
 */
export const acrCmkPlugin = createFrontendPlugin({
  pluginId: 'acr-cmk',
  title: 'Registry encryption',
  icon: <VpnKeyIcon />,
  info: { packageJson: () => import('../package.json') },
  extensions: [api, encryptionContent, overviewCard, page, installation],
});
