import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import { DemoFleetProvider } from './DemoFleetProvider';

/**
 * The entities of the fleet of `npm start -- --fleet N`. Without `demo.fleet` there are none.
 *
 * They come when the task `demo-fleet` is triggered: the catalog takes entities in turn, and the demo's own
 * have to be there before users can sign in.
 */
export const demoFleet = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'demo-fleet',
  register(reg) {
    reg.registerInit({
      deps: {
        catalog: catalogProcessingExtensionPoint,
        config: coreServices.rootConfig,
        scheduler: coreServices.scheduler,
      },
      async init({ catalog, config, scheduler }) {
        const source = config.getOptionalString('demo.fleet');
        if (!source) return;
        const provider = new DemoFleetProvider({
          source,
          read: async url => (await fetch(url)).json(),
        });
        catalog.addEntityProvider(provider);
        await scheduler.scheduleTask({
          id: 'demo-fleet',
          frequency: { trigger: 'manual' },
          timeout: { minutes: 10 },
          fn: () => provider.refresh(),
        });
      },
    });
  },
});
