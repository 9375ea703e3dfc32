import type {
  LoggerService,
  SchedulerServiceTaskRunner,
} from '@backstage/backend-plugin-api';
import type {
  EntityProvider,
  EntityProviderConnection,
} from '@backstage/plugin-catalog-node';
import { LOCATION } from './annotations';
import { errorText } from './errorText';
import type { KnownLinks } from './KnownLinks';
import type { Offer } from './makeOffer';
import type { Refresher } from './Refresher';

/** The catalog knows the entities of the module by this name. */
export const PROVIDER_NAME = 'acr-cmk';

interface ProviderDeps {
  schedule: SchedulerServiceTaskRunner;
  offers: { read(): Promise<Offer> };
  links: Pick<KnownLinks, 'store'>;
  refresher: Pick<Refresher, 'connect'>;
  logger: Pick<LoggerService, 'info' | 'warn' | 'debug'>;
}

/**
 * Offers registries, keys and vaults as entities. The catalog compares each with what it has and
 * processes only those that differ. Entities that are not in an offer stay, unless the offer lists them as
 * removed.
 */
export class AcrCmkEntityProvider implements EntityProvider {
  readonly #deps: ProviderDeps;

  constructor(deps: ProviderDeps) {
    this.#deps = deps;
  }

  getProviderName(): string {
    return PROVIDER_NAME;
  }

  async connect(connection: EntityProviderConnection): Promise<void> {
    this.#deps.refresher.connect(connection);
    await this.#deps.schedule.run({
      id: 'acr-cmk-catalog',
      fn: async () => {
        await this.run(connection);
      },
    });
  }

  /** Offers the present entities. If the inventory cannot be read, the catalog stays unchanged. */
  async run(connection: EntityProviderConnection): Promise<void> {
    const { logger } = this.#deps;
    let offer: Offer;
    try {
      offer = await this.#deps.offers.read();
    } catch (error) {
      logger.warn(
        `The catalog stays as it is: the inventory could not be read (${errorText(
          error,
        )})`,
      );
      return;
    }
    const { entities, removed, links } = offer;
    await connection.applyMutation({
      type: 'delta',
      added: entities.map(entity => ({ entity, locationKey: LOCATION })),
      removed: removed.map(entityRef => ({ entityRef, locationKey: LOCATION })),
    });
    await this.#deps.links.store(links);
    const message = `Offered ${entities.length} entities, removed ${removed.length}`;
    if (removed.length > 0) logger.info(message);
    else logger.debug(message);
  }
}
