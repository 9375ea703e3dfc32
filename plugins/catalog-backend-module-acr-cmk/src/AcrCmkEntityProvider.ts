import type {
  LoggerService,
  SchedulerServiceTaskRunner,
} from '@backstage/backend-plugin-api';
import type {
  EntityProvider,
  EntityProviderConnection,
} from '@backstage/plugin-catalog-node';
import { LOCATION } from './annotations';
import { inWords } from './inWords';
import type { KnownLinks } from './KnownLinks';
import type { Offer } from './makeOffer';
import type { Refresher } from './Refresher';

/**
 * Offers registries, keys and vaults as entities. The catalog compares each with what it has and
 * processes only those that differ. Entities that are not in an offer stay, unless the offer lists them as
 * removed.
 */
export class AcrCmkEntityProvider implements EntityProvider {
  readonly #schedule: SchedulerServiceTaskRunner;
  readonly #offers: { read(): Promise<Offer> };
  readonly #links: Pick<KnownLinks, 'take'>;
  readonly #logger: Pick<LoggerService, 'info' | 'warn' | 'debug'>;
  readonly #refresher: Pick<Refresher, 'connect'>;

  constructor(options: {
    schedule: SchedulerServiceTaskRunner;
    offers: { read(): Promise<Offer> };
    links: Pick<KnownLinks, 'take'>;
    refresher: Pick<Refresher, 'connect'>;
    logger: Pick<LoggerService, 'info' | 'warn' | 'debug'>;
  }) {
    this.#schedule = options.schedule;
    this.#offers = options.offers;
    this.#links = options.links;
    this.#refresher = options.refresher;
    this.#logger = options.logger;
  }

  getProviderName(): string {
    return 'acr-cmk';
  }

  async connect(connection: EntityProviderConnection): Promise<void> {
    this.#refresher.connect(connection);
    await this.#schedule.run({
      id: 'acr-cmk-catalog',
      fn: async () => {
        await this.run(connection);
      },
    });
  }

  /** Offers what there is now. When that cannot be read, the catalog stays as it is. */
  async run(connection: EntityProviderConnection): Promise<void> {
    let offer: Offer;
    try {
      offer = await this.#offers.read();
    } catch (error) {
      this.#logger.warn(
        `The catalog stays as it is: the inventory could not be read (${inWords(
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
    await this.#links.take(links);
    const said = `Offered ${entities.length} entities, removed ${removed.length}`;
    if (removed.length > 0) this.#logger.info(said);
    else this.#logger.debug(said);
  }
}
