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
import { homeWidget } from './homeExtension';
import { pageViews, type PagePath } from './pageViews';
import { docsRouteRef, pageRouteRef } from './routes';
import { titleOf } from './translations/titleOf';

const api = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: acrCmkApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new AcrCmkClient({ fetch: fetchApi.fetch }),
    }),
});

/**
 * In the navigation for everybody: the backend shows each person what they may see. No `if` by
 * permission: with one, no portal starts while the permission backend is down.
 */
const page = PageBlueprint.make({
  params: {
    path: '/acr-cmk',
    title: titleOf('page.title'),
    icon: <VpnKeyIcon />,
    routeRef: pageRouteRef,
  },
});

function subPage<Path extends PagePath>(path: Path) {
  return SubPageBlueprint.make({
    name: path,
    params: {
      path,
      title: titleOf(`page.${path}`),
      loader: async () => {
        const View = await pageViews[path]();
        return <View />;
      },
    },
  });
}

/**
 * Encryption keys of Azure Container Registries: the tab and the card of the entity page, the page
 * of all registries, the card of the home page, and the client of the backend.
 *
 * @public
 */
export const acrCmkPlugin = createFrontendPlugin({
  pluginId: 'acr-cmk',
  title: 'Registry keys',
  icon: <VpnKeyIcon />,
  routes: { page: pageRouteRef },
  externalRoutes: { docs: docsRouteRef },
  info: { packageJson: () => import('../package.json') },
  extensions: [
    api,
    encryptionContent,
    overviewCard,
    homeWidget,
    page,
    subPage('registries'),
    subPage('keys'),
    subPage('calendar'),
    subPage('campaigns'),
    subPage('waiting'),
    subPage('installation'),
  ],
});
