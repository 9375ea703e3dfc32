import type {
  LoggerService,
  SchedulerServiceTaskRunner,
} from '@backstage/backend-plugin-api';
import type { Entity } from '@backstage/catalog-model';
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

/**
 * Entities that are offered or removed at once, and the time between two such portions, in milliseconds. The catalog
 * works off all that it is given in the thread that also answers people, 2 ms for each entity: half of that thread,
 * then. Our choice.
 */
const PORTION = 250;
const PORTIONS_APART_MS = 1_000;
/** Interval of the checks whether the first reading of the inventory has ended. Milliseconds. Our choice. */
const CHECK_EVERY_MS = 5_000;

interface ProviderDeps {
  schedule: SchedulerServiceTaskRunner;
  offers: { read(): Promise<Offer>; isFirstReading(): Promise<boolean> };
  links: Pick<KnownLinks, 'store'>;
  refresher: Pick<Refresher, 'connect'>;
  /** Waits; less when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  logger: Pick<LoggerService, 'info' | 'warn' | 'debug'>;
}

/**
 * Offers registries, keys and vaults as entities. The catalog compares each with what it has and
 * processes only those that differ. Entities that are not in an offer stay, unless the offer lists them as
 * removed.
 */
export class AcrCmkEntityProvider implements EntityProvider {
  readonly #deps: ProviderDeps;
  /** A run has waited for the first reading. */
  #hasWaited = false;

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
      fn: signal => this.run(connection, signal),
    });
  }

  /**
   * Offers the present entities, the rest of them at once when the signal aborts. If the inventory cannot be read,
   * the catalog stays unchanged; so it does when the signal aborts during the first reading.
   */
  async run(
    connection: EntityProviderConnection,
    signal: AbortSignal,
  ): Promise<void> {
    const { logger } = this.#deps;
    let offer: Offer;
    try {
      if (!(await this.#untilRead(signal))) {
        logger.debug('The catalog waits for the first reading to end');
        return;
      }
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
    // Removed at the end, so that what got another name is never missing.
    let left: { entity?: Entity; entityRef?: string }[] = [
      ...entities.map(entity => ({ entity })),
      ...removed.map(entityRef => ({ entityRef })),
    ];
    do {
      const portion = left.slice(0, signal.aborted ? undefined : PORTION);
      left = left.slice(portion.length);
      await connection.applyMutation({
        type: 'delta',
        added: portion.flatMap(({ entity }) =>
          entity ? [{ entity, locationKey: LOCATION }] : [],
        ),
        removed: portion.flatMap(({ entityRef }) =>
          entityRef ? [{ entityRef, locationKey: LOCATION }] : [],
        ),
      });
      if (left.length > 0) await this.#deps.sleep(PORTIONS_APART_MS, signal);
    } while (left.length > 0);
    await this.#deps.links.store(links);
    const message = `Offered ${entities.length} entities, removed ${removed.length}`;
    if (removed.length > 0) logger.info(message);
    else logger.debug(message);
  }
  /**
   * Waits until the first reading of the inventory has ended, at most one run long. Before, tags by which keys name
   * their entities are not known; and where the catalog processes entities in the thread that reads, it takes more
   * of it than the reading itself.
   *
   * @returns false when the signal aborted before: the next run offers what there is
   */
  async #untilRead(signal: AbortSignal): Promise<boolean> {
    const { offers, sleep } = this.#deps;
    while (!this.#hasWaited && (await offers.isFirstReading())) {
      if (signal.aborted) {
        this.#hasWaited = true;
        return false;
      }
      await sleep(CHECK_EVERY_MS, signal);
    }
    this.#hasWaited = true;
    return true;
  }
}
