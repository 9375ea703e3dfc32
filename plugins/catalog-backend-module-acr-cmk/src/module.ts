import { setTimeout as delay } from 'node:timers/promises';
import {
  coreServices,
  createBackendModule,
  type LoggerService,
  type RootConfigService,
} from '@backstage/backend-plugin-api';
import {
  catalogProcessingExtensionPoint,
  catalogServiceRef,
  type EntityProvider,
} from '@backstage/plugin-catalog-node';
import { documentationUrl } from 'backstage-plugin-acr-cmk-common';
import { AcrCmkEntityProvider, PROVIDER_NAME } from './AcrCmkEntityProvider';
import { AcrCmkRelationsProcessor } from './AcrCmkRelationsProcessor';
import { type CatalogConfig, readCatalogConfig } from './config';
import { errorText } from './errorText';
import { KnownLinks } from './KnownLinks';
import { OfferReader } from './OfferReader';
import { Refresher } from './Refresher';

/** Reads the settings. Wrong ones turn the module off, and not the catalog, which would not start. */
function readOrReport(
  config: RootConfigService,
  logger: LoggerService,
): CatalogConfig | 'wrong' | undefined {
  try {
    return readCatalogConfig(config);
  } catch (error) {
    logger.error(
      `The catalog module of acr-cmk is off, and its entities stay as they are, because its configuration is invalid. ${errorText(
        error,
      )}. See ${documentationUrl('docs/catalog.md')}`,
    );
    return 'wrong';
  }
}

/** Stands for the module's provider while its settings are wrong. */
const idleProvider: EntityProvider = {
  getProviderName: () => PROVIDER_NAME,
  connect: async () => undefined,
};

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
        const settings = readOrReport(config, logger);
        if (settings === 'wrong') {
          // A provider that the catalog does not know any more would lose its entities.
          processing.addEntityProvider(idleProvider);
        }
        if (!settings || settings === 'wrong') return;
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
            sleep: async (ms, signal) => {
              await delay(ms, undefined, { signal }).catch(() => undefined);
            },
            logger,
          }),
        );
        processing.addProcessor(new AcrCmkRelationsProcessor({ known }));
      },
    });
  },
});
