import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import {
  catalogProcessingExtensionPoint,
  catalogServiceRef,
} from '@backstage/plugin-catalog-node';
import { AcrCmkEntityProvider } from './AcrCmkEntityProvider';
import { AcrCmkRelationsProcessor } from './AcrCmkRelationsProcessor';
import { readCatalogConfig } from './config';
import { errorText } from './errorText';
import { KnownLinks } from './KnownLinks';
import { OfferReader } from './OfferReader';
import { Refresher } from './Refresher';

/**
 * The registries, keys and vaults of acr-cmk in the catalog. Does nothing without
 * `catalog.providers.acrCmk` in the configuration.
 *
 * @public
 */
export const catalogModuleAcrCmk = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'acr-cmk',
  register(env) {
    env.registerInit({
      deps: {
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        discovery: coreServices.discovery,
        logger: coreServices.logger,
        processing: catalogProcessingExtensionPoint,
        scheduler: coreServices.scheduler,
      },
      async init({ config, logger, processing, scheduler, ...ports }) {
        const settings = readCatalogConfig(config);
        if (!settings) return;
        const offers = new OfferReader({
          ports: { ...ports, fetch },
          settings,
          logger,
        });
        const refresher = new Refresher();
        const known = new KnownLinks({
          read: async () => (await offers.read()).links,
          onChange: keys => refresher.refresh(keys),
          onError: error =>
            logger.debug(
              `Relations stay as they are: the inventory could not be read (${errorText(
                error,
              )})`,
            ),
          now: Date.now,
        });
        processing.addEntityProvider(
          new AcrCmkEntityProvider({
            schedule: scheduler.createScheduledTaskRunner(settings.schedule),
            offers,
            links: known,
            refresher,
            logger,
          }),
        );
        processing.addProcessor(new AcrCmkRelationsProcessor({ known }));
      },
    });
  },
});
