import type { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { makeOffer, type Offer, type OfferSettings } from './makeOffer';
import { type CatalogPorts, existingOf, readAnnotated } from './readAnnotated';
import { isFirstReading, type Ports, readInventory } from './readInventory';

interface OfferReaderDeps {
  ports: Ports & CatalogPorts;
  settings: OfferSettings;
  logger: Pick<LoggerService, 'warn'>;
}

/** Reads the inventory and the catalog, and makes the offer. */
export class OfferReader {
  readonly #deps: OfferReaderDeps;
  /** Last warning: each is logged once, until it changes. */
  #warned = '';

  constructor(deps: OfferReaderDeps) {
    this.#deps = deps;
  }

  /**
   * Whether the inventory is being read for the first time.
   *
   * @throws when it does not answer
   */
  isFirstReading(): Promise<boolean> {
    return isFirstReading(this.#deps.ports);
  }

  /** @throws when one of the two does not answer, or not to the end */
  async read(): Promise<Offer> {
    const { ports, settings } = this.#deps;
    const inventory = await readInventory(ports, settings.ownerTags);
    const annotated = await readAnnotated(ports);
    const free = makeOffer(inventory, annotated, {
      settings,
      taken: new Set(),
    });
    const own = new Set(annotated.own.map(({ ref }) => ref));
    const taken = await existingOf(
      free.entities
        .map(entity => stringifyEntityRef(entity))
        .filter(ref => !own.has(ref)),
      ports,
    );
    const offer =
      taken.size === 0
        ? free
        : makeOffer(inventory, annotated, { settings, taken });
    this.#warn(offer, inventory.malformed);
    return offer;
  }

  #warn(
    { taken, malformedOwners }: Offer,
    malformed: { count: number; example?: string },
  ) {
    const problems = [
      ...(malformed.count > 0
        ? [
            `${malformed.count} malformed records of the inventory are left out, the first because ${malformed.example}`,
          ]
        : []),
      ...(malformedOwners > 0
        ? [
            `${malformedOwners} tags that should name an owner hold no entity ref; ${
              this.#deps.settings.defaultOwner
            } stands in where no other tag does`,
          ]
        : []),
      ...(taken.length > 0
        ? [
            `${taken.length} names are taken by entities of others, the first by ${taken[0]}: annotate that one if it stands for the same, or set catalog.providers.acrCmk.namespace`,
          ]
        : []),
    ].join('. ');
    if (problems !== '' && problems !== this.#warned) {
      this.#deps.logger.warn(problems);
    }
    this.#warned = problems;
  }
}
