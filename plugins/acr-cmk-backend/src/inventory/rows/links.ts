import type { RegistryId } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { Clock } from '../../platform/database/clock';
import type { LinkRow } from '../../platform/database/tables';
import { fleetChanged } from './fleetChanges';
import type { ListingRows } from './listings';
import { batchesOf, findInBatches } from '../../platform/database/batches';
import { lower } from '../../platform/text';

/** One entity behind a registry. */
export interface Link {
  /** ARM id, lower case. */
  registryId: string;
  entityRef: string;
  owner?: string;
}

/** An entity, with the registries that its annotations name. */
export interface EntityLinks {
  entityRef: string;
  owner?: string;
  registries: readonly RegistryId[];
}

/** Result of the last reading of the whole catalog. */
export interface Swept {
  /** Time when it began, by our clock. Epoch milliseconds. */
  startedAt: number;
  /** Entities with an annotation of ours. */
  items: number;
}

const annotations = (db: Knex) => db('links').where({ source: 'annotation' });

/** A text of links, to compare them by. */
function namesOf(
  links: readonly Pick<LinkRow, 'registry_id' | 'entity_ref' | 'owner'>[],
): string {
  return links
    .map(link => `${link.registry_id} ${link.entity_ref} ${link.owner}`)
    .sort()
    .join('\n');
}

interface LinkRowsDeps {
  db: Knex;
  clock: Pick<Clock, 'now'>;
  listings: ListingRows;
}

/**
 * Rows of what entities name, from annotations, and of what registries' tags name. They say whom to
 * ask the catalog about; nobody is authorised by them.
 */
export class LinkRows {
  readonly #deps: LinkRowsDeps;

  constructor(deps: LinkRowsDeps) {
    this.#deps = deps;
  }

  /** Writes only when something differs, since every view of the entity comes by. */
  async refresh(entity: EntityLinks): Promise<void> {
    const kept = await annotations(this.#deps.db)
      .where({ entity_ref: lower(entity.entityRef) })
      .select('registry_id', 'owner');
    const owner = entity.owner ? lower(entity.owner) : null;
    const ids = new Set(entity.registries.map(({ key }) => key));
    const isSame =
      kept.length === ids.size &&
      kept.every(row => ids.has(row.registry_id) && row.owner === owner);
    if (!isSame) await this.keep([entity], await this.#deps.clock.now());
  }

  async swept({ items, startedAt }: Swept): Promise<void> {
    await this.#deps.listings.keep('links', 'catalog', {
      items,
      readAt: startedAt,
      azureAt: startedAt,
    });
  }

  /** The newest reading of the whole catalog; nothing when there was none. */
  async lastSweep(): Promise<Swept | undefined> {
    const [{ observedAt, value }] = await this.#deps.listings.get('links', [
      'catalog',
    ]);
    return observedAt === undefined
      ? undefined
      : { startedAt: observedAt, items: value ?? 0 };
  }

  /** Keeps what entities name now, all of it: a registry that one no longer names is dropped. */
  async keep(entities: readonly EntityLinks[], readAt: number): Promise<void> {
    for (const batch of batchesOf(entities, 50)) {
      await this.#deps.db.transaction(async trx => {
        const older = annotations(trx)
          .whereIn(
            'entity_ref',
            batch.map(({ entityRef }) => lower(entityRef)),
          )
          .where('read_at', '<=', readAt);
        const before = await older
          .clone()
          .select('registry_id', 'entity_ref', 'owner');
        await older.delete();
        const links = batch.flatMap(({ entityRef, owner, registries }) =>
          [...new Set(registries.map(({ key }) => key))].map(id => ({
            registry_id: id,
            entity_ref: lower(entityRef),
            source: 'annotation' as const,
            owner: owner ? lower(owner) : null,
            read_at: readAt,
          })),
        );
        for (const rows of batchesOf(links)) {
          await trx('links')
            .insert(rows)
            .onConflict(['registry_id', 'entity_ref', 'source'])
            .ignore();
        }
        if (namesOf(before) !== namesOf(links)) await fleetChanged(trx);
      });
    }
  }

  /** Removes what a whole sweep of the catalog, which began at `before`, did not find. */
  async removeUnseen(before: number): Promise<number> {
    return this.#deps.db.transaction(async trx => {
      const removed = await annotations(trx)
        .where('read_at', '<', before)
        .delete();
      if (removed > 0) await fleetChanged(trx);
      return removed;
    });
  }

  /** The entities that name these registries. */
  async behind(registryIds: readonly string[]): Promise<Link[]> {
    const rows = await findInBatches(registryIds, batch =>
      annotations(this.#deps.db)
        .whereIn('registry_id', batch.map(lower))
        .orderBy(['registry_id', 'entity_ref'])
        .select('registry_id', 'entity_ref', 'owner'),
    );
    return rows.map(({ registry_id, entity_ref, owner }) => ({
      registryId: registry_id,
      entityRef: entity_ref,
      ...(owner && { owner }),
    }));
  }

  /** Entities that name a registry that shares its key with one of this entity's, and those in their tags. */
  async around(entityRef: string): Promise<string[]> {
    return this.#deps
      .db('links as own')
      .where({ 'own.source': 'annotation', 'own.entity_ref': lower(entityRef) })
      .join('registries as named', 'named.id', 'own.registry_id')
      .join('registries as users', join =>
        join
          .on('users.vault_host', 'named.vault_host')
          .on('users.key_name', 'named.key_name'),
      )
      .join('links as others', 'others.registry_id', 'users.id')
      .distinct('others.entity_ref')
      .pluck('others.entity_ref');
  }

  /** Entities that the tags of these registries name. */
  async tagged(registryIds: readonly string[]): Promise<Link[]> {
    const rows = await findInBatches(registryIds, batch =>
      this.#deps
        .db('links')
        .where({ source: 'tag' })
        .whereIn('registry_id', batch.map(lower))
        .select('registry_id', 'entity_ref'),
    );
    return rows.map(({ registry_id, entity_ref }) => ({
      registryId: registry_id,
      entityRef: entity_ref,
    }));
  }

  /**
   * ARM ids of registries that entities name, at most so many: first those whose entities these own, each part in
   * the order of ids.
   */
  async linked(
    limit: number,
    ownersFirst: readonly string[] = [],
  ): Promise<string[]> {
    const named = () =>
      annotations(this.#deps.db)
        .distinct('registry_id')
        .orderBy('registry_id')
        .limit(limit)
        .pluck('registry_id');
    const own = await findInBatches(ownersFirst, batch =>
      named().whereIn('owner', batch.map(lower)),
    );
    return [...new Set([...own.sort(), ...(await named())])].slice(0, limit);
  }

  /** ARM ids of registries whose tags name one of these entities or owners. */
  async taggedWith(entityRefs: readonly string[]): Promise<string[]> {
    const ids = await findInBatches(entityRefs, batch =>
      this.#deps
        .db('links')
        .where({ source: 'tag' })
        .whereIn('entity_ref', batch.map(lower))
        .pluck('registry_id'),
    );
    return [...new Set(ids)].sort();
  }
}
