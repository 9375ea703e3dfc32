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

const subPages = [
  SubPageBlueprint.make({
    name: 'registries',
    params: {
      path: 'registries',
      title: titleOf('page.registries'),
      loader: () =>
        import('./components/FleetPage/FleetRegistries').then(m => (
          <m.FleetRegistries />
        )),
    },
  }),
  SubPageBlueprint.make({
    name: 'keys',
    params: {
      path: 'keys',
      title: titleOf('page.keys'),
      loader: () =>
        import('./components/FleetPage/FleetKeys').then(m => <m.FleetKeys />),
    },
  }),
  SubPageBlueprint.make({
    name: 'calendar',
    params: {
      path: 'calendar',
      title: titleOf('page.calendar'),
      loader: () =>
        import('./components/FleetPage/FleetCalendar').then(m => (
          <m.FleetCalendar />
        )),
    },
  }),
  SubPageBlueprint.make({
    name: 'campaigns',
    params: {
      path: 'campaigns',
      title: titleOf('page.campaigns'),
      loader: () => import('./components/Campaigns').then(m => <m.Campaigns />),
    },
  }),
  SubPageBlueprint.make({
    name: 'waiting',
    params: {
      path: 'waiting',
      title: titleOf('page.waiting'),
      loader: () =>
        import('./components/FleetPage/FleetWaiting').then(m => (
          <m.FleetWaiting />
        )),
    },
  }),
  SubPageBlueprint.make({
    name: 'installation',
    params: {
      path: 'installation',
      title: titleOf('page.installation'),
      loader: () =>
        import('./components/InstallationCheck').then(m => (
          <m.InstallationCheck />
        )),
    },
  }),
];

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
    ...subPages,
  ],
});
