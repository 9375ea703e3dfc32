import VpnKeyIcon from '@material-ui/icons/VpnKey';
import { fetchApiRef } from '@backstage/core-plugin-api';
import {
  ApiBlueprint,
  createFrontendPlugin,
} from '@backstage/frontend-plugin-api';
import { AcrCmkClient } from 'backstage-plugin-acr-cmk-common';
import { acrCmkApiRef } from './api';
import { encryptionContent, overviewCard } from './entityExtensions';

const api = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: acrCmkApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new AcrCmkClient({ fetch: fetchApi.fetch }),
    }),
});

/**
 * Encryption keys of Azure Container Registries on the entity page: the tab, the card and the
 * client of the backend.
 *
 * @public
 */
export const acrCmkPlugin = createFrontendPlugin({
  pluginId: 'acr-cmk',
  title: 'Registry encryption',
  icon: <VpnKeyIcon />,
  info: { packageJson: () => import('../package.json') },
  extensions: [api, encryptionContent, overviewCard],
});
