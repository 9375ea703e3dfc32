import { setTimeout as delay } from 'node:timers/promises';
import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { scaffolderActionsExtensionPoint } from '@backstage/plugin-scaffolder-node';
import { createActions } from './actions';

/**
 * The scaffolder actions of acr-cmk.
 *
 * @public
 */
export const scaffolderModuleAcrCmk = createBackendModule({
  pluginId: 'scaffolder',
  moduleId: 'acr-cmk',
  register(env) {
    env.registerInit({
      deps: {
        actions: scaffolderActionsExtensionPoint,
        auth: coreServices.auth,
        discovery: coreServices.discovery,
      },
      async init({ actions, auth, discovery }) {
        actions.addActions(
          ...createActions({
            auth,
            discovery,
            fetch,
            sleep: (ms, signal) =>
              delay(ms, undefined, { signal }).catch(() => undefined),
          }),
        );
      },
    });
  },
});
